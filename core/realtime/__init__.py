"""The way out for live events: `publish(event, to=audience)`, after commit, never from web.

Events are closed models, encoded once; the realtime processes write them to their sockets as they
are. Nothing else of the product knows the bus.
"""

from core.realtime.audience import Audience, Device, Joined, Members, Sharing, Users
from core.realtime.bus import Bus, listened_to, may_hear, publish, publish_each

__all__ = [
    "Audience",
    "Bus",
    "Device",
    "Joined",
    "Members",
    "Sharing",
    "Users",
    "listened_to",
    "may_hear",
    "publish",
    "publish_each",
]
