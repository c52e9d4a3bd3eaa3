-- The places in line of many contacts in one call. KEYS: lines; ARGV: the member to find in each.
-- Returns how many stand before it, or -1 where it stands in no line.
local found = {}
for i, line in ipairs(KEYS) do
  found[i] = redis.call('ZRANK', line, ARGV[i]) or -1
end
return found
