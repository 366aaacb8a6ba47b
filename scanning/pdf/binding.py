"""Binding: a paper whose pages came in several files becomes one searchable PDF."""

import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pypdf import PdfWriter

from scanning import originals, pdfpages
from scanning.pdf import searchable
from scanning.pdf.leaves import Bookmark
from scanning.reading import PageReading


@dataclass(frozen=True)
class Sheaf:
    """Pages that lie one behind the other in a paper and came in one file.

    `pages` are their numbers in that file, from 1; empty for the whole file. Readings are
    numbered so too. `title` is what a bookmark to the first of them says; empty for none.
    """

    original: Path
    readings: tuple[PageReading, ...]
    pages: tuple[int, ...] = ()
    title: str = ""


def bind(sheaves: Sequence[Sheaf], target: Path) -> None:
    """Write the searchable PDF of a paper to `target`, whole or not at all."""
    if len(sheaves) == 1:
        _write(sheaves[0], target)
        return
    # What a child left that was ended in the middle of it is known by its name, and goes.
    folder = target.with_name(f".{target.name}.parts")
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    try:
        _bind_parts(sheaves, folder).replace(target)
    finally:
        shutil.rmtree(folder)


def _bind_parts(sheaves: Sequence[Sheaf], folder: Path) -> Path:
    whole = folder / "whole.pdf"
    with PdfWriter() as writer:
        for number, sheaf in enumerate(sheaves):
            part = folder / f"{number}.pdf"
            _write(sheaf, part)
            writer.append(part, outline_item=sheaf.title or None, import_outline=False)
        if any(sheaf.title for sheaf in sheaves):
            writer.page_mode = "/UseOutlines"
        writer.write(whole)
    return whole


def _write(sheaf: Sheaf, target: Path) -> None:
    searchable(
        sheaf.original,
        sheaf.readings,
        target,
        pages=sheaf.pages or None,
        bookmarks=_bookmarks(sheaf),
    )


def _bookmarks(sheaf: Sheaf) -> list[Bookmark]:
    """One with the title; none where the whole file has its own, which say more."""
    if not sheaf.title or (not sheaf.pages and _has_bookmarks(sheaf.original)):
        return []
    return [(sheaf.title, 1)]


def _has_bookmarks(original: Path) -> bool:
    if originals.probe(original).media_type != "application/pdf":
        return False
    with pdfpages.opened(original) as pdf:
        return next(iter(pdf.get_toc(max_depth=1)), None) is not None
