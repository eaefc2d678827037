"""Finding the file behind a path under /media/."""

from dataclasses import dataclass
from pathlib import PurePosixPath
from uuid import UUID

from core.errors import DomainError, NotFound
from core.files.deletion import unreferenced
from core.files.kinds import SHOWN_INLINE, kind_of
from core.files.models import FileState, StoredFile


class NotReady(DomainError):
    """The file is still being processed: it can be had in a moment."""

    default = "Not found."


@dataclass(frozen=True, slots=True)
class Servable:
    """What to serve and how: a ready file or one of its thumbnails."""

    key: str
    filename: str
    content_type: str
    is_inline: bool
    etag: str


def servable(key: str) -> Servable:
    """What lies at a key. NotFound if nothing is to be served there, NotReady while pending.

    A file that was replaced is nobody's any more: it is gone before its bytes are.
    """
    stem = PurePosixPath(key).stem
    stored_file = StoredFile.objects.filter(id=_id_in(stem), condemned_at=None).first()
    if stored_file is None or unreferenced().filter(id=stored_file.id).exists():
        raise NotFound
    if stored_file.state == FileState.PENDING and key == stored_file.key:
        raise NotReady
    if stored_file.state != FileState.READY:
        raise NotFound
    return _form(stored_file, key)


def _form(stored_file: StoredFile, key: str) -> Servable:
    kind = kind_of(stored_file.content_type)
    if key == stored_file.key:
        return Servable(
            key=key,
            filename=stored_file.original_name,
            content_type=stored_file.content_type,
            is_inline=kind.family in SHOWN_INLINE,
            etag=f'"{stored_file.sha256[:32]}"',
        )
    for size in stored_file.thumbnail_sizes:
        if key == stored_file.thumbnail_key(size):
            etag = f'"{stored_file.sha256[:32]}-{size}"'
            name = f"{PurePosixPath(stored_file.original_name).stem}_{size}.webp"
            return Servable(key, name, "image/webp", True, etag)
    raise NotFound


def _id_in(stem: str) -> UUID:
    try:
        return UUID(stem.partition("_")[0])
    except ValueError:
        raise NotFound from None
