"""Pictures: measured before they are decoded, turned upright, and written anew without metadata."""

import struct
import warnings
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from typing import IO

from PIL import Image, ImageOps, ImageSequence

MAX_PIXELS = 25_000_000
MAX_ANIMATION_PIXELS = 100_000_000
MAX_FRAMES = 500
_ANIMATED = ("GIF", "WEBP")
# What Pillow raises of damaged pictures.
_FAULTS = (
    *(OSError, EOFError, SyntaxError, struct.error, zlib.error),
    *(ValueError, OverflowError, KeyError, IndexError, TypeError),
)
_SAVE: dict[str, dict[str, object]] = {
    "JPEG": {"quality": 88, "optimize": True, "progressive": True},
    "PNG": {"optimize": False},
    "WEBP": {"quality": 88, "method": 4},
    "GIF": {},
}


class BadImage(Exception):
    """The picture can't be used; the message is for its owner."""


def require_sane_header(file: IO[bytes], image_format: str) -> None:
    """The header is of this format and declares a size within limits; nothing is decoded."""
    with _opened(file, image_format):
        pass
    file.seek(0)


def rewrite(file: IO[bytes], image_format: str) -> BytesIO:
    """The same picture, upright, without metadata or anything behind its end. Raises BadImage."""
    with _opened(file, image_format) as image:
        frames = _frames(image, image_format)
        target = BytesIO()
        options = dict(_SAVE[image_format])
        if len(frames) > 1:
            options |= _animation(image, frames)
        frames[0].save(target, image_format, **options)
    target.seek(0)
    return target


def thumbnail(file: IO[bytes], image_format: str, side: int) -> BytesIO:
    """The picture's middle as a square WebP of so many pixels a side."""
    with _opened(file, image_format) as image:
        image.draft("RGB", (side, side))
        square = ImageOps.fit(_plain(image, "WEBP"), (side, side), Image.Resampling.LANCZOS)
        target = BytesIO()
        square.save(target, "WEBP", quality=82, method=4)
    target.seek(0)
    return target


@contextmanager
def _opened(file: IO[bytes], image_format: str) -> Iterator[Image.Image]:
    file.seek(0)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with Image.open(file, formats=[image_format]) as image:
                _require_within_limits(image)
                yield image
    except Image.DecompressionBombError as error:
        raise BadImage(_too_large()) from error
    except _FAULTS as error:
        raise BadImage("The image is damaged and can't be read.") from error


def _require_within_limits(image: Image.Image) -> None:
    if image.width * image.height > MAX_PIXELS:
        raise BadImage(_too_large())


def _too_large() -> str:
    return f"The image has more than {MAX_PIXELS // 1_000_000} million pixels."


def _frames(image: Image.Image, image_format: str) -> list[Image.Image]:
    count = getattr(image, "n_frames", 1) if image_format in _ANIMATED else 1
    if count == 1:
        return [_plain(image, image_format)]
    if count > MAX_FRAMES or count * image.width * image.height > MAX_ANIMATION_PIXELS:
        raise BadImage("The animation has too many frames.")
    return [frame.convert("RGBA") for frame in ImageSequence.Iterator(image)]


def _animation(image: Image.Image, frames: list[Image.Image]) -> dict[str, object]:
    durations = [int(frame.info.get("duration", 100)) for frame in ImageSequence.Iterator(image)]
    return {
        "save_all": True,
        "append_images": frames[1:],
        "duration": durations,
        "loop": int(image.info.get("loop", 0)),
        "disposal": 2,
    }


def _plain(image: Image.Image, image_format: str) -> Image.Image:
    """Upright pixels alone, in a mode the format can hold."""
    upright = ImageOps.exif_transpose(image)
    has_alpha = upright.mode in {"RGBA", "LA", "PA"} or "transparency" in upright.info
    mode = "RGBA" if has_alpha and image_format != "JPEG" else "RGB"
    if upright.mode == "L":
        mode = "L"
    plain = upright.convert(mode)
    plain.info.clear()
    return plain
