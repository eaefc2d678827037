"""What each client frame does."""

from core.accounts import tokens
from core.chat.access import access_room
from core.chat.errors import NotAMember
from core.errors import BadToken, InactiveAccount, NotFound
from realtime import expiry
from realtime.database import in_database
from realtime.errors import FrameError
from realtime.frames import (
    Authenticate,
    Authenticated,
    ClientFrame,
    JoinRoom,
    LeaveRoom,
    Reply,
    RoomJoined,
    RoomLeft,
    Typing,
)
from realtime.hub import Hub
from realtime.registry import Socket
from realtime.sessions import renew_session

_NOT_JOINED = "You must join the room first"


async def carry_out(hub: Hub, socket: Socket, frame: ClientFrame) -> Reply | None:
    """Do what a frame asks for; the answer to its socket. FrameError says why not."""
    match frame:
        case JoinRoom():
            return await _join(hub, socket, frame)
        case LeaveRoom():
            return await _leave(hub, socket, frame)
        case Typing():
            await _type(hub, socket, frame)
            return None
        case Authenticate():
            return await _authenticate(hub, socket, frame)
    raise TypeError(f"no handler for {type(frame).__name__}")


async def _join(hub: Hub, socket: Socket, frame: JoinRoom) -> Reply:
    try:
        room = await in_database(access_room, socket.user.id, frame.room_id)
    except NotFound:
        raise FrameError("Room not found") from None
    except NotAMember:
        raise FrameError("Not authorized to join this room") from None
    await hub.people.hear_room(socket.user, room.id)
    if room.id not in socket.user.rooms:
        raise FrameError("Not authorized to join this room")
    hub.registry.join(socket, room.id, room.name)
    return RoomJoined(room_id=room.id, room_name=room.name)


async def _leave(hub: Hub, socket: Socket, frame: LeaveRoom) -> Reply:
    await hub.typists.stop(socket, frame.room_id)
    if not hub.registry.leave(socket, frame.room_id):
        raise FrameError("You are not in this room")
    return RoomLeft(room_id=frame.room_id)


async def _type(hub: Hub, socket: Socket, frame: Typing) -> None:
    if frame.room_id not in socket.joined:
        raise FrameError(_NOT_JOINED)
    await hub.typists.say(socket, frame.room_id, frame.is_typing)


async def _authenticate(hub: Hub, socket: Socket, frame: Authenticate) -> Reply:
    claims = tokens.read_access_token(frame.token)
    if claims.user_id != socket.user.id:
        raise BadToken
    try:
        await in_database(renew_session, claims)
    except InactiveAccount as error:
        socket.connection.end(expiry.UNAUTHORIZED, error.message)
        raise
    socket.session_id = claims.session_id
    hub.watch(socket, claims.expires_at)
    return Authenticated(expires_at=claims.expires_at)
