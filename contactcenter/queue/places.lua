-- The places in line of many contacts in one call. KEYS: for each the set it stands in, and the other
-- of the two of its class (who needs the whole agent, and who does not); ARGV: the member to find.
-- Returns how many stand before it in both, or -1 where it does not stand in its line.
local found = {}
for i, member in ipairs(ARGV) do
  local line, other = KEYS[2 * i - 1], KEYS[2 * i]
  local before = redis.call('ZRANK', line, member)
  if before and redis.call('EXISTS', other) == 1 then
    before = before + redis.call('ZCOUNT', other, '-inf', '(' .. redis.call('ZSCORE', line, member))
  end
  found[i] = before or -1
end
return found
