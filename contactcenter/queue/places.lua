-- The places in line of many contacts in one call. KEYS: for each the line it stands in, and the set
-- of those that need the whole agent; ARGV: the member to find in each line.
-- Returns how many stand before it in both, or -1 where it does not stand in its line.
local found = {}
for i, member in ipairs(ARGV) do
  local line, whole = KEYS[2 * i - 1], KEYS[2 * i]
  local before = redis.call('ZRANK', line, member)
  if before and redis.call('EXISTS', whole) == 1 then
    before = before + redis.call('ZCOUNT', whole, '-inf', '(' .. redis.call('ZSCORE', line, member))
  end
  found[i] = before or -1
end
return found
