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

EMIT = f"""
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
    EMIT
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
    EMIT
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

# KEYS: the devices with which a person types in a room, by the end of that; the room's channel.
# ARGV: the device, for how long it types (ms; 0: it stops), header, rest. That it stops is told
# unless another goes on.
TYPE = (
    EMIT
    + """
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local lasting = tonumber(ARGV[2])
if lasting > 0 then
  redis.call('ZADD', KEYS[1], now + lasting, ARGV[1])
  redis.call('PEXPIRE', KEYS[1], lasting)
else
  redis.call('ZREM', KEYS[1], ARGV[1])
  if redis.call('ZCOUNT', KEYS[1], now, '+inf') > 0 then
    return
  end
end
emit(KEYS[2], ARGV[3], ARGV[4], false)
"""
)

# rt:floor is the id before which events may be missing: that of the first look at this run of the
# server, as one that starts anew has lost something, if only the last second.
_FLOOR = (
    EMIT
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

# What ended too long ago to be resumed goes.
KEEP_JOINED = f"""
local function keep_joined(key)
  local oldest, goes_on = (redis.call('TIME')[1] - {LOG_SECONDS}) * 1000, false
  local known = redis.call('HGETALL', key)
  for i = 1, #known, 2 do
    local ended = string.match(known[i + 1], '^%d+')
    if not ended then
      goes_on = true
    elseif tonumber(ended) < oldest then
      redis.call('HDEL', key, known[i])
    end
  end
  if goes_on then
    redis.call('PERSIST', key)
  else
    redis.call('EXPIRE', key, {LOG_SECONDS})
  end
end
"""

# KEYS: a person's rt:joined (realtime/listening.py). ARGV: '@' and the process where it goes on, or
# how far was heard, or 'left' for what is to be forgotten; and each place.
LISTEN = (
    KEEP_JOINED
    + """
for i = 2, #ARGV do
  if ARGV[1] == 'left' then
    redis.call('HDEL', KEYS[1], ARGV[i])
  else
    redis.call('HSET', KEYS[1], ARGV[i], ARGV[1])
  end
end
keep_joined(KEYS[1])
"""
)
