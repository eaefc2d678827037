"""What Valkey does in one step, in Lua: an id, the log and the sending can't come apart.

Ids are `milliseconds-number`, both rising over all channels, so an id says what a socket has seen
of every channel: one process hears all channels over one connection, in the order of publishing.
"""

LOG_LENGTH = 4096
LOG_SECONDS = 300
SAID_SECONDS = 3600

_EMIT = f"""
local function event_id()
  local time = redis.call('TIME')
  local now = time[1] * 1000 + math.floor(time[2] / 1000)
  local last = tonumber(redis.call('GET', 'rt:clock') or '0')
  if now > last then
    redis.call('SET', 'rt:clock', string.format('%d', now))
  else
    now = last
  end
  return string.format('%d-%d', now, redis.call('INCR', 'rt:number'))
end

local function emit(channel, header, rest, kept)
  local id = event_id()
  local payload = header .. '\\n{{"event_id":"' .. id .. '",' .. rest
  if kept then
    local log = 'rt:log:' .. channel
    redis.call('XADD', log, 'MAXLEN', '~', {LOG_LENGTH}, id, 'e', payload)
    redis.call('EXPIRE', log, {LOG_SECONDS})
  end
  redis.call('PUBLISH', channel, payload)
end
"""

PUBLISH = (
    _EMIT
    + """
for _, channel in ipairs(KEYS) do
  emit(channel, ARGV[1], ARGV[2], ARGV[3] == '1')
end
"""
)

# KEYS: rt:said:<room>, the place of the last message that was told. ARGV: '1' to tell whatever is
# missing before, then five for each emission: the message's place, channel, header, rest, kept.
# Messages told before are passed over. nil once all are told; otherwise nothing is told, and the
# answer is the place after which messages are missing, -1 if it isn't known.
SAY = (
    _EMIT
    + f"""
local said = tonumber(redis.call('GET', KEYS[1]) or '-1')
if ARGV[1] ~= '1' and (said < 0 or tonumber(ARGV[2]) > said + 1) then
  return said
end
local newest = said
for start = 2, #ARGV, 5 do
  local place = tonumber(ARGV[start])
  if place > said then
    emit(ARGV[start + 1], ARGV[start + 2], ARGV[start + 3], ARGV[start + 4] == '1')
    newest = math.max(newest, place)
  end
end
redis.call('SET', KEYS[1], string.format('%d', newest), 'EX', {SAID_SECONDS})
return nil
"""
)

# Presence. rt:processes is a zset of processes by the end of their lease; rt:process:<p> holds the
# users with a socket there, rt:on:<user> the reverse; rt:here:<room> the room's users online.
# rt:who:<user> keeps the user's rooms and what to say when the last socket closes, so that any
# process can say it for one that died.
_PRESENCE = (
    _EMIT
    + """
local function now()
  local time = redis.call('TIME')
  return time[1] * 1000 + math.floor(time[2] / 1000)
end

local function rooms_of(user)
  local rooms = {}
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

local function leave(process, user)
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

# ARGV: process, user, rooms, header, hello, goodbye. 1 if the user wasn't online before.
ARRIVE = (
    _PRESENCE
    + """
local first = redis.call('EXISTS', 'rt:on:' .. ARGV[2]) == 0
redis.call('SADD', 'rt:process:' .. ARGV[1], ARGV[2])
redis.call('SADD', 'rt:on:' .. ARGV[2], ARGV[1])
if not first then
  return 0
end
enter(ARGV[2], ARGV[3], ARGV[4], ARGV[6])
emit('rt:all', ARGV[4], ARGV[5], false)
return 1
"""
)

# ARGV: process, user. 1 if that was the user's last process.
LEAVE = _PRESENCE + "return leave(ARGV[1], ARGV[2])"

# ARGV: user, rooms, header, goodbye. The memberships of a user who is online have changed.
MOVE = (
    _PRESENCE
    + """
if redis.call('EXISTS', 'rt:on:' .. ARGV[1]) == 1 then
  withdraw(ARGV[1])
  enter(ARGV[1], ARGV[2], ARGV[3], ARGV[4])
end
"""
)

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

# ARGV: '1' if something may have been lost. Nothing older than rt:floor can be replayed.
FLOOR = (
    _EMIT
    + """
if ARGV[1] == '1' or redis.call('EXISTS', 'rt:floor') == 0 then
  redis.call('SET', 'rt:floor', event_id())
end
"""
)
