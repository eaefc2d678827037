"""Sockets under load, side by side with their peers: python -m bench.realtime [row…]."""
