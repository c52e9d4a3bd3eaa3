-- Whether the line stands here as it was written from this Postgres into this very server. Another one,
-- to which it was copied before a failover, or one that came back with what its disk had, may lack the
-- last moments, and so may Postgres, on a later timeline: then all is thrown away, and every node told.
-- Where it is to be written a note says so, the same for all who write it: what is thrown away meanwhile takes the
-- note along, and what was written before that does not stand (written.lua).
-- KEYS: rebuilt, rebuilding. ARGV: Postgres' history ("cluster timeline"), the channel that tells of it, a new
-- note.
-- Returns {1 it stands, 0 it is to be written, or -1 it was written from a later timeline than the
-- asker's Postgres has, which is the primary no more; what to note in `rebuilt`, the note that writing has begun}.
local server = string.match(redis.call('INFO', 'server'), 'run_id:(%w+)')
local known, mine = redis.call('GET', KEYS[1]), server .. ' ' .. ARGV[1]
if known == mine then return {1, mine} end
if known then
  local at, cluster, timeline = string.match(known, '^(%S+) (%S+) (%S+)$')
  local ours, now = string.match(ARGV[1], '^(%S+) (%S+)$')
  if at == server and cluster == ours and timeline > now then return {-1, mine} end
  redis.call('FLUSHDB')
  redis.call('PUBLISH', ARGV[2], '')
end
redis.call('SET', KEYS[2], ARGV[3], 'NX')
return {0, mine, redis.call('GET', KEYS[2])}
