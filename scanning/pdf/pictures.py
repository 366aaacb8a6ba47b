"""Pictures made into a PDF, page by page, each kept as well as it came."""

import struct
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path

import numpy as np
from PIL import Image, ImageOps

from scanning import originals
from scanning.pdf import glyphless, words
from scanning.pdf.words import Codes, Matrix
from scanning.pdf.writing import HEADER, Objects
from scanning.reading import PageReading

A4_HEIGHT = 842.0  # points; what a picture of unknown resolution is taken to be high
PHOTO_QUALITY = 92
POINTS = 72.0  # an inch
EXIF_ORIENTATION = 0x0112

JPEG = b" /Filter /DCTDecode"
LOSSLESS = (
    b" /Filter /FlateDecode /DecodeParms"
    b" << /Predictor 15 /Colors %d /BitsPerComponent %d /Columns %d >>"
)
COLOURS = {"1": b"/DeviceGray", "L": b"/DeviceGray", "RGB": b"/DeviceRGB", "CMYK": b"/DeviceCMYK"}

# EXIF orientation: where the unit square of the stored picture goes to on the upright page,
# as PDF's six numbers.
UPRIGHT = {
    1: (1, 0, 0, 1, 0, 0), 2: (-1, 0, 0, 1, 1, 0), 3: (-1, 0, 0, -1, 1, 1), 4: (1, 0, 0, -1, 0, 1),
    5: (0, -1, -1, 0, 1, 1), 6: (0, -1, 1, 0, 0, 1), 7: (0, 1, 1, 0, 0, 0), 8: (0, 1, -1, 0, 1, 0),
}  # fmt: skip


def write_pictures(original: Path, readings: Mapping[int, PageReading], target: Path) -> None:
    """A new PDF with one page for each of the original's."""
    with target.open("wb") as file:
        file.write(HEADER)
        objects, codes = Objects(file), Codes()
        font, tree = objects.reserve(), objects.reserve()
        pages = [
            _page(objects, original, image, readings.get(number), codes, (font, tree))
            for number, image in enumerate(originals.each_page(original), 1)
        ]
        glyphless.write(objects, codes.lent, font)
        kids = b" ".join(b"%d 0 R" % page for page in pages)
        objects.put(tree, b"<< /Type /Pages /Count %d /Kids [%s] >>" % (len(pages), kids))
        root = objects.add(b"<< /Type /Catalog /Pages %d 0 R >>" % tree)
        objects.finish({b"Root": b"%d 0 R" % root})


def _page(
    objects: Objects,
    original: Path,
    image: Image.Image,
    reading: PageReading | None,
    codes: Codes,
    font_and_tree: tuple[int, int],
) -> int:
    """One page: its picture, the words over it; the number of its object."""
    stored, size, orientation = _stored(objects, original, image)
    reading = reading or _unread(size)
    points = POINTS / (reading.dpi or max(reading.width, reading.height) * POINTS / A4_HEIGHT)
    width, height = reading.width * points, reading.height * points
    centre = np.array([[points, 0, width / 2], [0, points, height / 2], [0, 0, 1]])
    drawn = words.six(centre @ _laid(reading) @ _upright(orientation))
    text = words.content(reading, centre @ words.from_centre(reading), codes)
    content = objects.add_stream(b"q %s cm /Page Do Q\n%s" % (drawn, text))
    font, tree = font_and_tree
    return objects.add(
        b"<< /Type /Page /Parent %d 0 R /MediaBox [0 0 %.3f %.3f] /Contents %d 0 R"
        b" /Resources << /XObject << /Page %d 0 R >> /Font << /%s %d 0 R >> >> >>"
        % (tree, width, height, content, stored, words.FONT_NAME.encode(), font)
    )


def _unread(size: tuple[int, int]) -> PageReading:
    return PageReading(1, (), 0, 0.0, *size, 0, "", "", "ocr")


def _laid(reading: PageReading) -> Matrix:
    """From the unit square to the picture about its centre, turned and straightened."""
    width, height = words.before_straightening(reading)
    if reading.rotation % 180:
        width, height = height, width
    square = np.array([[width, 0, -width / 2], [0, height, -height / 2], [0, 0, 1]])
    turned: Matrix = words.clockwise(reading.rotation + reading.skew) @ square
    return turned


def _upright(orientation: int) -> Matrix:
    a, b, c, d, e, f = UPRIGHT.get(orientation, UPRIGHT[1])
    return np.array([[a, c, e], [b, d, f], [0, 0, 1]], np.float64)


def _stored(
    objects: Objects, original: Path, image: Image.Image
) -> tuple[int, tuple[int, int], int]:
    """The picture put into the PDF: its object, its upright size, its EXIF orientation."""
    if image.format in {"JPEG", "MPO"}:
        orientation = image.getexif().get(EXIF_ORIENTATION, 1)
        upright = image.size[::-1] if orientation > 4 else image.size
        return _put(objects, image, original.read_bytes(), JPEG), upright, orientation
    plain = ImageOps.exif_transpose(image)
    if image.format in {"WEBP", "HEIF"}:
        plain = Image.fromarray(originals.flat_rgb(plain))
        return _put(objects, plain, _saved(plain, "JPEG"), JPEG), plain.size, 1
    if plain.mode not in {"1", "L", "RGB"}:
        plain = Image.fromarray(originals.flat_rgb(plain))
    return _put(objects, plain, _png_data(_saved(plain, "PNG")), LOSSLESS), plain.size, 1


def _put(objects: Objects, image: Image.Image, data: bytes, filtered: bytes) -> int:
    bits = 1 if image.mode == "1" else 8
    entries = b"/Type /XObject /Subtype /Image /Width %d /Height %d" % image.size
    entries += b" /ColorSpace %s /BitsPerComponent %d" % (COLOURS[image.mode], bits)
    if filtered is LOSSLESS:
        colours = 3 if image.mode == "RGB" else 1
        filtered = filtered % (colours, bits, image.width)
    elif image.mode == "CMYK" and "adobe" in image.info:
        entries += b" /Decode [1 0 1 0 1 0 1 0]"  # Adobe writes ink the other way round.
    return objects.add_stream(data, entries + filtered, compress=False)


def _saved(image: Image.Image, kind: str) -> bytes:
    out = BytesIO()
    image.save(out, kind, quality=PHOTO_QUALITY)
    return out.getvalue()


def _png_data(png: bytes) -> bytes:
    """The compressed rows of a PNG, which PDF can hold as they are."""
    data, at = b"", 8
    while at < len(png):
        (length,) = struct.unpack(">I", png[at : at + 4])
        if png[at + 4 : at + 8] == b"IDAT":
            data += png[at + 8 : at + 8 + length]
        at += 12 + length
    return data
