-- Keeps a token. KEYS: the token. ARGV: what it is bound to, its uses, its lifetime in ms.
redis.call('HSET', KEYS[1], 'bound_to', ARGV[1], 'uses', ARGV[2])
redis.call('PEXPIRE', KEYS[1], ARGV[3])
return 1
