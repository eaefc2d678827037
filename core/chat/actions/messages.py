"""Changing and deleting what was said."""

from uuid import UUID

from django.db import transaction
from django.utils import timezone

from core.accounts.models import User
from core.chat import rules
from core.chat.access import own_message
from core.chat.models import Message
from core.chat.posts import DELETED_CONTENT
from core.errors import Invalid
from core.jobs import chat as jobs


@transaction.atomic
def edit_message(*, actor: User, message_id: UUID, content: str) -> Message:
    """Say something else instead. Invalid, Forbidden, MessageNotFound."""
    message = own_message(actor, message_id)
    if message.file_id is not None:
        raise Invalid(content="A file cannot be edited.")
    rules.require_content(content)
    message.content, message.edited_at = content, timezone.now()
    message.save(update_fields=["content", "edited_at"])
    jobs.announce_edit(message_id=message.id)
    return message


@transaction.atomic
def delete_message(*, actor: User, message_id: UUID) -> None:
    """Take back what one said; its place stays. Forbidden, MessageNotFound."""
    _delete(own_message(actor, message_id))


@transaction.atomic
def moderate_message(*, message_id: UUID) -> bool:
    """Delete anybody's message: for administrators. Whether it was there to be deleted."""
    message = Message.objects.select_for_update(no_key=True).filter(id=message_id, deleted_at=None).first()
    if message is None:
        return False
    _delete(message)
    return True


def _delete(message: Message) -> None:
    """Its words go for good, and so does its file."""
    message.content, message.file = DELETED_CONTENT, None
    message.deleted_at = timezone.now()
    message.save(update_fields=["content", "file", "deleted_at"])
    jobs.announce_deletion(message_id=message.id)
