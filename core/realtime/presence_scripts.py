"""What Valkey does in one step for presence, in Lua: a change and its announcement can't come apart."""

from core.realtime.scripts import EMIT, KEEP_JOINED, LOG_SECONDS

# Presence. rt:processes is a zset of processes by the end of their lease; rt:process:<p> holds the
# users with a socket there, rt:on:<user> the reverse; rt:here:<room> the room's users online.
# rt:left:<user> is there for as long as one who left may resume. rt:who:<user> keeps the user's
# rooms and what to say when the last socket closes, so that any process can say it for a dead one.
# What the user's sockets in a process listened to (rt:joined:<user>) ends with the last of them.
_PRESENCE = (
    EMIT
    + KEEP_JOINED
    + f"""
local function now()
  local time = redis.call('TIME')
  return time[1] * 1000 + math.floor(time[2] / 1000)
end

local function rooms_of(user)
  local rooms = {{}}
  for room in string.gmatch(redis.call('HGET', 'rt:who:' .. user, 'rooms') or '', '%S+') do
    rooms[#rooms + 1] = room
  end
  return rooms
end

local function enter(user, rooms, header, goodbye)
  for room in string.gmatch(rooms, '%S+') do
    redis.call('SADD', 'rt:here:' .. room, user)
  end
  redis.call('HSET', 'rt:who:' .. user, 'rooms', rooms, 'header', header, 'goodbye', goodbye)
end

local function withdraw(user)
  for _, room in ipairs(rooms_of(user)) do
    redis.call('SREM', 'rt:here:' .. room, user)
  end
end

local function move(user, rooms, header, hello, goodbye)
  local before, stays, new, company = {{}}, {{}}, {{}}, 0
  for _, room in ipairs(rooms_of(user)) do
    before[room] = true
  end
  for room in string.gmatch(rooms, '%S+') do
    local group = before[room] and stays or new
    group[#group + 1] = room
  end
  withdraw(user)
  for _, room in ipairs(new) do
    company = company + redis.call('SCARD', 'rt:here:' .. room)
  end
  enter(user, rooms, header, goodbye)
  if company > 0 then
    local narrower = cjson.decode(header)
    narrower.rooms = new
    narrower.beyond = #stays > 0 and stays or nil
    emit('rt:all', cjson.encode(narrower), hello, false)
  end
end

local function hang_up(process, user)
  local key = 'rt:joined:' .. user
  local last = (redis.call('GET', 'rt:clock') or '0') .. '-' .. (redis.call('GET', 'rt:number') or '0')
  local known = redis.call('HGETALL', key)
  for i = 1, #known, 2 do
    if known[i + 1] == '@' .. process then
      redis.call('HSET', key, known[i], last)
    end
  end
  keep_joined(key)
end

local function leave(process, user)
  hang_up(process, user)
  redis.call('SREM', 'rt:process:' .. process, user)
  redis.call('SREM', 'rt:on:' .. user, process)
  if redis.call('EXISTS', 'rt:on:' .. user) == 1 then
    return 0
  end
  local who = redis.call('HMGET', 'rt:who:' .. user, 'header', 'goodbye')
  if not who[1] then
    return 0
  end
  withdraw(user)
  redis.call('DEL', 'rt:who:' .. user)
  redis.call('SET', 'rt:left:' .. user, 1, 'EX', {LOG_SECONDS})
  emit('rt:all', who[1], who[2], false)
  return 1
end
"""
)

# ARGV: process, lease (ms). 1 if the process was known: else all its users have to arrive again.
RENEW = (
    _PRESENCE
    + """
local known = redis.call('ZSCORE', 'rt:processes', ARGV[1])
redis.call('ZADD', 'rt:processes', now() + ARGV[2], ARGV[1])
return known and 1 or 0
"""
)

# ARGV: process, user, rooms, header, hello, goodbye. 1 if the user wasn't online before. Otherwise the
# memberships may have changed: those online in the new rooms, but in none of those the user stays in,
# are told of the user.
ARRIVE = (
    _PRESENCE
    + """
local first = redis.call('EXISTS', 'rt:on:' .. ARGV[2]) == 0
redis.call('SADD', 'rt:process:' .. ARGV[1], ARGV[2])
redis.call('SADD', 'rt:on:' .. ARGV[2], ARGV[1])
if not first then
  move(ARGV[2], ARGV[3], ARGV[4], ARGV[5], ARGV[6])
  return 0
end
enter(ARGV[2], ARGV[3], ARGV[4], ARGV[6])
emit('rt:all', ARGV[4], ARGV[5], false)
return 1
"""
)

# ARGV: process, user. 1 if that was the user's last process.
LEAVE = _PRESENCE + "return leave(ARGV[1], ARGV[2])"

# KEYS: rooms' sets of those online. The last id that was given by then, and who is in any of them.
ONLINE = """
local last = (redis.call('GET', 'rt:clock') or '0') .. '-' .. (redis.call('GET', 'rt:number') or '0')
local answer = {last}
for start = 1, #KEYS, 1000 do
  local keys = {unpack(KEYS, start, math.min(start + 999, #KEYS))}
  for _, user in ipairs(redis.call('SUNION', unpack(keys))) do
    answer[#answer + 1] = user
  end
end
return answer
"""

# ARGV: how many users at most. How many were taken from a process whose lease ended; -1: no such.
SWEEP = (
    _PRESENCE
    + """
local dead = redis.call('ZRANGEBYSCORE', 'rt:processes', '-inf', now(), 'LIMIT', 0, 1)[1]
if not dead then
  return -1
end
local users = redis.call('SPOP', 'rt:process:' .. dead, ARGV[1])
for _, user in ipairs(users) do
  leave(dead, user)
end
if redis.call('EXISTS', 'rt:process:' .. dead) == 0 then
  redis.call('ZREM', 'rt:processes', dead)
end
return #users
"""
)

# KEYS: people. For each, 1 if online or gone for so short a time that they may resume.
MAY_HEAR = """
local answers = {}
for i, user in ipairs(KEYS) do
  answers[i] = redis.call('EXISTS', 'rt:on:' .. user, 'rt:left:' .. user)
end
return answers
"""
