"""A booking shows a CV that was sent later once it is ready, in the same transaction."""

from typing import Any

from django.dispatch import receiver

from core.bookings.actions.update import show_cv
from core.files.models import FileState, Purpose, StoredFile
from core.files.signals import file_settled


@receiver(file_settled, sender=StoredFile)
def show_ready_cv(stored_file: StoredFile, **_: Any) -> None:
    if stored_file.purpose == Purpose.BOOKING_CV and stored_file.state == FileState.READY:
        show_cv(stored_file=stored_file)
