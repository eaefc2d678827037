"""`make bench`: every benchmark, one after another. Each also runs alone: python -m bench.browse."""

import runpy
import sys

BENCHMARKS = ("wsgi", "browse", "notifications", "bookings", "jobs", "realtime")


def main() -> None:
    chosen = sys.argv[1:] or BENCHMARKS
    for name in chosen:
        print(f"\n== {name}\n", flush=True)
        sys.argv = [f"bench.{name}"]
        runpy.run_module(f"bench.{name}", run_name="__main__")


if __name__ == "__main__":
    main()
