"""Reading codes back from photos and scans: QR codes and the barcodes of the trade."""

import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import pillow_heif
import zxingcpp
from PIL import Image, ImageFilter, ImageOps

from labels.refusals import N_, Refusal

pillow_heif.register_heif_opener()

# A 60-megapixel telephone passes; a picture made to fill the memory does not.
MOST_PIXELS = 80_000_000

# Longest side of what is searched, in pixels: a code is found there or it was out of focus.
LONGEST_SIDE = 4_000

# What Pillow's readers raise on bytes that are not what they seem.
_BROKEN = (OSError, SyntaxError, ValueError, EOFError, struct.error, zlib.error, RuntimeError)

KINDS = ("JPEG", "PNG", "WEBP", "HEIF", "AVIF", "TIFF", "BMP", "GIF")


class UnreadablePicture(Refusal):
    """Not a picture, a broken one, or of a kind that is not read."""

    text = N_(
        "This is not a picture that can be read: take the photo again, "
        "or choose a JPEG, PNG, WebP, TIFF or HEIC file."
    )


class PictureTooLarge(Refusal):
    """More pixels than are looked through."""

    text = N_(
        "This picture has more than %(megapixels)s megapixels: "
        "take the photo at a lower resolution."
    )


_Format = zxingcpp.BarcodeFormat
# Kinds that stand on business papers. DataBar, ITF, Codabar and their like are left out: lines of
# text, and the bars of a QR code, pass for them now and then; one label in 150 had a second code.
ANY_CODE = zxingcpp.BarcodeFormats([
    _Format.QRCode, _Format.DataMatrix, _Format.Aztec, _Format.PDF417, _Format.Code128,
    _Format.Code93, _Format.Code39, _Format.EAN13, _Format.EAN8, _Format.UPCA,
])  # fmt: skip
QR_CODE = zxingcpp.BarcodeFormats([_Format.QRCode])


@dataclass(frozen=True)
class Found:
    """A code in a picture.

    `position` has its corners, from the code's own top left clockwise, in pixels of the upright
    picture; `kind` is the kind of code, such as `QRCode` or `EAN13`.
    """

    text: str
    position: tuple[tuple[int, int], ...]
    kind: str


def decode(picture: Path | bytes) -> list[Found]:
    """All codes of a picture, row by row; none in a picture of nothing.

    Raises UnreadablePicture and PictureTooLarge.
    """
    image, scale = _load(picture)
    for attempt, formats in _attempts(image):
        codes = zxingcpp.read_barcodes(attempt, formats, text_mode=zxingcpp.TextMode.Plain)
        if codes:
            size = scale * image.width / attempt.width
            found = [_found(code, size) for code in codes if code.text]
            return _in_reading_order(found)
    return []


def _load(picture: Path | bytes) -> tuple[Image.Image, float]:
    """The picture upright and grey, and how many of its pixels one pixel of it stands for."""
    source = picture if isinstance(picture, Path) else BytesIO(picture)
    try:
        with Image.open(source, formats=KINDS) as image:
            _bound(image)
            full = max(image.size)
            # JPEG alone can be read smaller at once: a quarter of the memory, a third of the time.
            image.draft("L", (LONGEST_SIDE, LONGEST_SIDE))
            upright = ImageOps.exif_transpose(_grey(image))
    except Image.DecompressionBombError:
        raise PictureTooLarge(megapixels=MOST_PIXELS // 1_000_000) from None
    except _BROKEN as error:
        raise UnreadablePicture from error
    upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    return upright, full / max(upright.size)


def _bound(image: Image.Image) -> None:
    if image.width * image.height > MOST_PIXELS:
        raise PictureTooLarge(megapixels=MOST_PIXELS // 1_000_000)


def _grey(image: Image.Image) -> Image.Image:
    """Grey of 8 bits, what is transparent white: a code cut out of its paper stays readable."""
    if image.has_transparency_data:
        colours = image.convert("RGBA")
        paper = Image.new("RGBA", image.size, "white")
        grey = Image.alpha_composite(paper, colours).convert("L")
    else:
        grey = image.convert("L")
    grey.info["exif"] = image.getexif().tobytes()
    return grey


def _attempts(image: Image.Image) -> Iterator[tuple[Image.Image, zxingcpp.BarcodeFormats]]:
    """The picture, then larger, then sharper: on worn labels they read a tenth more.

    The later ones look for QR codes alone, whose error correction admits no wrong reading; a
    barcode of lines can be made up from noise that is sharpened.
    """
    yield image, ANY_CODE
    yield _enlarged(image, 3), QR_CODE
    sharpen = ImageFilter.UnsharpMask(radius=4, percent=200, threshold=0)
    yield _enlarged(image, 2).filter(sharpen), QR_CODE


def _enlarged(image: Image.Image, factor: float) -> Image.Image:
    factor = min(factor, LONGEST_SIDE / max(image.size))
    size = (round(image.width * factor), round(image.height * factor))
    return image.resize(size, Image.Resampling.BICUBIC)


def _found(code: zxingcpp.Barcode, scale: float) -> Found:
    place = code.position
    corners = (place.top_left, place.top_right, place.bottom_right, place.bottom_left)
    position = tuple((round(corner.x * scale), round(corner.y * scale)) for corner in corners)
    return Found(code.text, position, code.format.name)


def _in_reading_order(found: list[Found]) -> list[Found]:
    """From the top row to the last, each from the left; a row is what overlaps by half a code."""
    rows: list[list[Found]] = []
    for one in sorted(found, key=_middle):
        if rows and _middle(one) - _middle(rows[-1][0]) < _height(one) / 2:
            rows[-1].append(one)
        else:
            rows.append([one])
    return [one for row in rows for one in sorted(row, key=lambda one: one.position[0][0])]


def _middle(found: Found) -> float:
    return sum(y for _, y in found.position) / len(found.position)


def _height(found: Found) -> int:
    heights = [y for _, y in found.position]
    return max(heights) - min(heights)
