-- The line's moves, one call each: project what was committed, or offered, and decide on it; or decide
-- for a class. Ids and ranks come as strings and stay so: Lua's numbers would lose digits. Keys are
-- derived from the ids (contactcenter/kernel/keys.py); a sharded Redis cluster is not supported.
-- ARGV[1] names the move.
-- The script is three files, one after the other: stands.lua, why.lua and this one.

local FAR = 100  -- how many heads of a class are looked at where an agent declined the first ones

local rebuilt = redis.call('EXISTS', 'rebuilt') == 1  -- wiped, the order is not known yet
local taken = {}  -- who is given something in this call

-- The best-ranked contact of a line that this agent did not decline: its head, its id, its name there.
local function first_of(line, id)
  local from, to = 0, 0  -- nearly always the first one tells
  while from < FAR do
    local found = redis.call('ZRANGE', line, from, to, 'WITHSCORES')
    for i = 1, #found, 2 do
      local contact_id = string.gsub(found[i], '^0+', '')
      local passed = redis.call('HGET', 'waiting:' .. contact_id, 'passed')
      if not string.find(passed or '', ' ' .. id .. ' ', 1, true) then
        return head(found[i + 1], found[i]), contact_id, found[i]
      end
    end
    if #found < 2 * (to - from + 1) then return nil end
    from, to = to + 1, to + 10
  end
end

-- The best-ranked contact of all lines that this agent may, can and did not decline: its id, the line,
-- its name there. The best of the heads is looked at closely; where it is declined or no longer there,
-- the next of its line stands for it.
local function choice(about, id)
  local classes = about.list and cmsgpack.unpack(about.list) or list_of(about.classes)
  local sets = {has_room(about) and 'line:' or 'live:', tonumber(about.firm) == 0 and 'whole:' or nil}
  local known = {}
  for n, of in ipairs(sets) do known[n] = read_heads(of, classes) end
  local own = {}  -- heads of lines whose first ones this agent declined
  while true do
    local best, set_at, class_at = nil, nil, nil
    for n = 1, #sets do
      local firsts, mine = known[n], own[n]
      for i = 1, #classes do
        local first = mine and mine[classes[i]]
        if first == nil then first = firsts[classes[i]] end
        if first and (not best or first < best) then best, set_at, class_at = first, n, classes[i] end
      end
    end
    if not best then return nil end
    local now, contact_id, name = first_of(sets[set_at] .. class_at, id)
    if now == best then return contact_id, sets[set_at], class_at, name end
    note_head(sets[set_at], class_at)
    own[set_at] = own[set_at] or {}
    own[set_at][class_at] = now or false
  end
end

-- What this agent is given now: {agent, contact, why}.
local function best(id)
  local about = rebuilt and not taken[id] and agent_of(id)
  if not about or about.open ~= '1' then return nil end
  local found, of, class, name = choice(about, id)
  if not found then return nil end
  -- Both are taken out, so that no other node decides on them; the commit's projection, or the
  -- reconciler where the node dies, puts them where they belong.
  local stands = redis.call('HMGET', 'waiting:' .. found, 'classes', 'exclusive', 'passed')
  -- Of one that nobody knows any more, or an older release projected, the line alone tells the class.
  local classes = stands[1] or class
  local why = explained(id, classes, stands)
  leave_line(found, classes, stands[2])
  if redis.call('ZREM', of .. class, name) == 1 then note_head(of, class) end
  redis.call('HSET', 'agent:' .. id, 'open', '0')
  redis.call('SADD', 'giving', id)
  taken[id] = true
  return {id, found, why}
end

-- The first agent of a set, by level and then by idle time, who has something to take, of those
-- with nothing in `empty` (load, firm), where that is given.
local function first(set, empty)
  local from, ids = 0, nil
  repeat
    ids = redis.call('ZRANGE', set, from, from + FAR - 1)
    for _, id in ipairs(ids) do
      local may = not taken[id] and (not empty or redis.call('HGET', 'agent:' .. id, empty) == '0')
      local pair = may and best(id)
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
  for _, row in ipairs(change.agents) do agent(agent_of(row[1]), unpack(row)) end
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

-- What was offered, where nothing else is known of the agents: {contacts = ..., agents = {{id, version,
-- the version before, units}, ...}}. Returns the pairs, and the agents of whom another version stands here.
local function offered(text)
  local change, pairs_, others = cjson.decode(text), {}, {}
  for _, row in ipairs(change.contacts) do contact(unpack(row)) end
  for _, row in ipairs(change.agents) do
    local known = agent_of(row[1])
    if known.version ~= row[3] or not known.set then others[#others + 1] = row[1]
    else
      agent(known, row[1], row[2], '1', known.load + row[4] .. '', known.capacity, known.idle, known.classes, '1',
            known.firm + row[4] .. '', known.serves, '1')
      for _, part in ipairs(best(row[1]) or {}) do pairs_[#pairs_ + 1] = part end
    end
  end
  return {pairs_, others}
end

-- The heads of these classes' lines anew: a release that runs beside this one while nodes are replaced
-- does not note them.
local function note_heads(text)
  for _, class in ipairs(cjson.decode(text)) do
    for _, of in ipairs({'line:', 'whole:', 'live:'}) do note_head(of, class) end
  end
end

local moves = {project = project, decide = decide, offered = offered, heads = note_heads}
return moves[ARGV[1]](ARGV[2])
