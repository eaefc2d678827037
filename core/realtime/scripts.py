"""What Valkey does in one step, in Lua: an id, the log and the sending can't come apart.

Ids are `milliseconds-number`, both rising over all channels, so an id says what a socket has seen
of every channel: one process hears all channels over one connection, in the order of publishing.
"""

LOG_LENGTH = 4096
LOG_SECONDS = 300
# A resume that would be longer than this isn't worth it.
REPLAY_EVENTS = 4096
REPLAY_BYTES = 4 * 1024 * 1024
SAID_SECONDS = 3600
JOINED_SECONDS = 86400

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
# rt:left:<user> is there for as long as one who left may resume. rt:who:<user> keeps the user's
# rooms and what to say when the last socket closes, so that any process can say it for a dead one.
_PRESENCE = (
    _EMIT
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

# ARGV: user, rooms, header, hello, goodbye. The memberships of a user who is online have changed:
# those online in the new rooms, but in none of those the user stays in, are told of the user.
MOVE = (
    _PRESENCE
    + """
if redis.call('EXISTS', 'rt:on:' .. ARGV[1]) == 0 then
  return
end
local before, stays, new, company = {}, {}, {}, 0
for _, room in ipairs(rooms_of(ARGV[1])) do
  before[room] = true
end
for room in string.gmatch(ARGV[2], '%S+') do
  local rooms = before[room] and stays or new
  rooms[#rooms + 1] = room
end
withdraw(ARGV[1])
for _, room in ipairs(new) do
  company = company + redis.call('SCARD', 'rt:here:' .. room)
end
enter(ARGV[1], ARGV[2], ARGV[3], ARGV[5])
if company > 0 then
  local header = cjson.decode(ARGV[3])
  header.rooms = new
  header.beyond = #stays > 0 and stays or nil
  emit('rt:all', cjson.encode(header), ARGV[4], false)
end
"""
)

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

# rt:floor is the id before which events may be missing: that of the first look at this run of the
# server, as one that starts anew has lost something, if only the last second.
_FLOOR = (
    _EMIT
    + """
local function floor()
  local run = string.match(redis.call('INFO', 'server'), 'run_id:(%w+)')
  if redis.call('GET', 'rt:run') ~= run then
    redis.call('SET', 'rt:run', run)
    redis.call('SET', 'rt:floor', event_id())
  end
  return redis.call('GET', 'rt:floor')
end
"""
)

# Notice a new run of the server.
FLOOR = _FLOOR + "return floor()"

# KEYS: the channels whose logs are read. ARGV: the two parts of the last id seen, the reader's own
# channel, header and rest of what it is told there once everything up to this moment has been
# published to it. For each event since: which of KEYS, and the payload.
# nil if events since then may be missing, the id was never given, or there are too many of them.
REPLAY = (
    _FLOOR
    + f"""
local function is_before(ms, number, id)
  local other_ms, other_number = string.match(id, '(%d+)-(%d+)')
  other_ms, other_number = tonumber(other_ms), tonumber(other_number)
  return ms < other_ms or ms == other_ms and number < other_number
end

local ms, number = tonumber(ARGV[1]), tonumber(ARGV[2])
local lowest = floor()
local clock, given = tonumber(redis.call('GET', 'rt:clock')), tonumber(redis.call('GET', 'rt:number'))
emit(ARGV[3], ARGV[4], ARGV[5], false)
if is_before(ms, number, lowest) or ms < redis.call('TIME')[1] * 1000 - {LOG_SECONDS * 1000} then
  return nil
end
if ms > clock or number > given then
  return nil
end
local events, count, size = {{}}, 0, 0
for i, channel in ipairs(KEYS) do
  local log = 'rt:log:' .. channel
  local since = '(' .. ARGV[1] .. '-' .. ARGV[2]
  local found = redis.call('XRANGE', log, since, '+', 'COUNT', {REPLAY_EVENTS} - count + 1)
  count = count + #found
  if count > {REPLAY_EVENTS} then
    return nil
  end
  if #found >= {LOG_LENGTH} and redis.call('XLEN', log) == #found then
    return nil
  end
  for _, entry in ipairs(found) do
    local payload = entry[2][2]
    size = size + #payload
    events[#events + 1] = i
    events[#events + 1] = payload
  end
  if size > {REPLAY_BYTES} then
    return nil
  end
end
return events
"""
)

# KEYS: a person's rt:joined. ARGV: how far was heard ('': it goes on, 'left': forget it), and where.
# What ended too long ago to be resumed goes.
LISTEN = f"""
local oldest = (redis.call('TIME')[1] - {LOG_SECONDS}) * 1000
local known = redis.call('HGETALL', KEYS[1])
for i = 1, #known, 2 do
  local ended = string.match(known[i + 1], '^%d+')
  if ended and tonumber(ended) < oldest then
    redis.call('HDEL', KEYS[1], known[i])
  end
end
for i = 2, #ARGV do
  if ARGV[1] == 'left' then
    redis.call('HDEL', KEYS[1], ARGV[i])
  else
    redis.call('HSET', KEYS[1], ARGV[i], ARGV[1])
  end
end
redis.call('EXPIRE', KEYS[1], {JOINED_SECONDS})
"""

# KEYS: people. For each, 1 if online or gone for so short a time that they may resume.
MAY_HEAR = """
local answers = {}
for i, user in ipairs(KEYS) do
  answers[i] = redis.call('EXISTS', 'rt:on:' .. user, 'rt:left:' .. user)
end
return answers
"""
