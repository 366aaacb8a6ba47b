"""Appending words to a PDF: an incremental update, so that all that was there stays as it was."""

import re
import shutil
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

import numpy as np
import pypdfium2 as pdfium
from pypdf import PageObject, PdfReader
from pypdf.errors import PyPdfError
from pypdf.generic import (
    ArrayObject,
    DictionaryObject,
    IndirectObject,
    NameObject,
    NullObject,
    NumberObject,
    PdfObject,
    RectangleObject,
    StreamObject,
)
from pypdfium2 import raw

from scanning import pdfpages
from scanning.pdf import glyphless, hidden, words
from scanning.pdf.leaves import Bookmark, Leaf, write_bookmarks
from scanning.pdf.words import Codes, Matrix
from scanning.pdf.writing import Objects
from scanning.reading import PageReading


def append_words(
    original: Path,
    leaves: Sequence[Leaf],
    bookmarks: Sequence[Bookmark],
    target: Path,
    *,
    is_whole: bool,
) -> None:
    """Copy these pages of the PDF to `target` and append the words of those that were read.

    `is_whole` says that they are all, in their order.
    """
    if not is_whole:
        _extract(original, [leaf.number for leaf in leaves], target)
    elif _is_sound(original):
        shutil.copyfile(original, target)
    else:
        _rewrite(original, target)
    with target.open("rb") as source, target.open("r+b") as file:
        reader = PdfReader(source)
        file.seek(0, 2)
        file.write(b"\n")
        _append(reader, leaves, bookmarks, file, _table_of(target))


def _append(
    reader: PdfReader,
    leaves: Sequence[Leaf],
    bookmarks: Sequence[Bookmark],
    file: BinaryIO,
    table: tuple[int, bool],
) -> None:
    objects, codes = Objects(file, int(str(reader.trailer["/Size"]))), Codes()
    font = objects.reserve()
    # A torn tree of pages may show pypdf fewer than it showed pdfium.
    for leaf, page in zip(leaves, reader.pages, strict=False):
        reading = leaf.reading
        if reading is not None and reading.source == "ocr":
            _add_words(objects, page, reading, codes, font)
        elif leaf.turn % 360 == 0:
            continue
        page[NameObject("/Rotate")] = NumberObject((page.rotation + leaf.turn) % 360)
        _put_page(objects, page)
    glyphless.write(objects, codes.lent, font)
    if bookmarks:
        _add_bookmarks(objects, reader, bookmarks)
    previous, as_stream = table
    trailer = {
        key[1:].encode(): _written(reader.trailer.raw_get(key))
        for key in ("/Root", "/Info", "/ID")
        if _leads_somewhere(reader, key)
    }
    objects.finish(trailer | {b"Prev": b"%d" % previous}, as_stream=as_stream)


def _add_bookmarks(objects: Objects, reader: PdfReader, bookmarks: Sequence[Bookmark]) -> None:
    places = [page.indirect_reference for page in reader.pages]
    pages = [(place.idnum, place.generation) for place in places if place is not None]
    outline = write_bookmarks(objects, bookmarks, pages)
    root = DictionaryObject(reader.root_object)
    root[NameObject("/Outlines")] = IndirectObject(outline, 0, reader)
    root[NameObject("/PageMode")] = NameObject("/UseOutlines")
    place = reader.trailer.raw_get("/Root")
    objects.put(place.idnum, _written(root), place.generation)


def _add_words(
    objects: Objects, page: PageObject, reading: PageReading, codes: Codes, font: int
) -> None:
    shown, to_shown = words.on_photo(reading, *_size_shown(page))
    page[NameObject("/Rotate")] = NumberObject((page.rotation + reading.rotation) % 360)
    centre = _to_centre(page)
    to_page = centre @ _scaled(page, shown) @ words.from_centre(shown) @ to_shown
    straightened = centre @ words.clockwise(shown.skew) @ np.linalg.inv(centre)
    # What the page itself draws may leave the pen anywhere: q before it and Q after.
    before = objects.add_stream(b"q %s cm\n" % words.six(straightened), compress=False)
    text = objects.add_stream(b"\nQ\n" + words.content(reading, to_page, codes))
    drawn = _without_hidden(objects, page)
    page[NameObject("/Contents")] = ArrayObject(
        [IndirectObject(before, 0, page.pdf), *drawn, IndirectObject(text, 0, page.pdf)]
    )
    _add_font(page, font)
    _grow(page, shown.skew)


def _put_page(objects: Objects, page: PageObject) -> None:
    place = page.indirect_reference
    if place is not None:  # As every page of a file has it.
        objects.put(place.idnum, _written(DictionaryObject(page)), place.generation)


