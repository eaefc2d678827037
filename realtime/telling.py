"""Telling sockets of a message that a client of this process sent."""

import logging

from core.chat.live import missing, said_of
from core.chat.posts import Post
from core.errors import Unavailable
from core.realtime import Bus
from core.realtime.bus import BusUnavailable
from core.realtime.order import say_from
from realtime.database import in_database

logger = logging.getLogger(__name__)


async def tell(bus: Bus, post: Post) -> None:
    """Tell of a committed message. What fails here, the message's job does (core.jobs.chat)."""
    try:
        behind = await say_from(bus, post.room_id, [said_of(post)])
        if behind is not None:
            between = await in_database(missing, post, behind)
            await say_from(bus, post.room_id, between, all_of_them=True)
    except (BusUnavailable, Unavailable) as fault:
        logger.warning("Message %s will be told by its job: %s", post.message_id, fault)
