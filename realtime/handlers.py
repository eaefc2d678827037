"""What each client frame does."""

from uuid import UUID

from core.accounts import tokens
from core.chat.access import access_room
from core.chat.actions.send import send_message
from core.chat.errors import BlankContent, NotAMember
from core.chat.rules import require_content
from core.errors import BadToken, InactiveAccount, NotFound
from realtime import expiry
from realtime.database import in_database
from realtime.errors import FrameError
from realtime.frames import (
    MAY_NOT_JOIN,
    MAY_NOT_SEND,
    NO_CONTENT,
    NOT_IN_ROOM,
    NOT_JOINED,
    ROOM_NOT_FOUND,
    Authenticate,
    Authenticated,
    ClientFrame,
    JoinRoom,
    LeaveRoom,
    MessageSent,
    Reply,
    RoomJoined,
    RoomLeft,
    SendMessage,
    Typing,
)
from realtime.hub import Hub
from realtime.registry import Socket
from realtime.sessions import renew_session
from realtime.telling import tell


async def carry_out(hub: Hub, socket: Socket, frame: ClientFrame) -> Reply | None:
    """Do what a frame asks for; the answer to its socket. FrameError says why not."""
    match frame:
        case JoinRoom():
            return await _join(hub, socket, frame)
        case LeaveRoom():
            return await _leave(hub, socket, frame)
        case SendMessage():
            return await _say(hub, socket, frame)
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
        raise FrameError(ROOM_NOT_FOUND) from None
    except NotAMember:
        raise FrameError(MAY_NOT_JOIN) from None
    await hub.people.hear_room(socket.user, room.id)
    await hub.listening.begin(socket, room.id)
    if not hub.registry.join(socket, room.id):
        raise FrameError(MAY_NOT_JOIN)
    return RoomJoined(room_id=room.id, room_name=room.name)


async def _leave(hub: Hub, socket: Socket, frame: LeaveRoom) -> Reply:
    await hub.typists.stop(socket, frame.room_id)
    was_hearing = frame.room_id in socket.joined | socket.rejoining
    had_joined = hub.registry.leave(socket, frame.room_id)
    if was_hearing:
        await hub.listening.forget(socket, frame.room_id)
    if not had_joined:
        raise FrameError(NOT_IN_ROOM)
    return RoomLeft(room_id=frame.room_id)


async def _say(hub: Hub, socket: Socket, frame: SendMessage) -> Reply:
    """Answered once it is committed; that others are told of it isn't waited for."""
    try:
        require_content(frame.content)
    except BlankContent:
        raise FrameError(NO_CONTENT) from None
    _require_joined(socket, frame.room_id)
    try:
        sent = await in_database(
            send_message,
            sender_id=socket.user.id,
            room_id=frame.room_id,
            content=frame.content,
            client_message_id=frame.client_message_id,
        )
    except (NotFound, NotAMember):
        raise FrameError(MAY_NOT_SEND) from None
    await hub.typists.stop(socket, frame.room_id)
    if sent.post:
        hub.spawn(tell(hub.bus, sent.post))
    return MessageSent(
        message_id=sent.message_id,
        room_id=frame.room_id,
        client_message_id=frame.client_message_id,
    )


def _require_joined(socket: Socket, room_id: UUID) -> None:
    if room_id in socket.removed_from:
        raise FrameError(MAY_NOT_SEND)
    if room_id not in socket.joined:
        raise FrameError(NOT_JOINED)


async def _type(hub: Hub, socket: Socket, frame: Typing) -> None:
    _require_joined(socket, frame.room_id)
    try:
        room = await in_database(access_room, socket.user.id, frame.room_id)
    except (NotFound, NotAMember):
        raise FrameError(MAY_NOT_SEND) from None
    _require_joined(socket, frame.room_id)
    await hub.typists.say(socket, room.id, room.name, frame.is_typing)


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
