-- The generic cell rate algorithm. KEYS: the caller. ARGV: µs until one is given back, how many at once.
-- The key's value is when, in µs, everything will have been given back. Returns 0, or µs to wait.
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local interval = tonumber(ARGV[1])
local most = interval * ARGV[2]
local whole = tonumber(redis.call('GET', KEYS[1]) or 0)
-- A clock that was set back makes nobody wait for longer than for everything.
whole = math.max(math.min(whole, now + most), now) + interval
if whole - most > now then
  return whole - most - now
end
redis.call('SET', KEYS[1], string.format('%.0f', whole), 'PX', string.format('%.0f', math.ceil((whole - now) / 1000)))
return 0
