-- Generic cell rate algorithm (ITU-T I.371): one stored time a subject.
-- KEYS: counter. ARGV: how many, in how many ms. Returns 0, or the ms to wait.
local now = redis.call('TIME')
now = now[1] * 1000 + now[2] / 1000
local period = tonumber(ARGV[2])
local step = period / tonumber(ARGV[1])
local full = math.max(tonumber(redis.call('GET', KEYS[1]) or 0), now)
if full + step - now > period then
  return math.ceil(full + step - now - period)
end
redis.call('SET', KEYS[1], string.format('%.3f', full + step), 'PX', math.ceil(full + step - now))
return 0
