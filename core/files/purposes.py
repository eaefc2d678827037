"""What may be sent for each purpose, how large, and where it lies."""

from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings

from core.accounts.models import User, UserType
from core.files.kinds import BY_EXTENSION, Kind
from core.files.models import Purpose

_PICTURES = ("jpg", "png", "webp", "gif")
_ATTACHMENTS = ("pdf", "doc", "docx", "xls", "xlsx", "txt", "csv", "jpg", "png", "gif", "webp")
_CHAT = (
    *("jpg", "png", "gif", "webp", "pdf", "doc", "docx", "txt"),
    *("zip", "rar", "mp3", "wav", "m4a", "mp4", "avi", "mov"),
)
_ROLE_FOLDERS = {
    UserType.ACCOUNTANT: "accountants",
    UserType.CLIENT: "clients",
    UserType.ACADEMIC: "academics",
}


def _picture_folder(owner: User) -> str:
    return f"profile_pictures/{_ROLE_FOLDERS[UserType(owner.user_type)]}"


def _always(folder: str) -> Callable[[User], str]:
    return lambda owner: folder


@dataclass(frozen=True, slots=True)
class Rules:
    """The rules of a purpose."""

    kinds: tuple[Kind, ...]
    folder: Callable[[User], str]
    limit_setting: str = "UPLOAD_MAX_BYTES"
    thumbnails: tuple[int, ...] = ()

    @property
    def max_bytes(self) -> int:
        """The largest file taken."""
        return int(getattr(settings, self.limit_setting))


def _kinds(extensions: tuple[str, ...]) -> tuple[Kind, ...]:
    return tuple(BY_EXTENSION[extension] for extension in extensions)


RULES: dict[Purpose, Rules] = {
    Purpose.PROFILE_PICTURE: Rules(_kinds(_PICTURES), _picture_folder, thumbnails=(128, 512)),
    Purpose.PROFILE_ATTACHMENT: Rules(_kinds(_ATTACHMENTS), _always("profile_attachments")),
    Purpose.SERVICE_ATTACHMENT: Rules(_kinds(_ATTACHMENTS), _always("service_attachments")),
    Purpose.BOOKING_CV: Rules(_kinds(_ATTACHMENTS), _always("booking_cvs")),
    Purpose.CHAT_FILE: Rules(
        _kinds(_CHAT), _always("chat_files"), "CHAT_UPLOAD_MAX_BYTES", thumbnails=(512,)
    ),
}
