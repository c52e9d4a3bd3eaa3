-- The line's two moves, one call each: project what was committed and decide on it, or decide for
-- a class. Ids and ranks come as strings and stay so: Lua's numbers would lose digits. Keys are
-- derived from the ids (contactcenter/kernel/keys.py); a sharded Redis cluster is not supported.
-- ARGV[1] names the move.

-- A contact's kind: '1' needs the whole agent, '2' is live and shares one, '0' is what can wait
-- (mail). Those of kind 1 stand in a set of their own, `whole:CLASS`, so that an agent with something
-- in hand sees past any number of callbacks; those of kind 2 stand in `live:CLASS` besides, for agents
-- whose units are taken by mail, which a live contact may pause.

local TOP, WEIGHT = 3, 1e14  -- the highest level; more than any time in ms, and a double holds the sum
local RUNNERS = 10
local FAR = 100  -- how many heads of a class are looked at where an agent declined the first ones

local function member(id)  -- equal ranks are ordered by id: digits of one width sort as numbers
  return string.rep('0', 19 - #id) .. id
end

local function split(text)
  local parts = {}
  for part in string.gmatch(text or '', '[^ ]+') do parts[#parts + 1] = part end
  return parts
end

local function set(kind) return kind == '1' and 'whole:' or 'line:' end

local function leave_line(id, classes, kind)
  for _, class in ipairs(split(classes)) do
    redis.call('ZREM', set(kind) .. class, member(id))
    if kind == '2' then redis.call('ZREM', 'live:' .. class, member(id)) end
  end
end

-- contact: id, version, waits (0/1), classes, rank, kind, passed (" 1 2 ")
local function contact(id, version, waits, classes, rank, kind, passed)
  local key = 'waiting:' .. id
  local known = redis.call('HMGET', key, 'version', 'classes', 'exclusive', 'requirement')
  if known[1] and tonumber(known[1]) > tonumber(version) then return 0 end
  local stood = known[2] or known[4]  -- the one class that a release before the steps knew
  if stood and (waits == '0' or stood ~= classes or known[3] ~= kind) then
    leave_line(id, stood, known[3])
  end
  if waits == '1' then
    redis.call('HSET', key, 'version', version, 'classes', classes, 'exclusive', kind, 'passed', passed)
    redis.call('PERSIST', key)
    for _, class in ipairs(split(classes)) do
      redis.call('ZADD', set(kind) .. class, rank, member(id))
      if kind == '2' then redis.call('ZADD', 'live:' .. class, rank, member(id)) end
    end
  else
    redis.call('DEL', key)
    redis.call('HSET', key, 'version', version)  -- an older projection must not bring it back
    redis.call('EXPIRE', key, 60)
  end
  return 1
end

-- An agent's classes are told as CLASS=LEVEL, the level being the agent's own in that class; by a
-- release before the levels, which runs beside this one while nodes are replaced, without.
local function each_class(classes)
  return string.gmatch(classes or '', '([^ =]+)=?(%d?)')
end

-- An agent on duty stands in one of four sets of each class: `ready`, `mail` (room for live contacts
-- alone, beside mail), `full` or `out` (on a break, away).
local function leave_classes(id, classes, among)
  for class in each_class(classes) do
    redis.call('ZREM', among .. class, id)
    redis.call('SREM', 'full:' .. class, id)
    redis.call('SREM', 'out:' .. class, id)
  end
end

local function leave_ready(id, classes, among)
  for class in each_class(classes) do
    redis.call('ZREM', among .. class, id)
    redis.call('SADD', 'full:' .. class, id)
  end
end

local function has_room(about) return tonumber(about.load) < tonumber(about.capacity) end
local function among(about) return has_room(about) and 'ready:' or 'mail:' end

-- An agent as projected; `firm` is the load without the mail that a live contact may pause.
local function agent_of(id)
  local kept = redis.call('HMGET', 'agent:' .. id, 'version', 'classes', 'open', 'load', 'capacity', 'firm')
  return {version = kept[1], classes = kept[2], open = kept[3], load = kept[4] or '0', capacity = kept[5] or '1',
          firm = kept[6] or kept[4]}
end

-- agent: id, version, available (0/1), load, capacity, idle_ms, classes, on duty (0/1), firm
local function agent(id, version, available, load, capacity, idle, classes, on_duty, firm)
  local key, known, now = 'agent:' .. id, agent_of(id), {load = load, capacity = capacity}
  if known.version and tonumber(known.version) > tonumber(version) then return 0 end
  leave_classes(id, known.classes, among(known))
  redis.call('HSET', key, 'version', version, 'load', load, 'capacity', capacity, 'classes', classes, 'firm', firm)
  redis.call(on_duty == '1' and 'SADD' or 'SREM', 'duty', id)
  if available == '1' and tonumber(firm) < tonumber(capacity) then
    redis.call('HSET', key, 'open', '1')
    for class, level in each_class(classes) do  -- the best first, and of these the longest idle
      redis.call('ZADD', among(now) .. class, (TOP - (tonumber(level) or 1)) * WEIGHT + tonumber(idle), id)
    end
  else
    redis.call('HDEL', key, 'open')
    local others = available == '1' and 'full:' or 'out:'
    if on_duty == '1' then
      for class in each_class(classes) do redis.call('SADD', others .. class, id) end
    end
  end
  return 1
end

-- The best-ranked contact of a set that this agent did not decline.
local function head(line, id)
  for from = 0, FAR - 1, 10 do
    local found = redis.call('ZRANGE', line, from, from + 9, 'WITHSCORES')
    if #found == 0 then return nil end
    for i = 1, #found, 2 do
      local contact_id = string.gsub(found[i], '^0+', '')
      local passed = redis.call('HGET', 'waiting:' .. contact_id, 'passed')
      if not string.find(passed or '', ' ' .. id .. ' ', 1, true) then
        return found[i], tonumber(found[i + 1]), contact_id
      end
    end
  end
end

-- Why nobody else: how many agents on duty lack the skill, are out, are full, have something in hand
-- while the contact needs a whole agent, or declined it; and the first ten others who could have had
-- it, those whose mail it would pause after all others.
-- Of the widest class in which it stands: each step opens one that holds those before it, but for
-- another queue's.
local function explained(id, classes, about)
  local names, kind, passed = split(classes), about[2], split(about[3])
  local class = names[#names]
  local ready, mail, runners, later, declined = 'ready:' .. class, 'mail:' .. class, {}, {}, {}
  local counts = {
    out = redis.call('SCARD', 'out:' .. class), full = redis.call('SCARD', 'full:' .. class), busy = 0, declined = 0,
  }
  local mailing = redis.call('ZCARD', mail)
  counts.unable = redis.call('SCARD', 'duty') - redis.call('ZCARD', ready) - mailing - counts.out - counts.full
  if kind ~= '1' and kind ~= '2' then counts.full = counts.full + mailing end
  for _, other in ipairs(passed) do
    declined[other] = redis.call('ZSCORE', ready, other) or kind ~= '0' and redis.call('ZSCORE', mail, other)
    if declined[other] then counts.declined = counts.declined + 1 end
  end
  local function count(set, pauses)
    for _, other in ipairs(redis.call('ZRANGE', set, 0, kind == '1' and -1 or RUNNERS + #passed)) do
      if other ~= id and not declined[other] then
        local held = kind == '1' and redis.call('HMGET', 'agent:' .. other, 'load', 'firm') or {'0', '0'}
        local among = (pauses or held[1] ~= '0') and later or runners
        if (held[2] or held[1]) ~= '0' then counts.busy = counts.busy + 1
        elseif #among < RUNNERS then among[#among + 1] = other
        end
      end
    end
  end
  count(ready, false)
  if kind ~= '0' and mailing > 0 then count(mail, true) end
  for _, other in ipairs(later) do
    if #runners < RUNNERS then runners[#runners + 1] = other end
  end
  return cjson.encode({class = class, counts = counts, runners = runners})
end

-- The best-ranked contact of all classes and sets that this agent may, can and did not decline.
local function best(id)
  if redis.call('EXISTS', 'rebuilt') == 0 then return nil end  -- wiped: the order is not known yet
  local about = agent_of(id)
  if about.open ~= '1' then return nil end
  local found = nil
  local function look(set, class)
    local name, rank, contact_id = head(set .. class, id)
    if name and (not found or rank < found.rank or (rank == found.rank and name < found.name)) then
      found = {name = name, rank = rank, line = set .. class, class = class, contact = contact_id}
    end
  end
  local shared, whole = has_room(about) and 'line:' or 'live:', tonumber(about.firm) == 0
  for class in each_class(about.classes) do
    look(shared, class)
    if whole then look('whole:', class) end
  end
  if not found then return nil end
  -- Both are taken out, so that no other node decides on them; the commit's projection, or the
  -- reconciler where the node dies, puts them where they belong.
  local stands = redis.call('HMGET', 'waiting:' .. found.contact, 'classes', 'exclusive', 'passed')
  local classes = stands[1] or found.class  -- of one that nobody knows any more, or an older release projected
  local why = explained(id, classes, stands)
  leave_line(found.contact, classes, stands[2])
  redis.call('ZREM', found.line, found.name)
  redis.call('HDEL', 'agent:' .. id, 'open')
  leave_ready(id, about.classes, among(about))
  return {id, found.contact, why}
end

-- The first agent of a set, by level and then by idle time, who has something to take, of those
-- with nothing in `empty` (load, firm), where that is given.
local function first(set, empty)
  local from, ids = 0, nil
  repeat
    ids = redis.call('ZRANGE', set, from, from + FAR - 1)
    for _, id in ipairs(ids) do
      local pair = (not empty or redis.call('HGET', 'agent:' .. id, empty) == '0') and best(id)
      if pair then return pair end
    end
    from = from + FAR
  until #ids < FAR
end

-- decide for the contacts of one kind in a class: who need pause nothing for them comes first.
local function decide_kind(class, kind)
  if redis.call('EXISTS', set(kind) .. class) == 0 then return nil end
  local ready, mail = 'ready:' .. class, 'mail:' .. class
  if kind == '1' then return first(ready, 'load') or first(ready, 'firm') or first(mail, 'firm') end
  return first(ready) or kind == '2' and redis.call('EXISTS', 'live:' .. class) == 1 and first(mail) or nil
end

local function decide(class)
  return decide_kind(class, '1') or decide_kind(class, '2')
end

-- All of a change at once: {contacts = {{id, version, ...}, ...}, agents = {...}}. Returns what can
-- be offered now that it stands: {agent, contact, why, agent, contact, why, ...}.
local function project(text)
  local change, pairs_, none = cjson.decode(text), {}, {}
  local function add(pair)
    for _, part in ipairs(pair or {}) do pairs_[#pairs_ + 1] = part end
  end
  for _, row in ipairs(change.contacts) do contact(unpack(row)) end
  for _, row in ipairs(change.agents) do agent(unpack(row)) end
  for _, row in ipairs(change.agents) do add(best(row[1])) end
  for _, row in ipairs(change.contacts) do
    if row[3] == '1' then
      for _, class in ipairs(split(row[4])) do
        local pair = not none[row[6] .. class] and decide_kind(class, row[6])
        none[row[6] .. class] = not pair  -- nobody becomes ready while we decide
        if pair then add(pair) break end
      end
    end
  end
  return pairs_
end

local moves = {project = project, decide = decide}
return moves[ARGV[1]](ARGV[2])
