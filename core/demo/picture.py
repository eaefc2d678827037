"""The chart that is sent in the demo's class."""

import io

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageDraw, ImageFont

from core.files.acceptance import CheckedUpload, check_upload
from core.files.models import Purpose

NAME = "tva-par-mois.png"
_SIZE = (720, 720)
_MONTHS = {
    "Juin": (62, 41),
    "Juil": (58, 39),
    "Août": (35, 30),
    "Sept": (71, 44),
    "Oct": (84, 52),
    "Nov": (78, 61),
}
_COLLECTED, _DEDUCTED, _INK, _GRID = "#0f766e", "#f59e0b", "#334155", "#e2e8f0"
_FLOOR, _STEP, _SCALE = 640, 104, 5


def chart() -> CheckedUpload:
    """Drawn on the spot, as a PNG that passes for any upload."""
    image = Image.new("RGB", _SIZE, "white")
    _draw(ImageDraw.Draw(image))
    target = io.BytesIO()
    image.save(target, "PNG", optimize=True)
    return check_upload(SimpleUploadedFile(NAME, target.getvalue(), "image/png"), Purpose.CHAT_FILE)


def _draw(on: ImageDraw.ImageDraw) -> None:
    on.text((60, 28), "TVA par mois, en milliers de DA", fill=_INK, font=ImageFont.load_default(30))
    for value in range(0, 100, 20):
        height = _FLOOR - value * _SCALE
        on.line((60, height, 690, height), fill=_GRID, width=2)
        on.text((22, height - 10), str(value), fill=_INK, font=ImageFont.load_default(18))
    for number, (month, (collected, deducted)) in enumerate(_MONTHS.items()):
        left = 75 + number * _STEP
        _bar(on, left, collected, _COLLECTED)
        _bar(on, left + 40, deducted, _DEDUCTED)
        on.text((left + 14, _FLOOR + 14), month, fill=_INK, font=ImageFont.load_default(20))
    for left, colour, label in ((60, _COLLECTED, "collectée"), (220, _DEDUCTED, "déductible")):
        on.rectangle((left, 90, left + 18, 108), fill=colour)
        on.text((left + 28, 86), label, fill=_INK, font=ImageFont.load_default(20))


def _bar(on: ImageDraw.ImageDraw, left: int, value: int, colour: str) -> None:
    on.rectangle((left, _FLOOR - value * _SCALE, left + 34, _FLOOR), fill=colour)
