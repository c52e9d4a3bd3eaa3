-- Generic cell rate algorithm (ITU-T I.371): one stored time a subject.
-- KEYS: counter. ARGV: how many, in how many ms, how many to take (1; 0: only look; -1: give back).
-- Returns 0, or the ms to wait.
local now = redis.call('TIME')
now = now[1] * 1000 + now[2] / 1000
local period = tonumber(ARGV[2])
local step = period / tonumber(ARGV[1])
local take = tonumber(ARGV[3] or '1')
local full = math.max(tonumber(redis.call('GET', KEYS[1]) or 0), now)
if take >= 0 and full + step - now > period then
  return math.ceil(full + step - now - period)
end
full = full + take * step
if full > now then
  redis.call('SET', KEYS[1], string.format('%.3f', full), 'PX', math.ceil(full - now))
else
  redis.call('DEL', KEYS[1])
end
return 0
