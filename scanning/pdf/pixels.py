"""Pixels: a picture put into a PDF, with its own bytes wherever PDF knows their kind.

JPEG is kept byte for byte, PNG too if it is neither interlaced nor transparent nor of sixteen
bits. Black and white becomes fax group 4, other pictures deflate, both without loss. WebP and
HEIC, which PDF does not know, become JPEG of high quality.
"""

import struct
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from PIL import Image, ImageOps

from scanning import originals
from scanning.pdf.writing import Objects

PHOTO_QUALITY = 92
EXIF_ORIENTATION = 0x0112
STRIP_OFFSETS, ROWS_PER_STRIP, STRIP_BYTES = 273, 278, 279  # TIFF 6.0, section 8

GREY, RGB, CMYK = b"/DeviceGray", b"/DeviceRGB", b"/DeviceCMYK"
COLOURS = {"1": GREY, "L": GREY, "RGB": RGB, "CMYK": CMYK}
ADOBE = b" /Decode [1 0 1 0 1 0 1 0]"  # Adobe writes ink the other way round.
PREDICTED = (
    b" /Filter /FlateDecode /DecodeParms"
    b" << /Predictor 15 /Colors %d /BitsPerComponent %d /Columns %d >>"
)
FAX = (
    b" /Filter /CCITTFaxDecode /DecodeParms << /K -1 /Columns %d /Rows %d /BlackIs1 true"
    b" /EndOfBlock false >>"
)


@dataclass(frozen=True)
class Stored:
    """A picture in a PDF: its object, its upright size, its EXIF orientation, its colours."""

    number: int
    size: tuple[int, int]
    orientation: int
    colours: bytes


def store(objects: Objects, original: Path, image: Image.Image) -> Stored:
    """The page `image` of the file `original` put into the PDF."""
    if image.format in {"JPEG", "MPO"}:
        return _as_it_came(objects, image, COLOURS[image.mode], 8, _jpeg(original, image))
    if image.format == "PNG" and (own := _png(original)) is not None:
        colours, bits, data = own
        return _as_it_came(objects, image, colours, bits, data)
    plain = ImageOps.exif_transpose(image)
    if image.format in {"WEBP", "HEIF"} or plain.mode not in {"1", "L", "RGB"}:
        plain = Image.fromarray(originals.flat_rgb(plain))
    if image.format in {"WEBP", "HEIF"}:
        encoded = _saved(plain, "JPEG"), b" /Filter /DCTDecode"
    elif plain.mode == "1":
        encoded = _faxed(plain), FAX % plain.size
    else:
        encoded = _deflated(plain)
    number = _put(objects, plain.size, COLOURS[plain.mode], 1 if plain.mode == "1" else 8, encoded)
    return Stored(number, plain.size, 1, COLOURS[plain.mode])


def _as_it_came(
    objects: Objects, image: Image.Image, colours: bytes, bits: int, encoded: tuple[bytes, bytes]
) -> Stored:
    orientation = image.getexif().get(EXIF_ORIENTATION, 1)
    upright = image.size[::-1] if orientation > 4 else image.size
    number = _put(objects, image.size, colours, bits, encoded)
    return Stored(number, upright, orientation, colours)


def _put(
    objects: Objects,
    size: tuple[int, int],
    colours: bytes,
    bits: int,
    encoded: tuple[bytes, bytes],
) -> int:
    data, filtered = encoded
    entries = b"/Type /XObject /Subtype /Image /Width %d /Height %d" % size
    entries += b" /ColorSpace %s /BitsPerComponent %d" % (colours, bits)
    return objects.add_stream(data, entries + filtered, compress=False)


def _jpeg(original: Path, image: Image.Image) -> tuple[bytes, bytes]:
    inverted = ADOBE if image.mode == "CMYK" and "adobe" in image.info else b""
    return original.read_bytes(), inverted + b" /Filter /DCTDecode"


def _png(original: Path) -> tuple[bytes, int, tuple[bytes, bytes]] | None:
    """Colours, bits, and the compressed rows, if they are such as PDF can hold."""
    data = original.read_bytes()
    width, _, bits, kind, _, _, interlaced = struct.unpack(">IIBBBBB", data[16:29])
    # Scanners' PNG come in pieces of 8 kB: added one to the next, each would copy all before it.
    pieces = defaultdict[bytes, list[bytes]](list)
    for name, part in _chunks(data):
        pieces[name].append(part)
    found = {name: b"".join(parts) for name, parts in pieces.items()}
    if interlaced or bits > 8 or b"tRNS" in found or kind not in {0, 2, 3}:
        return None
    colours = {0: GREY, 2: RGB}.get(kind) or _palette(found[b"PLTE"])
    return colours, bits, (found[b"IDAT"], PREDICTED % (3 if kind == 2 else 1, bits, width))


def _chunks(png: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = 8
    while at + 8 <= len(png):
        length, name = struct.unpack(">I4s", png[at : at + 8])
        yield name, png[at + 8 : at + 8 + length]
        at += 12 + length


def _palette(colours: bytes) -> bytes:
    return b"[/Indexed /DeviceRGB %d <%s>]" % (len(colours) // 3 - 1, colours.hex().encode())


def _deflated(image: Image.Image) -> tuple[bytes, bytes]:
    """The rows as PNG would compress them."""
    rows = b"".join(part for name, part in _chunks(_saved(image, "PNG")) if name == b"IDAT")
    return rows, PREDICTED % (3 if image.mode == "RGB" else 1, 8, image.width)


def _faxed(image: Image.Image) -> bytes:
    """Fax group 4, as one strip of a TIFF; there a set bit is white."""
    out = BytesIO()
    image.save(out, "TIFF", compression="group4", tiffinfo={ROWS_PER_STRIP: image.height})
    with Image.open(out, formats=["TIFF"]) as made:
        tags = made.getexif()
        start, length = tags[STRIP_OFFSETS], tags[STRIP_BYTES]
    (start,) = start if isinstance(start, tuple) else (start,)
    (length,) = length if isinstance(length, tuple) else (length,)
    return out.getvalue()[start : start + length]


def _saved(image: Image.Image, kind: str) -> bytes:
    out = BytesIO()
    image.save(out, kind, quality=PHOTO_QUALITY)
    return out.getvalue()
