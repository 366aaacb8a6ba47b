"""Pictures made into a PDF/A-2b, page by page, each kept as well as it came."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from PIL import Image

from scanning import originals
from scanning.pdf import archival, glyphless, pixels, words
from scanning.pdf.leaves import Bookmark, Leaf, write_bookmarks
from scanning.pdf.pixels import Stored
from scanning.pdf.words import Codes, Matrix
from scanning.pdf.writing import HEADER, Objects
from scanning.reading import PageReading

# EXIF orientation: where the unit square of the stored picture goes to on the upright page,
# as PDF's six numbers.
UPRIGHT = {
    1: (1, 0, 0, 1, 0, 0), 2: (-1, 0, 0, 1, 1, 0), 3: (-1, 0, 0, -1, 1, 1), 4: (1, 0, 0, -1, 0, 1),
    5: (0, -1, -1, 0, 1, 1), 6: (0, -1, 1, 0, 0, 1), 7: (0, 1, 1, 0, 0, 0), 8: (0, 1, -1, 0, 1, 0),
}  # fmt: skip


def write_pictures(
    original: Path, leaves: Sequence[Leaf], bookmarks: Sequence[Bookmark], target: Path
) -> None:
    """A new PDF with these pages of the original's."""
    with target.open("wb") as file:
        file.write(HEADER)
        book = _Book(Objects(file), original)
        images = originals.each_page(original, [leaf.number for leaf in leaves])
        for leaf, image in zip(leaves, images, strict=True):
            book.add(leaf, image)
        book.finish(bookmarks, archival.document_id(original, repr((leaves, bookmarks))))


class _Book:
    """The PDF while its pages are added."""

    def __init__(self, objects: Objects, original: Path) -> None:
        self._objects, self._original = objects, original
        self._codes = Codes()
        self._font, self._tree = objects.reserve(), objects.reserve()
        self._pages: list[int] = []
        self._is_archival = True

    def add(self, leaf: Leaf, image: Image.Image) -> None:
        """One page: its picture, the words over it. Turning is left to the viewer, so that no
        picture is computed anew."""
        stored = pixels.store(self._objects, self._original, image)
        self._is_archival &= stored.colours != pixels.CMYK
        reading = leaf.reading or _unread(stored.size)
        shown, to_shown = words.on_photo(reading, *stored.size)
        box, centre = _placed(shown)
        drawn = words.six(centre @ _laid(shown) @ _upright(stored))
        to_page = centre @ words.from_centre(shown) @ to_shown
        text = words.content(reading, to_page, self._codes)
        content = self._objects.add_stream(b"q %s cm /Page Do Q\n%s" % (drawn, text))
        page = (
            b"<< /Type /Page /Parent %d 0 R /MediaBox [%.3f %.3f %.3f %.3f] /Rotate %d"
            b" /Contents %d 0 R"
            b" /Resources << /XObject << /Page %d 0 R >> /Font << /%s %d 0 R >> >> >>"
        )
        name = words.FONT_NAME.encode()
        told = (self._tree, *box, leaf.turn % 360, content, stored.number, name, self._font)
        self._pages.append(self._objects.add(page % told))

    def finish(self, bookmarks: Sequence[Bookmark], document_id: bytes) -> None:
        objects = self._objects
        glyphless.write(objects, self._codes.lent, self._font)
        kids = b" ".join(b"%d 0 R" % page for page in self._pages)
        count = len(self._pages)
        objects.put(self._tree, b"<< /Type /Pages /Count %d /Kids [%s] >>" % (count, kids))
        entries = b"/Pages %d 0 R %s" % (
            self._tree, archival.write(objects, claimed=self._is_archival),
        )  # fmt: skip
        if bookmarks:
            outline = write_bookmarks(objects, bookmarks, [(page, 0) for page in self._pages])
            entries += b" /Outlines %d 0 R /PageMode /UseOutlines" % outline
        root = objects.add(b"<< /Type /Catalog %s >>" % entries)
        objects.finish({b"Root": b"%d 0 R" % root, b"ID": document_id})


def _placed(reading: PageReading) -> tuple[tuple[float, float, float, float], Matrix]:
    """The page's box, and the way to it from distances in pixels from the centre."""
    points = archival.points_a_pixel(reading.dpi, reading.width, reading.height)
    width = max(reading.width * points, archival.LEAST_SIDE)
    height = max(reading.height * points, archival.LEAST_SIDE)
    centre = np.array([[points, 0, width / 2], [0, points, height / 2], [0, 0, 1]])
    return (0.0, 0.0, width, height), centre


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


def _upright(stored: Stored) -> Matrix:
    a, b, c, d, e, f = UPRIGHT.get(stored.orientation, UPRIGHT[1])
    return np.array([[a, c, e], [b, d, f], [0, 0, 1]], np.float64)
