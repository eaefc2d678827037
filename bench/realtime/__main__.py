"""python -m bench.realtime [seconds a measurement] [sockets in a crowd]"""

import subprocess
import sys
from contextlib import ExitStack
from uuid import UUID

from bench.machine import described
from bench.realtime import crowds, fanout, sending
from bench.realtime.sockets import raise_limit
from bench.report import table, verdict
from bench.stage import Stage, set_stage

CROWD = 10_000
# What the server and the client need beside their sockets.
_SPARE = 500


def main() -> None:
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 5.0
    crowd = int(sys.argv[2]) if len(sys.argv) > 2 else CROWD
    crowd = min(crowd, raise_limit() - _SPARE)
    with ExitStack() as stack:
        stage = set_stage(stack, options={"jit": "off"})
        stage.enter()
        print(described(stage.env, "uvicorn", "channels", "channels_redis", "picows", **_node()))
        _room_of_500(stage, seconds)
        _large_room(stage, crowd)
        _print_unread()


def _node() -> dict[str, str]:
    try:
        said = subprocess.run(["node", "--version"], capture_output=True, text=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError):
        return {}
    return {"Node": said}


def _room_of_500(stage: Stage, seconds: float) -> None:
    from bench.realtime.people import people, room_of, tokens_of  # noqa: PLC0415 - after setup

    users = people(fanout.SOCKETS)
    room_id, tokens = room_of(users), tokens_of(users)
    rates = fanout.measure(stage, room_id, tokens, seconds)
    ours = rates["product"]
    rows = [[name, f"{rate:,.0f}"] for name, rate in rates.items()]
    table([f"{fanout.SOCKETS} sockets in one room", "deliveries/s"], rows)
    if "Node ws" in rates:
        verdict("product / Node ws", ours / rates["Node ws"], ">=", 1)
    else:
        print("  npm can't be reached: no row for Node")
    verdict("product / Channels", ours / rates["Channels"], ">=", 10)
    _print_sending(stage, room_id, tokens, ours / 2, seconds)


def _print_sending(stage: Stage, room_id: UUID, tokens: list[str], half: float, seconds: float) -> None:
    sent, floor = sending.message_sent(stage, room_id, tokens, half, seconds)
    stalled = sending.stalled_reader(stage, room_id, tokens, half, seconds)
    rows = {
        "message_sent": sent,
        "one commit, at the same time": floor,
        "delivery": stalled.without,
        "delivery beside a stalled reader": stalled.beside,
    }
    told = (
        [name, *(f"{each * 1000:.1f}" for each in (waits.p50, waits.p99))] for name, waits in rows.items()
    )
    table([f"with {half:,.0f} deliveries/s in the room", "p50 ms", "p99 ms"], told)
    verdict("p99 beside a stalled reader", stalled.beside.p99 / stalled.without.p99, "<=", 1.5)
    print(f"  the stalled reader was closed with {stalled.close_code}", flush=True)


def _large_room(stage: Stage, crowd: int) -> None:
    from bench.realtime.people import people, room_of, tokens_of  # noqa: PLC0415 - after setup

    users = people(crowd)
    tokens = tokens_of(users)
    for start in range(0, crowd, 10):
        room_of(users[start : start + 10])
    measured = crowds.measure(stage, tokens)
    rows = [
        ["all in", f"{measured.arrival:.1f} s"],
        ["all back after a kill", f"{measured.back:.1f} s"],
        ["of these told to fetch anew", f"{measured.errors}"],
        ["database connections meanwhile, at most", f"{measured.connections}"],
    ]
    table([f"{crowd:,} sockets, each of a person in a room of ten", "found"], rows)
    verdict("KiB an idle socket", measured.resident / 1024, "<=", 25)
    small, large = room_of(users[:10]), room_of(users)
    in_small, in_large = sending.send_p50(stage, (small, tokens[0]), (large, tokens[0]), 300)
    rows = [[f"of {size:,}", f"{p50 * 1000:.2f}"] for size, p50 in ((10, in_small), (crowd, in_large))]
    table(["message_sent in a room", "p50 ms"], rows)
    verdict(f"{crowd:,} / 10 members", in_large / in_small, "<=", 1.5)


def _print_unread() -> None:
    from bench.realtime import unread  # noqa: PLC0415 - after setup

    few, many = unread.measure(1_000, 1_000_000)
    rows = [["1,000 messages", f"{few * 1000:.3f}"], ["1,000,000 messages", f"{many * 1000:.3f}"]]
    table(["unread count of", "ms"], rows)
    verdict("1,000,000 / 1,000", many / few, "<=", 1.2)


if __name__ == "__main__":
    main()
