-- Notes a question about a token. KEYS: the token.
-- ARGV: 1 if the binding is right, uses, window in ms, remaining lifetime in ms. Returns 1 if granted.
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local known = redis.call('HMGET', KEYS[1], 'first', 'left')
local first, left = tonumber(known[1] or now), tonumber(known[2] or ARGV[2])
local granted = ARGV[1] == '1' and left > 0 and now - first < tonumber(ARGV[3])
redis.call('HSET', KEYS[1], 'first', string.format('%.0f', first), 'left', granted and left - 1 or 0)
if not known[1] then
  redis.call('PEXPIRE', KEYS[1], ARGV[4])
end
return granted and 1 or 0
