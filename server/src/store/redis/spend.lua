-- Takes one use of a token. KEYS: the token. ARGV: what it should be bound to. 1 is yes.
-- Lua compares texts by their addresses, so the time it takes tells nothing of a hash.
local kept = redis.call('HMGET', KEYS[1], 'bound_to', 'uses')
local uses = tonumber(kept[2] or 0)
if kept[1] ~= ARGV[1] or uses < 1 then
  redis.call('DEL', KEYS[1])
  return 0
end
if uses == 1 then
  redis.call('DEL', KEYS[1])
else
  redis.call('HINCRBY', KEYS[1], 'uses', -1)
end
return 1
