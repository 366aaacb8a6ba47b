"""Leaves: the pages of the PDF to be written, and the bookmarks that lead to them."""

from collections.abc import Sequence
from dataclasses import dataclass

from scanning.pdf.writing import Objects
from scanning.reading import PageReading

Bookmark = tuple[str, int]
"""A title, and the leaf it leads to, counted from 1."""

Reference = tuple[int, int]
"""Number and generation of an object."""


@dataclass(frozen=True)
class Leaf:
    """One page of the PDF: page `number` of the original, turned by `turn` degrees clockwise
    more than its reading says."""

    number: int
    reading: PageReading | None = None
    turn: int = 0


def write_bookmarks(
    objects: Objects, bookmarks: Sequence[Bookmark], pages: Sequence[Reference]
) -> int:
    """The outline, one level deep (ISO 32000-1, 12.3.3); its root's number."""
    root = objects.reserve()
    items = [objects.reserve() for _ in bookmarks]
    for at, (title, leaf) in enumerate(bookmarks):
        number, generation = pages[leaf - 1]
        entries = b"/Title <FEFF%s> /Parent %d 0 R" % (_hexadecimal(title), root)
        entries += b" /Dest [%d %d R /Fit]" % (number, generation)
        if at > 0:
            entries += b" /Prev %d 0 R" % items[at - 1]
        if at + 1 < len(items):
            entries += b" /Next %d 0 R" % items[at + 1]
        objects.put(items[at], b"<< %s >>" % entries)
    ends = (items[0], items[-1], len(items))
    objects.put(root, b"<< /Type /Outlines /First %d 0 R /Last %d 0 R /Count %d >>" % ends)
    return root


def _hexadecimal(title: str) -> bytes:
    return title.encode("utf-16-be", "replace").hex().upper().encode()
