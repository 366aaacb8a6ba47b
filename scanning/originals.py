"""Originals: what a file is, judged by its content, and its pages as pictures.

They come upright as far as the file itself says (EXIF, a PDF's /Rotate).
"""

import struct
import warnings
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import numpy as np
from PIL import Image, ImageOps
from pillow_heif import register_heif_opener

from scanning import pdfpages, textlayer
from scanning.errors import (
    BadFile,
    EmptyFile,
    MovingPicture,
    NoSuchPage,
    TooManyPages,
    TooManyPixels,
    TornFile,
    UnknownFormat,
)
from scanning.images import Picture
from scanning.reading import Line

HEAD = 1_024  # bytes that tell what a file is
MAX_PAGES = 5_000
LEAST_DPI, MOST_DPI = 75, 1_200  # what a scanner may have; anything else means "unknown"
MAX_PIXELS = 200_000_000
MAX_SIDE = 32_000  # OpenCV cannot turn a picture of 2**15 pixels a side; A0 at 600 dpi is 28,087.
FULL_PIXELS = 36_000_000  # A4 at 600 dpi is 35 million; more is scaled down on loading.
# A fax has 204 dots an inch across and 98 or 391 down (ITU-T T.30); less is rounding.
OBLONG = (1.1, 2.5)

# Pillow warns above this number and refuses above twice as many.
Image.MAX_IMAGE_PIXELS = MAX_PIXELS // 2
register_heif_opener()


@dataclass(frozen=True)
class Kind:
    """A kind of file: its media type, the extension it is kept under, Pillow's name for it."""

    media_type: str
    extension: str
    pillow: str = ""


@dataclass(frozen=True)
class Original:
    media_type: str
    pages: int
    extension: str


@dataclass(frozen=True)
class Sheet:
    """One page of an original: its picture and dots per inch (0 if the file does not say).

    `scanned_at` are those of the scan that a PDF's page shows, which may be drawn finer; 0 where
    there is none.
    """

    picture: Picture
    dpi: int
    scanned_at: int = 0


PDF = Kind("application/pdf", ".pdf")
JPEG = Kind("image/jpeg", ".jpg", "JPEG")
PNG = Kind("image/png", ".png", "PNG")
TIFF = Kind("image/tiff", ".tif", "TIFF")
GIF = Kind("image/gif", ".gif", "GIF")
WEBP = Kind("image/webp", ".webp", "WEBP")
HEIC = Kind("image/heic", ".heic", "HEIF")

