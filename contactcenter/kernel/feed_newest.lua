-- The number of the newest frame of a user. New or wiped: it begins above every number ever given,
-- by the clock in milliseconds.
-- KEYS: feed_seq.
local seq = redis.call('GET', KEYS[1])
if not seq then
  local now = redis.call('TIME')
  seq = string.format('%.0f', now[1] * 1000 + math.floor(now[2] / 1000))
  redis.call('SET', KEYS[1], seq)
end
return seq
