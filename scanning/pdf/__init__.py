"""Searchable PDFs: the original's pages as they are, shown upright, with the words read on them
as invisible text exactly over the ink. (`bound` binds scanned pages into an original.)

Pictures become a PDF/A-2b in which each keeps its own bytes where PDF knows their kind (JPEG,
most PNG), turned or not: turning and straightening are said to the viewer, not done to the
pixels. Others are kept without loss, except photos from WebP and HEIC, which become JPEG of
high quality.

PDF pages keep their bytes too: words are appended to the file, and only a page that was read
anew and brought hidden text of another program is drawn without that. So a PDF/A-2b stays one,
and a PDF that was none does not become it. Of only some of a PDF's pages a new PDF is made that
holds nothing of the others; bookmarks, named places, the working of form fields and the claim
to be PDF/A stay behind with the original.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path

from scanning import originals
from scanning.errors import NoSuchPage
from scanning.pdf.append import append_words
from scanning.pdf.leaves import Bookmark, Leaf
from scanning.pdf.pictures import write_pictures
from scanning.reading import PageReading


def searchable(
    original: Path,
    readings: Sequence[PageReading],
    target: Path,
    *,
    pages: Sequence[int] | None = None,
    turned: Mapping[int, int] | None = None,
    bookmarks: Sequence[Bookmark] = (),
) -> None:
    """Write the searchable PDF to `target`, whole or not at all.

    Pages without a reading, and those whose words came from their own text layer, stay as
    they are. `pages` are the pages of the original that are wanted, from 1, in their order;
    all without it. `turned` are degrees clockwise by which a page of the original stands
    otherwise than its reading says. A bookmark leads to a page of the new PDF, from 1, and
    those that the original has give way to it.

    Raises:
        NoSuchPage: a page, or the page of a bookmark, is not there.
    """
    kind = originals.probe(original)
    everything = range(1, kind.pages + 1)
    wanted = list(everything if pages is None else pages)
    _check([*wanted, *(turned or {})], kind.pages)
    _check([1, *(first for _, first in bookmarks)], len(wanted))
    by_number = {reading.number: reading for reading in readings}
    turns = turned or {}
    leaves = [Leaf(number, by_number.get(number), turns.get(number, 0)) for number in wanted]
    unfinished = target.with_name(f".{target.name}.part")
    try:
        if kind.media_type == "application/pdf":
            is_whole = wanted == list(everything)
            append_words(original, leaves, bookmarks, unfinished, is_whole=is_whole)
        else:
            write_pictures(original, leaves, bookmarks, unfinished)
        unfinished.replace(target)
    finally:
        unfinished.unlink(missing_ok=True)


def _check(numbers: Sequence[int], pages: int) -> None:
    for number in numbers:
        if not 1 <= number <= pages:
            raise NoSuchPage(number=number, pages=pages)
