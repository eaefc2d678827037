"""How many sockets are open in all: each realtime process says its number while it lives."""

import redis
from django.conf import settings

from core.realtime.bus import Bus, BusUnavailable, client_of

# rt:sockets: process → "number deadline".
_REPORT = """
local deadline = redis.call('TIME')[1] + ARGV[3]
redis.call('HSET', 'rt:sockets', ARGV[1], ARGV[2] .. ' ' .. string.format('%d', deadline))
"""
_SUM = """
local now, sum = tonumber(redis.call('TIME')[1]), 0
local said = redis.call('HGETALL', 'rt:sockets')
for i = 1, #said, 2 do
  local number, deadline = string.match(said[i + 1], '(%d+) (%d+)')
  if tonumber(deadline) < now then
    redis.call('HDEL', 'rt:sockets', said[i])
  else
    sum = sum + number
  end
end
return sum
"""


async def report_sockets(bus: Bus, process_id: str, number: int, *, seconds: int) -> None:
    """Say how many sockets this process holds; it counts for so many seconds. BusUnavailable."""
    await bus.run(_REPORT, (), [process_id, number, seconds])


def open_sockets() -> int:
    """The sockets of all living processes. BusUnavailable if the bus doesn't answer."""
    try:
        return int(client_of(settings.REDIS_URL).register_script(_SUM)())
    except redis.RedisError as error:
        raise BusUnavailable(str(error)) from error