BEGINNINGS = {
    b"\xff\xd8\xff": JPEG,
    b"\x89PNG\r\n\x1a\n": PNG,
    b"II*\x00": TIFF,
    b"MM\x00*": TIFF,
    b"II+\x00": TIFF,
    b"MM\x00+": TIFF,
    b"GIF87a": GIF,
    b"GIF89a": GIF,
}
MOVING = (PNG, GIF, WEBP)  # A moving picture may be all of these.
PAGED = (TIFF, HEIC)  # A JPEG's further frames are previews.
HEIC_BRANDS = {b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis", b"mif1", b"msf1"}


def probe(path: Path) -> Original:
    """Say what the file is and how many pages it has, or raise why it cannot be read."""
    kind = _kind(path)
    if kind is PDF:
        pages = pdfpages.count(path)
    else:
        with _opened(path, kind) as image:
            if kind in MOVING and _moves(image):
                raise MovingPicture
            pages = _pages(image, kind)
    if pages > MAX_PAGES:
        raise TooManyPages(pages=pages, most=MAX_PAGES)
    return Original(kind.media_type, pages, kind.extension)


def check_kind(file: BinaryIO) -> None:
    """Look at the first bytes only; the file then stands at its beginning again.

    Raises:
        EmptyFile, UnknownFormat: nothing in it can be read here.
    """
    head = file.read(HEAD)
    file.seek(0)
    _kind_of(head)


def load(path: Path, number: int) -> Sheet:
    """Page `number` (from 1) as a picture of at most FULL_PIXELS."""
    kind = _kind(path)
    if kind is PDF:
        return Sheet(*pdfpages.render(path, number, most_pixels=FULL_PIXELS, most_side=MAX_SIDE))
    with _opened(path, kind) as image:
        _turn_to_page(image, number, kind)
        dpi = _dots_per_inch(image)
        width = image.width
        if kind is JPEG and image.width * image.height > FULL_PIXELS:
            image.draft("RGB", _fitting(image.size))
        small = _scaled(image)
        dpi = round(dpi * small.width / width)
        return Sheet(flat_rgb(ImageOps.exif_transpose(small)), dpi)


def each_page(path: Path, numbers: Sequence[int]) -> Iterator[Image.Image]:
    """These pages of a file that is no PDF, one after another, not yet upright.

    The same picture is turned to the next page: it is good until then.
    """
    kind = _kind(path)
    with _opened(path, kind) as image:
        for number in numbers:
            _turn_to_page(image, number, kind)
            if kind is not JPEG:  # Its bytes are taken as they are.
                image.load()
            yield image


def words_of(path: Path, number: int, width: int, height: int) -> list[Line] | None:
    """The words a page brings along, in pixels of a picture of that size; None if none are good."""
    if _kind(path) is not PDF:
        return None
    with pdfpages.opened_page(path, number) as page:
        return textlayer.read(page, width, height)


def _kind(path: Path) -> Kind:
    with path.open("rb") as file:
        return _kind_of(file.read(HEAD))


def _kind_of(head: bytes) -> Kind:
    if not head:
        raise EmptyFile
    for beginning, kind in BEGINNINGS.items():
        if head.startswith(beginning):
            return kind
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return WEBP
    if head[4:8] == b"ftyp" and head[8:12] in HEIC_BRANDS:
        return HEIC
    # Scanners and mailers put a few bytes before a PDF's header; its standard bears 1,024.
    if b"%PDF-" in head:
        return PDF
    raise UnknownFormat


@contextmanager
def _opened(path: Path, kind: Kind) -> Iterator[Image.Image]:
    """The file through Pillow's one reader for its kind; what that cannot bear is TornFile."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            with Image.open(path, formats=[kind.pillow]) as image:
                _check_size(image)
                yield image
    except Image.DecompressionBombError as error:
        raise _too_large(path, kind) from error
    except (OSError, SyntaxError, ValueError, EOFError, struct.error, zlib.error) as error:
        raise TornFile from error


def _check_size(image: Image.Image) -> None:
    if max(image.size) > MAX_SIDE or image.width * image.height > MAX_PIXELS:
        raise TooManyPixels(**_limits(image.width, image.height))


def _too_large(path: Path, kind: Kind) -> BadFile:
    """How large a picture is that Pillow will not open, or that it is damaged: a GIF's frame may
    be larger than the picture in which it lies."""
    width, height = _size_told(path, kind)
    if kind is GIF and width * height <= MAX_PIXELS:
        return TornFile()
    return TooManyPixels(**_limits(width, height))


def _size_told(path: Path, kind: Kind) -> tuple[int, int]:
    """Width and height by the file's header; Pillow's opener refuses before it tells them."""
    with path.open("rb") as file:
        if kind is WEBP:
            return _webp_size(file.read(30))
        if kind is GIF:
            width, height = struct.unpack("<6xHH", file.read(10))
            return width, height
        opener, _ = Image.OPEN[kind.pillow]
        return opener(file, path.name).size


def _webp_size(head: bytes) -> tuple[int, int]:
    """Pillow's reader for WebP itself refuses large ones: RFC 9649, sections 2.5 to 2.7."""
    layout = head[12:16]
    if layout == b"VP8X":
        width, height = head[24:27], head[27:30]
        return 1 + int.from_bytes(width, "little"), 1 + int.from_bytes(height, "little")
    if layout == b"VP8L":
        bits = int.from_bytes(head[21:25], "little")
        return 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
    width, height = head[26:28], head[28:30]
    return int.from_bytes(width, "little") & 0x3FFF, int.from_bytes(height, "little") & 0x3FFF


def _limits(width: int, height: int) -> dict[str, int]:
    return {
        "width": width,
        "height": height,
        "side": MAX_SIDE,
        "megapixels": MAX_PIXELS // 1_000_000,
    }


def _moves(image: Image.Image) -> bool:
    """Whether it has a second frame. Only that one is looked for, however many there are."""
    try:
        return bool(getattr(image, "is_animated", False))
    except IndexError as error:  # It breaks off where a GIF's second frame would begin.
        raise TornFile from error


def _pages(image: Image.Image, kind: Kind) -> int:
    return getattr(image, "n_frames", 1) if kind in PAGED else 1


def _turn_to_page(image: Image.Image, number: int, kind: Kind) -> None:
    if kind in PAGED:
        try:
            image.seek(number - 1)
        except EOFError as error:
            raise NoSuchPage(number=number, pages=_pages(image, kind)) from error
        _check_size(image)
    elif number != 1:
        raise NoSuchPage(number=number, pages=1)


def _dots_per_inch(image: Image.Image) -> int:
    """Some cameras and programs write 1 or 72 for "unknown"; no scanner works below 75."""
    dpi = float(image.info.get("dpi", (0, 0))[0])
    return round(dpi) if LEAST_DPI <= dpi <= MOST_DPI else 0


def _squared(image: Image.Image) -> tuple[int, int]:
    """The size at which its pixels are as high as wide, the coarser way enlarged."""
    across, down = (float(one) for one in image.info.get("dpi", (0, 0)))
    least, most = sorted((across, down))
    is_oblong = least >= LEAST_DPI and most <= MOST_DPI and OBLONG[0] < most / least < OBLONG[1]
    if not is_oblong:
        return image.size
    return round(image.width * most / across), round(image.height * most / down)


def _fitting(size: tuple[int, int]) -> tuple[int, int]:
    """The size scaled to at most FULL_PIXELS."""
    width, height = size
    scale = min(1.0, (FULL_PIXELS / (width * height)) ** 0.5)
    return max(1, int(width * scale)), max(1, int(height * scale))


def _scaled(image: Image.Image) -> Image.Image:
    """With square pixels, and at most FULL_PIXELS of them."""
    size = _squared(image)
    if size[0] * size[1] > FULL_PIXELS:
        size = _fitting(size)
    if size == image.size:
        return image
    if image.mode not in {"L", "RGB", "RGBA", "CMYK"}:
        image = Image.fromarray(flat_rgb(image))
    # reducing_gap lets Pillow average whole blocks first: far less memory than resampling all.
    return image.resize(size, Image.Resampling.BOX, reducing_gap=1.0)


def flat_rgb(image: Image.Image) -> Picture:
    """Any mode as RGB bytes: sixteen bits a channel scaled to eight, transparency on white."""
    if image.mode.startswith(("I", "F")):
        values = np.asarray(image)
        top = max(1.0, float(values.max())) if image.mode == "F" else 65535.0
        grey = np.clip(values / top * 255, 0, 255).astype(np.uint8)
        return np.repeat(grey[:, :, None], 3, axis=2)
    if image.mode in {"RGBA", "LA", "PA"} or "transparency" in image.info:
        image = image.convert("RGBA")
        white = Image.new("RGBA", image.size, "white")
        image = Image.alpha_composite(white, image)
    return np.array(image if image.mode == "RGB" else image.convert("RGB"))
