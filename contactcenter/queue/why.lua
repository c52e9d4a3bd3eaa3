-- What is kept of a decision: the second part of the line's script.

local RUNNERS = 10

-- Why nobody else: how many of the organisation's agents on duty lack the skill, are out, are full, have something in hand
-- while the contact needs a whole agent, or declined it; and the first ten others who could have had
-- it, those whose mail it would pause after all others.
-- Of the widest class in which it stands: each step opens one that holds those before it, but for
-- another queue's. Who is being offered something else in this moment is in no count.
local function explained(id, classes, about)
  local names, kind, passed = split(classes), about[2], split(about[3])
  local class = names[#names]
  local ready, mail, runners, later, declined = 'ready:' .. class, 'mail:' .. class, {}, {}, {}
  local able, mailing = redis.call('SCARD', 'able:' .. class), redis.call('ZCARD', mail)
  local counts = {out = redis.call('SCARD', 'out:' .. class), busy = 0, declined = 0}
  counts.full = able - redis.call('ZCARD', ready) - mailing - counts.out
  local organisation = string.match(class, '^own/%d+$') and '' or string.match(class, '^[^/]*')
  -- Of what was kept for one agent nobody else was asked.
  counts.unable = organisation == '' and 0 or redis.call('SCARD', 'duty:' .. organisation) - able
  if kind ~= '1' and kind ~= '2' then counts.full = counts.full + mailing end
  for _, other in ipairs(passed) do
    declined[other] = redis.call('ZSCORE', ready, other) or kind ~= '0' and redis.call('ZSCORE', mail, other)
    if declined[other] then counts.declined = counts.declined + 1 end
  end
  local function count(set, pauses)
    local from, ids = 0, nil
    repeat
      ids = redis.call('ZRANGE', set, from, from + 2 * RUNNERS - 1)
      local given = #ids > 0 and redis.call('ZMSCORE', 'undecided:agents', unpack(ids))
      for n, other in ipairs(ids) do
        local held = kind == '1' and redis.call('HMGET', 'agent:' .. other, 'load', 'firm') or {'0', '0'}
        local among = (pauses or held[1] ~= '0') and later or runners
        if other == id or declined[other] or given[n] then  -- nobody to tell of
        elseif (held[2] or held[1]) ~= '0' then counts.busy = counts.busy + 1
        elseif #among < RUNNERS then among[#among + 1] = other
        end
      end
      from = from + #ids
    until #ids < 2 * RUNNERS or (kind ~= '1' and #(pauses and later or runners) == RUNNERS)
  end
  count(ready, false)
  if kind ~= '0' and mailing > 0 then count(mail, true) end
  for _, other in ipairs(later) do
    if #runners < RUNNERS then runners[#runners + 1] = other end
  end
  return cjson.encode({class = class, counts = counts, runners = runners})
end
