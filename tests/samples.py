"""Files as users send them, made on the spot: the smallest that are truly what they say."""

import io
import struct
import zipfile

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

_OFFICE = "application/vnd.openxmlformats-officedocument"
_MAIN = {
    "docx": ("word/document.xml", f"{_OFFICE}.wordprocessingml.document.main+xml"),
    "xlsx": ("xl/workbook.xml", f"{_OFFICE}.spreadsheetml.sheet.main+xml"),
}
EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


def picture(image_format: str = "JPEG", size: tuple[int, int] = (40, 20), *, orientation: int = 0) -> bytes:
    """A picture, red on its left half; a JPEG with an orientation says where it was taken too."""
    image = Image.new("RGB", size, "white")
    image.paste("red", (0, 0, size[0] // 2, size[1]))
    target = io.BytesIO()
    options = {}
    if orientation:
        exif = Image.Exif()
        exif[0x0112] = orientation
        exif.get_ifd(0x8825)[1] = "N"
        options["exif"] = exif
    image.save(target, image_format, **options)
    return target.getvalue()


def pdf(text: str = "Attestation fiscale") -> bytes:
    """One page of PDF with a true table of objects."""
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 100] >>",
        f"<< /Title ({text}) >>".encode(),
    ]
    body, offsets = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, 1):
        offsets.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    return body + (
        b"xref\n0 5\n0000000000 65535 f \n%s"
        b"trailer\n<< /Size 5 /Root 1 0 R /Info 4 0 R >>\nstartxref\n%d\n%%%%EOF\n"
    ) % (table, len(body))


def office(extension: str, **more: bytes) -> bytes:
    """A DOCX or XLSX with its main part, and more entries by name."""
    part, content_type = _MAIN[extension]
    types = (
        '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        f'<Override PartName="/{part}" ContentType="{content_type}"/></Types>'
    )
    return archive(**{"[Content_Types].xml": types.encode(), part: b"<document/>"} | more)


def archive(**entries: bytes) -> bytes:
    """A ZIP file of these entries."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as zipped:
        for name, content in entries.items():
            zipped.writestr(name, content)
    return target.getvalue()


def ole(stream: str = "WordDocument") -> bytes:
    """A compound file (DOC, XLS) with one stream: header, allocation table, directory, content."""
    end, free, table = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16)
    header += struct.pack("<HHHHH6x", 0x3E, 3, 0xFFFE, 9, 6)
    header += struct.pack("<IIIIIIIII", 0, 1, 1, 0, 4096, end, 0, end, 0)
    header += struct.pack("<I", 0) + struct.pack("<I", free) * 108
    chain = [table, end, *range(3, 10), end]
    allocation = b"".join(struct.pack("<I", sector) for sector in chain).ljust(512, b"\xff")
    directory = _ole_entry("Root Entry", 5, child=1, start=end, size=0)
    directory += _ole_entry(stream, 2, child=free, start=2, size=4096)
    directory += _ole_entry("", 0, child=free, start=0, size=0) * 2
    return header + allocation + directory + bytes(4096)


def _ole_entry(name: str, kind: int, *, child: int, start: int, size: int) -> bytes:
    encoded = f"{name}\x00".encode("utf-16-le") if name else b""
    none = 0xFFFFFFFF
    return (
        encoded.ljust(64, b"\x00")
        + struct.pack("<HBB", len(encoded), kind, 1)
        + struct.pack("<III", none, none, child)
        + bytes(36)
        + struct.pack("<IQ", start, size)
    )


def upload(name: str, content: bytes, content_type: str = "application/octet-stream") -> SimpleUploadedFile:
    """The file as a client names and labels it."""
    return SimpleUploadedFile(name, content, content_type)


SAMPLES: dict[str, bytes] = {
    "pdf": pdf(),
    "doc": ole("WordDocument"),
    "xls": ole("Workbook"),
    "docx": office("docx"),
    "xlsx": office("xlsx"),
    "txt": "تصريح جبائي\n".encode(),
    "csv": b"name,price\nAudit,8000\n",
    "jpg": picture("JPEG"),
    "jpeg": picture("JPEG"),
    "png": picture("PNG"),
    "gif": picture("GIF"),
    "webp": picture("WEBP"),
    "zip": archive(a=b"a"),
    "rar": b"Rar!\x1a\x07\x01\x00" + bytes(32),
    "mp3": b"ID3\x04" + bytes(64),
    "wav": b"RIFF\x24\x00\x00\x00WAVEfmt " + bytes(32),
    "m4a": b"\x00\x00\x00\x20ftypM4A " + bytes(32),
    "mp4": b"\x00\x00\x00\x20ftypisom" + bytes(32),
    "avi": b"RIFF\x24\x00\x00\x00AVI LIST" + bytes(32),
    "mov": b"\x00\x00\x00\x14ftypqt  " + bytes(32),
}
"""One of each kind, by extension."""
