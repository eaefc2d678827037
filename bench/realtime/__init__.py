"""Sockets under load, side by side with their peers."""
