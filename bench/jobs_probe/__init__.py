"""Tasks that do nothing, for bench.jobs."""
