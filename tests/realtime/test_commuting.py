"""E20 by any interleaving of saying, reading and being cut off."""

import threading

from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

from core.accounts.models import User
from core.chat.models import Room
from core.realtime import Audience, Joined, Members, Users, publish
from tests.cast import make_user
from tests.realtime.processes import Realtime
from tests.realtime.resuming import back, last_id, numbers, said
from tests.realtime.rooms import make_room


class Publisher:
    """Says numbers to a person over several channels, beside whatever else happens."""

    def __init__(self, anna: User, rooms: list[Room]) -> None:
        audiences: list[Audience] = [Users.of(anna.id), Joined(rooms[0].id), Members(rooms[1].id)]
        self._audiences = audiences
        self._rooms = rooms
        self.said = 0
        self._threads: list[threading.Thread] = []

    def say(self, count: int) -> None:
        """So many in the background, after those before."""
        before, start = list(self._threads), self.said + 1
        self.said += count

        def run() -> None:
            for thread in before:
                thread.join()
            for number in range(start, start + count):
                publish(said(self._rooms[0], number), to=self._audiences[number % 3])

        thread = threading.Thread(target=run)
        self._threads.append(thread)
        thread.start()

    def finish(self) -> None:
        for thread in self._threads:
            thread.join()


STEPS = st.one_of(
    st.tuples(st.just("say"), st.integers(1, 15)),
    st.tuples(st.just("read"), st.integers(1, 12)),
    st.tuples(st.just("cut off"), st.integers(0, 1)),
    st.tuples(st.just("wait for all"), st.just(0)),
)


class Commuter:
    """A phone in one room that is cut off and comes back, to any of the processes."""

    def __init__(self, user: User, room: Room, processes: list[Realtime]) -> None:
        self._user, self._room, self._processes = user, room, processes
        self._before: list[int] = []
        self._since = ""
        self.phone = processes[0].client(user)
        self.phone.wait("presence_snapshot")
        self.phone.ask(type="join_room", room_id=str(room.id))

    @property
    def told(self) -> list[int]:
        return self._before + numbers(self.phone.frames)

    def read(self, count: int) -> None:
        """Read on until so many were told."""
        while len(self.told) < count:
            self.phone.wait(lambda frame: "message_id" in frame)

    def cut_off(self, process: int) -> None:
        self._since = last_id(self.phone, self._since)
        self._before = self.told
        self.phone.__exit__()
        self.phone = back(self._processes[process], self._user, self._since)
        self.phone.send(type="join_room", room_id=str(self._room.id))


@examples(max_examples=15)
@given(st.lists(STEPS, min_size=3, max_size=12))
def test_e20_any_interleaving_loses_and_repeats_nothing(
    realtime: Realtime, other_realtime: Realtime, steps: list[tuple[str, int]]
) -> None:
    """Each event is told once, in order, over all its channels."""
    anna, badr = make_user(), make_user()
    rooms = [make_room(anna, badr), make_room(anna, badr)]
    publisher = Publisher(anna, rooms)
    commuter = Commuter(anna, rooms[0], [realtime, other_realtime])
    for step, parameter in steps:
        match step:
            case "say":
                publisher.say(parameter)
            case "read":
                commuter.read(min(len(commuter.told) + parameter, publisher.said))
            case "cut off":
                commuter.cut_off(parameter)
            case "wait for all":
                publisher.finish()
    commuter.read(publisher.said)
    publisher.finish()
    assert commuter.phone.heard("resync_required") == []
    commuter.phone.__exit__()
    assert commuter.told == list(range(1, publisher.said + 1))
