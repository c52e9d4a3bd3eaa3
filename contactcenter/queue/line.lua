-- The line's two moves, one call each: project what was committed and decide on it, or decide for
-- a class. Ids and ranks come as strings and stay so: Lua's numbers would lose digits. Keys are
-- derived from the ids (contactcenter/kernel/keys.py); a sharded Redis cluster is not supported.
-- ARGV[1] names the move.

-- Contacts that need the whole agent stand in a set of their own, `whole:CLASS`, so that an agent with
-- something in hand sees past any number of callbacks.

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

local function set(exclusive) return exclusive == '1' and 'whole:' or 'line:' end

local function leave_line(id, classes, exclusive)
  for _, class in ipairs(split(classes)) do redis.call('ZREM', set(exclusive) .. class, member(id)) end
end

-- contact: id, version, waits (0/1), classes, rank, exclusive (0/1), passed (" 1 2 ")
local function contact(id, version, waits, classes, rank, exclusive, passed)
  local key = 'waiting:' .. id
  local known = redis.call('HMGET', key, 'version', 'classes', 'exclusive', 'requirement')
  if known[1] and tonumber(known[1]) > tonumber(version) then return 0 end
  local stood = known[2] or known[4]  -- the one class that a release before the steps knew
  if stood and (waits == '0' or stood ~= classes or known[3] ~= exclusive) then
    leave_line(id, stood, known[3])
  end
  if waits == '1' then
    redis.call('HSET', key, 'version', version, 'classes', classes, 'exclusive', exclusive, 'passed', passed)
    redis.call('PERSIST', key)
    for _, class in ipairs(split(classes)) do redis.call('ZADD', set(exclusive) .. class, rank, member(id)) end
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

-- An agent on duty stands in one of three sets of each class: `ready`, `full` or `out` (on a break, away).
local function leave_classes(id, classes)
  for class in each_class(classes) do
    redis.call('ZREM', 'ready:' .. class, id)
    redis.call('SREM', 'full:' .. class, id)
    redis.call('SREM', 'out:' .. class, id)
  end
end

local function leave_ready(id, classes)
  for class in each_class(classes) do
    redis.call('ZREM', 'ready:' .. class, id)
    redis.call('SADD', 'full:' .. class, id)
  end
end

-- agent: id, version, available (0/1), load, capacity, idle_ms, classes, on duty (0/1)
local function agent(id, version, available, load, capacity, idle, classes, on_duty)
  local key = 'agent:' .. id
  local known = redis.call('HMGET', key, 'version', 'classes')
  if known[1] and tonumber(known[1]) > tonumber(version) then return 0 end
  leave_classes(id, known[2])
  redis.call('HSET', key, 'version', version, 'load', load, 'capacity', capacity, 'classes', classes)
  redis.call(on_duty == '1' and 'SADD' or 'SREM', 'duty', id)
  if available == '1' and tonumber(load) < tonumber(capacity) then
    redis.call('HSET', key, 'open', '1')
    for class, level in each_class(classes) do  -- the best first, and of these the longest idle
      redis.call('ZADD', 'ready:' .. class, (TOP - (tonumber(level) or 1)) * WEIGHT + tonumber(idle), id)
    end
  else
    redis.call('HDEL', key, 'open')
    local among = available == '1' and 'full:' or 'out:'
    if on_duty == '1' then
      for class in each_class(classes) do redis.call('SADD', among .. class, id) end
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
-- while the contact needs a whole agent, or declined it; and the first ten others who could have had it.
-- Of the widest class in which it stands: each step opens one that holds those before it, but for
-- another queue's.
local function explained(id, classes, about)
  local names, passed, whole = split(classes), split(about[3]), about[2] == '1'
  local class = names[#names]
  local ready, runners, declined = 'ready:' .. class, {}, {}
  local counts = {
    out = redis.call('SCARD', 'out:' .. class), full = redis.call('SCARD', 'full:' .. class), busy = 0, declined = 0,
  }
  counts.unable = redis.call('SCARD', 'duty') - redis.call('ZCARD', ready) - counts.out - counts.full
  for _, other in ipairs(passed) do
    declined[other] = redis.call('ZSCORE', ready, other)
    if declined[other] then counts.declined = counts.declined + 1 end
  end
  for _, other in ipairs(redis.call('ZRANGE', ready, 0, whole and -1 or RUNNERS + #passed)) do
    if other ~= id and not declined[other] then
      if whole and redis.call('HGET', 'agent:' .. other, 'load') ~= '0' then counts.busy = counts.busy + 1
      elseif #runners < RUNNERS then runners[#runners + 1] = other
      end
    end
  end
  return cjson.encode({class = class, counts = counts, runners = runners})
end

-- The best-ranked contact of all classes and sets that this agent may, can and did not decline.
local function best(id)
  if redis.call('EXISTS', 'rebuilt') == 0 then return nil end  -- wiped: the order is not known yet
  local about = redis.call('HMGET', 'agent:' .. id, 'open', 'load', 'classes')
  if about[1] ~= '1' then return nil end
  local found = nil
  local function look(set, class)
    local name, rank, contact_id = head(set .. class, id)
    if name and (not found or rank < found.rank or (rank == found.rank and name < found.name)) then
      found = {name = name, rank = rank, line = set .. class, class = class, contact = contact_id}
    end
  end
  for class in each_class(about[3]) do
    look('line:', class)
    if tonumber(about[2]) == 0 then look('whole:', class) end
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
  leave_ready(id, about[3])
  return {id, found.contact, why}
end

-- decide for a class: its first agent who has something to take, by level and then by idle time.
local function decide(class)
  local partly = redis.call('EXISTS', 'line:' .. class) == 1
  if not partly and redis.call('EXISTS', 'whole:' .. class) == 0 then return nil end
  local from, ids = 0, nil
  repeat
    ids = redis.call('ZRANGE', 'ready:' .. class, from, from + FAR - 1)
    for _, id in ipairs(ids) do  -- who has something in hand can take no call
      local pair = (partly or redis.call('HGET', 'agent:' .. id, 'load') == '0') and best(id)
      if pair then return pair end
    end
    from = from + FAR
  until #ids < FAR
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
        local pair = not none[class] and decide(class)
        none[class] = not pair  -- nobody becomes ready while we decide
        if pair then add(pair) break end
      end
    end
  end
  return pairs_
end

local moves = {project = project, decide = decide}
return moves[ARGV[1]](ARGV[2])
