-- Number frames for their users, keep them for those who come back, and tell them to every node.
-- KEYS: feed_seq, feed of each frame. ARGV: frames kept, ms kept; then channel, frame without
-- number of each.
local function number(key)
  local seq = redis.call('INCR', key)
  if seq > 1 then return seq end
  -- New or wiped: go on above every number ever given, by the clock in milliseconds.
  local now = redis.call('TIME')
  seq = now[1] * 1000 + math.floor(now[2] / 1000)
  redis.call('SET', key, string.format('%.0f', seq))
  return seq
end

for i = 1, #KEYS, 2 do
  local seq = number(KEYS[i])
  local frame = '{"seq":' .. string.format('%.0f', seq) .. ',' .. string.sub(ARGV[i + 3], 2)
  redis.call('RPUSH', KEYS[i + 1], frame)
  redis.call('LTRIM', KEYS[i + 1], -tonumber(ARGV[1]), -1)
  redis.call('PEXPIRE', KEYS[i + 1], ARGV[2])
  redis.call('PUBLISH', ARGV[i + 2], frame)
end
return 0
