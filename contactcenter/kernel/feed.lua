-- Number a frame for its user, keep it for those who come back, and tell it to every node.
-- KEYS: feed_seq, feed. ARGV: frame without number, channel, frames kept, ms kept.
local seq = redis.call('INCR', KEYS[1])
if seq == 1 then
  -- New or wiped: go on above every number ever given, by the clock in milliseconds.
  local now = redis.call('TIME')
  seq = now[1] * 1000 + math.floor(now[2] / 1000)
  redis.call('SET', KEYS[1], string.format('%.0f', seq))
end
local frame = '{"seq":' .. string.format('%.0f', seq) .. ',' .. string.sub(ARGV[1], 2)
redis.call('RPUSH', KEYS[2], frame)
redis.call('LTRIM', KEYS[2], -tonumber(ARGV[3]), -1)
redis.call('PEXPIRE', KEYS[2], ARGV[4])
redis.call('PUBLISH', ARGV[2], frame)
return seq
