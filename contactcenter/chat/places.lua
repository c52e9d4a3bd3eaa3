-- The places in line of many contacts in one call. ARGV: class, id, class, id, ...
-- Returns the number of those before each, or -1 where it stands in no line.
local found = {}
for i = 1, #ARGV, 2 do
  local member = string.rep('0', 19 - #ARGV[i + 1]) .. ARGV[i + 1]
  found[#found + 1] = redis.call('ZRANK', 'line:' .. ARGV[i], member) or -1
end
return found
