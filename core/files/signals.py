"""For the parts that show files: core.files knows none of them."""

from django.dispatch import Signal

file_settled = Signal()
"""Sent with stored_file, ready or rejected, in the transaction that settles it, by a worker."""
