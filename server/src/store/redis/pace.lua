-- Grants turns of one queue to one instance. KEYS: when the next free turn is; what the instances say.
-- ARGV: the interval in µs, how many turns ahead may be granted, the instance, how many wait there.
-- Returns how many turns are granted; in how many µs the first is or, without any, when to ask again; and
-- how many wait at other instances.
--
-- Every instance earns turns in proportion to how many wait at it. What others leave unused is granted to
-- whoever asks.
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local interval, ahead, waiting = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[4])

-- What each instance said last: how many wait, when it said so, its earned turns. One that says nothing for
-- two seconds has nobody waiting.
local total, own_at, earned = waiting, now, 1
local said = redis.call('HGETALL', KEYS[2])
for i = 1, #said, 2 do
  local count, at, turns = string.match(said[i + 1], '^(%d+) (%d+) (.+)$')
  if said[i] == ARGV[3] then
    own_at, earned = tonumber(at), tonumber(turns)
  elseif now - at > 2000000 then
    redis.call('HDEL', KEYS[2], said[i])
  else
    total = total + count
  end
end
local share = waiting / math.max(total, 1)
earned = earned + math.max(now - own_at, 0) / interval * share
earned = math.min(earned, math.max(ahead * share, 1))

-- A clock that was set back holds nobody up for longer than what may be granted ahead.
local free = math.min(tonumber(redis.call('GET', KEYS[1]) or now), now + (ahead + 1) * interval)
local idle = free <= now
free = math.max(free, now)
local turns = math.floor((now + ahead * interval - free) / interval)
local granted = math.max(math.min(turns, waiting, math.floor(earned)), 0)
if granted == 0 and idle and waiting > 0 then
  granted = 1
end
earned = math.max(earned - granted, 0)
redis.call('HSET', KEYS[2], ARGV[3], string.format('%d %.0f %.6f', waiting - granted, now, earned))
redis.call('PEXPIRE', KEYS[2], 10000)
if granted == 0 then
  local until_earned = (1 - earned) / math.max(share, 0.001) * interval
  -- At the next free turn it is granted whatever was earned.
  return { 0, math.floor(math.max(math.min(until_earned, free - now), 1000)), total - waiting }
end
local next_free = free + granted * interval
redis.call('SET', KEYS[1], string.format('%.0f', next_free), 'PX', math.ceil((next_free - now) / 1000) + 1000)
return { granted, math.floor(free - now), total - waiting }
