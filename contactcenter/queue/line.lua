-- The line's moves, one call each: project what was committed, or offered, and decide on it; or decide
-- for a class. Ids and ranks come as strings and stay so: Lua's numbers would lose digits. Keys are
-- derived from the ids (contactcenter/kernel/keys.py); a sharded Redis cluster is not supported.
-- ARGV[1] names the move.
-- The script is three files, one after the other: stands.lua, why.lua and this one.

local FAR = 100  -- how many heads of a class are looked at where an agent declined the first ones

local rebuilt = redis.call('EXISTS', 'rebuilt') == 1  -- wiped, the order is not known yet
local taken = {}  -- who is given something in this call

-- The best-ranked contact of a line that this agent did not decline: {head, id, name in the line, what
-- is kept of it (classes, kind, passed)}.
local function first_of(line, id)
  local from, to = 0, 0  -- nearly always the first one tells
  while from < FAR do
    local found = redis.call('ZRANGE', line, from, to, 'WITHSCORES')
    for i = 1, #found, 2 do
      local contact_id = string.gsub(found[i], '^0+', '')
      local kept = redis.call('HMGET', 'waiting:' .. contact_id, 'classes', 'exclusive', 'passed')
      if not string.find(kept[3] or '', ' ' .. id .. ' ', 1, true) then
        return {head = head(found[i + 1], found[i]), id = contact_id, name = found[i], kept = kept}
      end
    end
    if #found < 2 * (to - from + 1) then return nil end
    from, to = to + 1, to + 10
  end
end

-- The best-ranked contact of all lines that this agent may, can and did not decline, with its line. The
-- best of the heads is looked at closely; where it is declined or no longer there, the next of its
-- line stands for it.
local function choice(about, id)
  local classes = about.list and cmsgpack.unpack(about.list) or list_of(about.classes)
  local sets = {has_room(about) and 'line:' or 'live:', tonumber(about.firm) == 0 and 'whole:' or nil}
  local others = {}  -- heads of lines whose first ones this agent declined
  while true do
    local best, of, class = nil, nil, nil
    for _, set in ipairs(sets) do
      local first, at = best_head(set, classes, others[set])
      if first and (not best or first < best) then best, of, class = first, set, at end
    end
    if not best then return nil end
    local found = first_of(of .. class, id)
    if found and found.head == best then
      found.of, found.class = of, class
      return found
    end
    note_head(of, class)
    others[of] = others[of] or {}
    others[of][class] = found and found.head or false
  end
end

-- What this agent is given now: {agent, contact, why}. The contact is taken out, so that no other
-- node decides on it; the commit's projection puts it where it belongs, or undecided.py where none comes.
-- The same must hold of the agent, of whom who calls writes that nothing is open. Each is undecided for
-- itself: what else becomes known of the agent says nothing of the contact.
local function give(about, id)
  local found = not taken[id] and rebuilt and choice(about, id)
  if not found then return nil end
  -- Of one that nobody knows any more, or an older release projected, the line alone tells the class.
  local classes = found.kept[1] or found.class
  local why = explained(id, classes, found.kept)
  leave_line(found.id, classes, found.kept[2])
  if not string.find(' ' .. classes .. ' ', ' ' .. found.class .. ' ', 1, true) then
    redis.call('ZREM', found.of .. found.class, found.name)
    note_head(found.of, found.class)
  end
  taken[id] = true
  local now = now_ms()
  redis.call('ZADD', 'undecided:agents', now, id)
  redis.call('ZADD', 'undecided:contacts', now, found.id)
  return {id, found.id, why}
end

local function best(id)
  local about = rebuilt and not taken[id] and agent_of(id)
  local pair = about and about.open == '1' and give(about, id)
  if not pair then return nil end
  redis.call('HSET', 'agent:' .. id, 'open', '0')
  return pair
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

local function add(pairs_, pair)
  for _, part in ipairs(pair or {}) do pairs_[#pairs_ + 1] = part end
end

-- All of a change at once: {contacts = {{id, version, ...}, ...}, agents = {...}}. Returns what can
-- be offered now that it stands: {agent, contact, why, agent, contact, why, ...}.
local function project(text)
  local change, pairs_, none = cjson.decode(text), {}, {}
  for _, row in ipairs(change.contacts) do contact(unpack(row)) end
  for _, row in ipairs(change.agents) do agent(agent_of(row[1]), unpack(row)) end
  for _, row in ipairs(change.agents) do add(pairs_, best(row[1])) end
  for _, row in ipairs(change.contacts) do
    if row[3] == '1' then
      for _, class in ipairs(split(row[4])) do
        local pair = not none[row[6] .. class] and decide_kind(class, row[6])
        none[row[6] .. class] = not pair  -- nobody becomes ready while we decide
        if pair then add(pairs_, pair) break end
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
    local id, version, before, units = unpack(row)
    local about = agent_of(id)
    if about.version ~= before or not about.set then others[#others + 1] = id
    else
      local load, firm = about.load + units .. '', about.firm + units .. ''
      local among = set_of(load, firm, about.capacity)
      if about.open == '0' and about.list and about.set == among and among ~= 'full:' then
        -- Stands where it stood, as nearly always, and may be given the next one at once.
        about.load, about.firm = load, firm
        local pair = give(about, id)
        if not pair then redis.call('ZREM', 'undecided:agents', id) end
        redis.call('HSET', 'agent:' .. id, 'version', version, 'load', load, 'firm', firm, 'at', version,
                   'open', pair and '0' or '1')
        add(pairs_, pair)
      else
        agent(about, id, version, '1', load, about.capacity, about.idle, about.classes, '1', firm, about.serves, '1')
        add(pairs_, best(id))
      end
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

-- Who was given what so many ms ago and is not decided since: {contacts, agents}. What who asks is just
-- deciding ({contacts, agents}) counts as given now, for every node that asks; who asks next is told only what is
-- still undecided after as long again.
local function undecided(older_ms, deciding)
  local found, now = {}, now_ms()
  for n, set in ipairs({'undecided:contacts', 'undecided:agents'}) do
    for _, id in ipairs(cjson.decode(deciding)[n]) do redis.call('ZADD', set, 'XX', now, id) end
    found[n] = redis.call('ZRANGEBYSCORE', set, '-inf', now - older_ms, 'LIMIT', 0, FAR)
    for _, id in ipairs(found[n]) do redis.call('ZADD', set, now, id) end
  end
  return found
end

local moves = {project = project, decide = decide, offered = offered, heads = note_heads, undecided = undecided}
return moves[ARGV[1]](ARGV[2], ARGV[3])
