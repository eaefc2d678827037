"""`make bench`: every benchmark, one after another. Each also runs alone: python -m bench.browse."""

import subprocess
import sys

BENCHMARKS = ("wsgi", "browse", "notifications", "bookings", "jobs", "realtime")


def main() -> None:
    """Each in a process of its own: settings, connections and servers are a process's."""
    for name in sys.argv[1:] or BENCHMARKS:
        print(f"\n== {name}\n", flush=True)
        status = subprocess.run([sys.executable, "-m", f"bench.{name}"], check=False).returncode
        if status:
            raise SystemExit(status)


if __name__ == "__main__":
    main()
