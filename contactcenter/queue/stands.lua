-- Where contacts wait and where agents stand: the first part of the line's script (line.lua is the last).

-- A contact's kind: '1' needs the whole agent, '2' is live and shares one, '0' is what can wait
-- (mail). Those of kind 1 stand in a set of their own, `whole:CLASS`, so that an agent with something
-- in hand sees past any number of callbacks; those of kind 2 stand in `live:CLASS` besides, for agents
-- whose units are taken by mail, which a live contact may pause.

local TOP, WEIGHT = 3, 1e14  -- the highest level; more than any time in ms, and a double holds the sum

local function member(id)  -- equal ranks are ordered by id: digits of one width sort as numbers
  return string.rep('0', 19 - #id) .. id
end

local function now_ms()
  local time = redis.call('TIME')
  return time[1] * 1000 + math.floor(time[2] / 1000)
end

local function split(text)
  local parts = {}
  for part in string.gmatch(text or '', '[^ ]+') do parts[#parts + 1] = part end
  return parts
end

local function set(kind) return kind == '1' and 'whole:' or 'line:' end

-- The first of each line that is not empty, so written that the smallest is the best: all that most
-- decisions need to read, and in one call once. Ranks are whole numbers above zero.
local heads = {['line:'] = {}, ['whole:'] = {}, ['live:'] = {}}  -- by class; false: it is empty

local function head(rank, name) return string.format('%020.0f', tonumber(rank)) .. name end

local function note_head(of, class)
  local line = of .. class
  local first = redis.call('ZRANGE', line, 0, 0, 'WITHSCORES')
  local found = first[1] and head(first[2], first[1]) or false
  heads[of][class] = found
  if found then redis.call('SET', 'head:' .. line, found) else redis.call('DEL', 'head:' .. line) end
end

-- The best of the heads of these classes and its class; `other`: heads that stand for some of them.
local function best_head(of, classes, other)
  local known, unread, keys, best, at = heads[of], {}, {}, nil, nil
  for n = 1, #classes do
    local class = classes[n]
    local first = other and other[class]
    if first == nil then first = known[class] end
    if first == nil then unread[#unread + 1], keys[#keys + 1] = class, 'head:' .. of .. class
    elseif first and (not best or first < best) then best, at = first, class
    end
  end
  if #keys > 0 then
    for n, first in ipairs(redis.call('MGET', unpack(keys))) do
      known[unread[n]] = first
      if first and (not best or first < best) then best, at = first, unread[n] end
    end
  end
  return best, at
end

local function sets_of(kind) return kind == '2' and {set(kind), 'live:'} or {set(kind)} end

local function leave_line(id, classes, kind)
  for _, class in ipairs(split(classes)) do
    for _, of in ipairs(sets_of(kind)) do
      if redis.call('ZREM', of .. class, member(id)) == 1 then note_head(of, class) end
    end
  end
end

-- contact: id, version, waits (0/1), classes, rank, kind, passed (" 1 2 ")
local function contact(id, version, waits, classes, rank, kind, passed)
  local key = 'waiting:' .. id
  local known = redis.call('HMGET', key, 'version', 'classes', 'exclusive', 'requirement')
  if known[1] and tonumber(known[1]) > tonumber(version) then return 0 end
  redis.call('ZREM', 'undecided:contacts', id)
  local stood = known[2] or known[4]  -- the one class that a release before the steps knew
  if stood and (waits == '0' or stood ~= classes or known[3] ~= kind) then
    leave_line(id, stood, known[3])
  end
  if waits == '1' then
    redis.call('HSET', key, 'version', version, 'classes', classes, 'exclusive', kind, 'passed', passed)
    redis.call('PERSIST', key)
    for _, class in ipairs(split(classes)) do
      for _, of in ipairs(sets_of(kind)) do
        redis.call('ZADD', of .. class, rank, member(id))
        note_head(of, class)
      end
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

local function list_of(classes)
  local list = {}
  for class in each_class(classes) do list[#list + 1] = class end
  return list
end

-- An agent on duty stands in `able` of each class, and in one more: `ready`, `mail` (room for live contacts
-- alone, beside mail) or `out` (on a break, away); who stands in none of them is full. Where an agent
-- stands is known (`set`, `idle`, as of version `at`), so that only who moves costs anything: an agent
-- may have a hundred classes.
local SETS = {{'ready:', 'ZREM'}, {'mail:', 'ZREM'}, {'out:', 'SREM'}}

local function leave_classes(id, classes, among)  -- without `among`: all of them
  for _, set in ipairs(SETS) do
    if not among or among == set[1] then
      for class in each_class(classes) do redis.call(set[2], set[1] .. class, id) end
    end
  end
end

local function each_able(command, id, classes)
  for class in each_class(classes) do redis.call(command, 'able:' .. class, id) end
end

local function has_room(about) return tonumber(about.load) < tonumber(about.capacity) end

-- Among whom an available agent stands.
local function set_of(load, firm, capacity)
  local room = tonumber(capacity)
  return tonumber(load) < room and 'ready:' or tonumber(firm) < room and 'mail:' or 'full:'
end

-- An agent as projected; `firm` is the load without the mail that a live contact may pause, `open`: 1 with
-- room, or 0 while something is being offered (`undecided:agents` says since when); `list`: the classes once more, packed,
-- since a decision reads them all. An older release does not tell where the agent stands, and
-- takes out of `ready` whom it gives something.
local function agent_of(id)
  local kept = redis.call('HMGET', 'agent:' .. id, 'version', 'classes', 'open', 'load', 'capacity', 'firm', 'at', 'set',
                          'idle', 'serves', 'list')
  local about = {version = kept[1], classes = kept[2], open = kept[3], load = kept[4] or '0', capacity = kept[5] or '1',
                 firm = kept[6] or kept[4], set = kept[8], idle = kept[9], serves = kept[10] or '', list = kept[11]}
  if kept[7] ~= kept[1] or ((about.open or '') == '' and (about.set == 'ready:' or about.set == 'mail:')) then about.set = nil end
  if kept[7] ~= kept[1] then about.list = nil end
  return about
end

-- agent: as projected before, id, version, available (0/1), load, capacity, idle_ms, classes, on duty (0/1),
-- firm, organisations served, settles (0/1): whether what was being offered is decided. Where it is not, the
-- agent stays `giving`: given the next one now, the agent might have no room left for the first, which
-- would come back into the line behind it.
local function agent(known, id, version, available, load, capacity, idle, classes, on_duty, firm, organisations, settles)
  local serves = organisations or ''
  local giving = known.open == '0' and settles == '0'
  if known.open == '0' and not giving then redis.call('ZREM', 'undecided:agents', id) end
  if known.version and tonumber(known.version) > tonumber(version) then
    if known.open == '0' and not giving then
      redis.call('HSET', 'agent:' .. id, 'open', (known.set == 'ready:' or known.set == 'mail:') and '1' or '')
    end
    return 0
  end
  local among = on_duty == '1' and 'out:' or ''
  if available == '1' then
    among = set_of(load, firm, capacity)
  end
  local open, other = among == 'ready:' or among == 'mail:', known.classes ~= classes
  if other or known.set ~= among or (open and known.idle ~= idle) then
    leave_classes(id, known.classes, known.set)
    for class, level in each_class(open and classes or '') do  -- the best first, and of these the longest idle
      redis.call('ZADD', among .. class, (TOP - (tonumber(level) or 1)) * WEIGHT + tonumber(idle), id)
    end
    for class in each_class(among == 'out:' and classes or '') do redis.call('SADD', among .. class, id) end
  end
  if other or not known.set or (known.set == '') ~= (among == '') or known.serves ~= serves then
    each_able('SREM', id, known.classes)
    if among ~= '' then each_able('SADD', id, classes) end
    for _, organisation in ipairs(split(known.serves)) do redis.call('SREM', 'duty:' .. organisation, id) end
    for _, organisation in ipairs(split(among ~= '' and serves)) do redis.call('SADD', 'duty:' .. organisation, id) end
  end
  redis.call('HSET', 'agent:' .. id, 'version', version, 'load', load, 'capacity', capacity, 'classes', classes,
             'firm', firm, 'at', version, 'set', among, 'idle', idle, 'serves', serves, 'open', giving and '0' or open and '1' or '')
  if other or not known.list then redis.call('HSET', 'agent:' .. id, 'list', cmsgpack.pack(list_of(classes))) end
  return 1
end
