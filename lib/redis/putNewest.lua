-- Stores a model's result unless a newer one is there: the newest result only ever moves forward in scheduled_time, and
-- of one scheduled_time in its revision.
-- KEYS[1] the model's key; ARGV[1] the result as JSON, ARGV[2] its scheduled_time (ISO 8601, UTC, milliseconds: these
-- sort as text), ARGV[3] seconds to keep it
local stored = redis.call('GET', KEYS[1])
if stored then
  local known = cjson.decode(stored)
  if known.scheduled_time > ARGV[2] then return 0 end
  if known.scheduled_time == ARGV[2] and (known.revision or 0) > cjson.decode(ARGV[1]).revision then return 0 end
end
redis.call('SET', KEYS[1], ARGV[1], 'EX', ARGV[3])
return 1
