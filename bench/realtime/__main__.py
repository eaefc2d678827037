"""python -m bench.realtime [seconds a measurement] [sockets in a crowd]"""

import os
import platform
import subprocess
import sys
from contextlib import ExitStack
from importlib.metadata import version
from pathlib import Path
from uuid import UUID

from bench.realtime import crowds, fanout, sending
from bench.realtime.product import Stage, set_stage
from bench.realtime.sockets import raise_limit
from local.binaries import valkey_server

CROWD = 10_000
# What the server and the client need beside their sockets.
_SPARE = 500


def main() -> None:
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 5.0
    crowd = int(sys.argv[2]) if len(sys.argv) > 2 else CROWD
    crowd = min(crowd, raise_limit() - _SPARE)
    _print_machine()
    with ExitStack() as stack:
        stage = set_stage(stack)
        _room_of_500(stage, seconds)
        _large_room(stage, crowd)
        _print_unread()


def _print_machine() -> None:
    model = [line for line in Path("/proc/cpuinfo").read_text().splitlines() if line.startswith("model name")]
    cpu = model[0].partition(":")[2].strip() if model else platform.machine()
    print(f"{os.cpu_count()} cores, {cpu}; Linux {platform.release()}; Python {platform.python_version()}")
    packages = ", ".join(
        f"{name} {version(name)}" for name in ("uvicorn", "channels", "channels_redis", "picows")
    )
    others = [[str(valkey_server()), "--version"], ["node", "--version"]]
    print(", ".join([packages, *map(_said, others)]), flush=True)


def _said(command: list[str]) -> str:
    try:
        said = subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        return f"no {command[0]}"
    name = Path(command[0]).name
    return said[:40] if said.lower().startswith("valkey") else f"{name} {said[:40]}"


def _room_of_500(stage: Stage, seconds: float) -> None:
    from bench.realtime.people import people, room_of, tokens_of  # noqa: PLC0415 - after setup

    users = people(fanout.SOCKETS)
    room_id, tokens = room_of(users), tokens_of(users)
    rates = fanout.measure(stage, room_id, tokens, seconds)
    ours = rates["product"]
    print(f"\n{fanout.SOCKETS} sockets in one room, deliveries a second")
    for name, rate in rates.items():
        print(f"  {name:<40}{rate:>12,.0f}")
    if "Node ws" in rates:
        _verdict("product / Node ws", ours / rates["Node ws"], ">=", 1)
    else:
        print("  npm can't be reached: no row for Node")
    _verdict("product / Channels", ours / rates["Channels"], ">=", 10)
    _print_sending(stage, room_id, tokens, ours / 2, seconds)


def _print_sending(stage: Stage, room_id: UUID, tokens: list[str], half: float, seconds: float) -> None:
    sent, floor = sending.message_sent(stage, room_id, tokens, half, seconds)
    print(f"\nat {half:,.0f} deliveries a second, ms{'p50':>28}{'p99':>10}")
    for name, waits in (("message_sent", sent), ("one commit, at the same time", floor)):
        print(f"  {name:<40}{waits.p50 * 1000:>10.1f}{waits.p99 * 1000:>10.1f}")
    stalled = sending.stalled_reader(stage, room_id, tokens, half, seconds)
    rows = (("delivery", stalled.without), ("delivery beside a stalled reader", stalled.beside))
    for name, waits in rows:
        print(f"  {name:<40}{waits.p50 * 1000:>10.1f}{waits.p99 * 1000:>10.1f}")
    _verdict("p99 beside a stalled reader", stalled.beside.p99 / stalled.without.p99, "<=", 1.5)
    print(f"  the stalled reader was closed with {stalled.close_code}", flush=True)


def _large_room(stage: Stage, crowd: int) -> None:
    from bench.realtime.people import people, room_of, tokens_of  # noqa: PLC0415 - after setup

    users = people(crowd)
    tokens = tokens_of(users)
    for start in range(0, crowd, 10):
        room_of(users[start : start + 10])
    print(f"\n{crowd:,} sockets, each of a person in a room of ten")
    measured = crowds.measure(stage, tokens)
    print(f"  {'all in, seconds':<40}{measured.arrival:>12.1f}")
    print(f"  {'all back after a kill, seconds':<40}{measured.back:>12.1f}")
    print(f"  {'of these told to fetch anew':<40}{measured.errors:>12}")
    print(f"  {'database connections meanwhile, at most':<40}{measured.connections:>12}")
    _verdict("KiB an idle socket", measured.resident / 1024, "<=", 25)
    small, large = room_of(users[:10]), room_of(users)
    in_small, in_large = sending.send_p50(stage, (small, tokens[0]), (large, tokens[0]), 300)
    print(f"\nmessage_sent, p50 in ms: {in_small * 1000:.2f} in a room of 10,", end=" ")
    print(f"{in_large * 1000:.2f} in one of {crowd:,}")
    _verdict(f"{crowd:,} / 10 members", in_large / in_small, "<=", 1.5)


def _print_unread() -> None:
    from bench.realtime import unread  # noqa: PLC0415 - after setup

    few, many = unread.measure(1_000, 1_000_000)
    print(f"\nunread count, ms: {few * 1000:.3f} of 1,000 messages, {many * 1000:.3f} of 1,000,000")
    _verdict("1,000,000 / 1,000", many / few, "<=", 1.2)


def _verdict(what: str, ratio: float, sign: str, goal: float) -> None:
    met = ratio >= goal if sign == ">=" else ratio <= goal
    print(f"  {what}: {ratio:.2f} (goal {sign} {goal}: {'met' if met else 'MISSED'})", flush=True)


if __name__ == "__main__":
    main()
