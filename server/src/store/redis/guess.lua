-- Counts a guess. KEYS: who. ARGV: free guesses, first and longest wait, memory; all times in ms.
-- Returns 0, or how many ms are to be waited.
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local locked_until = tonumber(redis.call('HGET', KEYS[1], 'locked_until') or 0)
-- A clock that was set back locks nobody out for longer than the longest wait.
local left = math.min(locked_until - now, tonumber(ARGV[3]))
if left > 0 then
  return left
end
local count = redis.call('HINCRBY', KEYS[1], 'count', 1)
local wait = 0
local free = math.max(tonumber(ARGV[1]), 1)
if count >= free then
  wait = math.min(ARGV[2] * 2 ^ math.min(count - free, 31), tonumber(ARGV[3]))
end
redis.call('HSET', KEYS[1], 'locked_until', string.format('%.0f', now + wait))
redis.call('PEXPIRE', KEYS[1], string.format('%.0f', wait + ARGV[4]))
return 0