def _without_hidden(objects: Objects, page: PageObject) -> list[PdfObject]:
    """References to the page's streams, without the hidden text that came with it: copied, that
    would stand beside ours."""

    def put_form(data: bytes, entries: DictionaryObject) -> IndirectObject:
        inner = b" ".join(_written(key) + b" " + _written(entries.raw_get(key)) for key in entries)
        return IndirectObject(objects.add_stream(data, inner), 0, page.pdf)

    resources = DictionaryObject(page.get("/Resources", DictionaryObject()).get_object())
    left = hidden.sifted(page.get("/Contents"), resources, page.cropbox, put_form)
    if left is None:
        return _contents(page)
    page[NameObject("/Resources")] = left.resources
    return [IndirectObject(objects.add_stream(left.data), 0, page.pdf)]


def _add_font(page: PageObject, font: int) -> None:
    resources = DictionaryObject(page.get("/Resources", DictionaryObject()).get_object())
    fonts = DictionaryObject(resources.get("/Font", DictionaryObject()).get_object())
    fonts[NameObject(f"/{words.FONT_NAME}")] = IndirectObject(font, 0, page.pdf)
    resources[NameObject("/Font")] = fonts
    page[NameObject("/Resources")] = resources


def _grow(page: PageObject, skew: float) -> None:
    """Make room for the corners of a page that was straightened, as images.straighten() does."""
    if skew == 0:
        return
    box, radians = page.cropbox, np.radians(abs(skew))
    across, up = float(box.width), float(box.height)
    wider = across * (np.cos(radians) - 1) + up * np.sin(radians)
    higher = up * (np.cos(radians) - 1) + across * np.sin(radians)
    grown = RectangleObject((
        float(box.left) - wider / 2, float(box.bottom) - higher / 2,
        float(box.right) + wider / 2, float(box.top) + higher / 2,
    ))  # fmt: skip
    page[NameObject("/MediaBox")] = page[NameObject("/CropBox")] = grown


def _contents(page: PageObject) -> list[PdfObject]:
    """References to the page's streams."""
    if "/Contents" not in page:
        return []
    held = page.raw_get("/Contents")
    inner = held.get_object()
    if isinstance(inner, StreamObject):
        return [held]
    return list(inner) if isinstance(inner, ArrayObject) else []


def _to_centre(page: PageObject) -> Matrix:
    """From distances from the centre of the page to its own units, both unturned."""
    box = page.cropbox
    middle = (float(box.left + box.right) / 2, float(box.bottom + box.top) / 2)
    return np.array([[1, 0, middle[0]], [0, 1, middle[1]], [0, 0, 1]], np.float64)


def _size_shown(page: PageObject) -> tuple[int, int]:
    """Width and height of the page as it is shown, in thousandths of its units."""
    sides = round(1_000 * float(page.cropbox.width)), round(1_000 * float(page.cropbox.height))
    return sides if page.rotation % 180 == 0 else sides[::-1]


def _scaled(page: PageObject, reading: PageReading) -> Matrix:
    """From pixels of the page as shown to its own units and direction."""
    width, _ = words.before_straightening(reading)
    across = page.cropbox.width if page.rotation % 180 == 0 else page.cropbox.height
    scale = float(across) / width
    return words.clockwise(-page.rotation) @ np.diag([scale, scale, 1.0])


def _written(value: PdfObject) -> bytes:
    out = BytesIO()
    value.write_to_stream(out)
    return out.getvalue()


def _leads_somewhere(reader: PdfReader, key: str) -> bool:
    """Whether the trailer has it; pdfium leaves out /Info but goes on pointing to it."""
    value = reader.trailer.get(key, NullObject()).get_object()
    return value is not None and not isinstance(value, NullObject)


def _is_sound(original: Path) -> bool:
    """Whether the file can be appended to: not locked, and its table is where it says."""
    try:
        with original.open("rb") as source:
            reader = PdfReader(source, strict=True)
            return not reader.is_encrypted and len(reader.pages) > 0 and _table_of(original)[0] > 0
    except (PyPdfError, KeyError, ValueError):  # What pypdf raises over a torn table.
        return False


def _rewrite(original: Path, target: Path) -> None:
    """A sound copy of a PDF that forbids changes or is a little broken."""
    with pdfpages.opened(original) as pdf:
        pdf.save(target, flags=raw.FPDF_REMOVE_SECURITY)


def _extract(original: Path, numbers: Sequence[int], target: Path) -> None:
    """A new PDF of these pages, with nothing of the others."""
    with pdfpages.opened(original) as pdf, pdfium.PdfDocument.new() as part:
        part.import_pages(pdf, pages=[number - 1 for number in numbers])
        part.save(target)


def _table_of(path: Path) -> tuple[int, bool]:
    """Where the file's last table of objects starts, and whether it is a stream."""
    with path.open("rb") as file:
        size = file.seek(0, 2)
        file.seek(max(0, size - 2048))
        found = re.findall(rb"startxref\s+(\d+)", file.read())
        if not found:
            return 0, False
        start = int(found[-1])
        file.seek(start)
        return start, not file.read(20).lstrip().startswith(b"xref")
