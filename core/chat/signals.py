"""What chat does when a file is settled, in the transaction that settles it."""

from typing import Any

from django.dispatch import receiver

from core.chat.actions.files import settle_file
from core.files.models import Purpose, StoredFile
from core.files.signals import file_settled


@receiver(file_settled)
def say_file(stored_file: StoredFile, **_: Any) -> None:
    if stored_file.purpose == Purpose.CHAT_FILE:
        settle_file(stored_file=stored_file)
