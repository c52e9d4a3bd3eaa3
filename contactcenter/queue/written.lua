-- The line is written: it stands where nothing was thrown away since that began.
-- KEYS: rebuilt, rebuilding. ARGV: the note that writing has begun, what to note in `rebuilt`. Returns whether it
-- stands.
if redis.call('GET', KEYS[2]) ~= ARGV[1] then return 0 end
redis.call('DEL', KEYS[2])
redis.call('SET', KEYS[1], ARGV[2])
return 1
