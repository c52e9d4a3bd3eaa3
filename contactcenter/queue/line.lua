-- The line's two moves, one call each: project what was committed and decide on it, or decide for
-- a class. Ids and ranks come as strings and stay so: Lua's numbers would lose digits. Keys are
-- derived from the ids (contactcenter/kernel/keys.py); a sharded Redis cluster is not supported.
-- ARGV[1] names the move.

-- Contacts that need the whole agent stand in a set of their own, `whole:CLASS`, so that an agent with
-- something in hand sees past any number of callbacks.

local TOP, WEIGHT = 3, 1e14  -- the highest level; more than any time in ms, and a double holds the sum
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
  local known = redis.call('HMGET', key, 'version', 'classes', 'exclusive')
  if known[1] and tonumber(known[1]) > tonumber(version) then return 0 end
  if known[2] and (waits == '0' or known[2] ~= classes or known[3] ~= exclusive) then
    leave_line(id, known[2], known[3])
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

-- An agent's classes are told as CLASS=LEVEL, the level being the agent's own in that class.
local function each_class(classes)
  return string.gmatch(classes or '', '([^ =]+)=(%d)')
end

local function leave_ready(id, classes)
  for class in each_class(classes) do redis.call('ZREM', 'ready:' .. class, id) end
end

-- agent: id, version, available (0/1), load, capacity, idle_ms, classes
local function agent(id, version, available, load, capacity, idle, classes)
  local key = 'agent:' .. id
  local known = redis.call('HMGET', key, 'version', 'classes')
  if known[1] and tonumber(known[1]) > tonumber(version) then return 0 end
  leave_ready(id, known[2])
  redis.call('HSET', key, 'version', version, 'load', load, 'capacity', capacity, 'classes', classes)
  if available == '1' and tonumber(load) < tonumber(capacity) then
    redis.call('HSET', key, 'open', '1')
    for class, level in each_class(classes) do  -- the best first, and of these the longest idle
      redis.call('ZADD', 'ready:' .. class, (TOP - level) * WEIGHT + tonumber(idle), id)
    end
  else
    redis.call('HDEL', key, 'open')
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

-- The best-ranked contact of all classes and sets that this agent may, can and did not decline.
local function best(id)
  if redis.call('EXISTS', 'rebuilt') == 0 then return nil end  -- wiped: the order is not known yet
  local about = redis.call('HMGET', 'agent:' .. id, 'open', 'load', 'classes')
  if about[1] ~= '1' then return nil end
  local found = nil
  local function look(line)
    local name, rank, contact_id = head(line, id)
    if name and (not found or rank < found.rank or (rank == found.rank and name < found.name)) then
      found = {name = name, rank = rank, contact = contact_id}
    end
  end
  for class in each_class(about[3]) do
    look('line:' .. class)
    if tonumber(about[2]) == 0 then look('whole:' .. class) end
  end
  if not found then return nil end
  -- Both are taken out, so that no other node decides on them; the commit's projection, or the
  -- reconciler where the node dies, puts them where they belong.
  local stands = redis.call('HMGET', 'waiting:' .. found.contact, 'classes', 'exclusive')
  leave_line(found.contact, stands[1], stands[2])
  redis.call('HDEL', 'agent:' .. id, 'open')
  leave_ready(id, about[3])
  return {id, found.contact}
end

-- decide for a class: the longest idle agent who has something to take.
local function decide(class)
  if redis.call('EXISTS', 'line:' .. class, 'whole:' .. class) == 0 then return nil end
  for _, id in ipairs(redis.call('ZRANGE', 'ready:' .. class, 0, FAR - 1)) do
    local pair = best(id)
    if pair then return pair end
  end
end

-- All of a change at once: {contacts = {{id, version, ...}, ...}, agents = {...}}. Returns what can
-- be offered now that it stands: {agent, contact, agent, contact, ...}.
local function project(text)
  local change, pairs_, none = cjson.decode(text), {}, {}
  local function add(pair)
    if pair then pairs_[#pairs_ + 1] = pair[1]; pairs_[#pairs_ + 1] = pair[2] end
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
