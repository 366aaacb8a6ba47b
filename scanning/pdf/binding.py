"""Binding: a paper whose pages came in several files becomes one searchable PDF."""

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pypdf import PdfWriter

from scanning.pdf import searchable
from scanning.reading import PageReading


@dataclass(frozen=True)
class Sheaf:
    """Pages that lie one behind the other in a paper and came in one file.

    `pages` are their numbers in that file, from 1; empty for the whole file. Readings are
    numbered so too.
    """

    original: Path
    readings: tuple[PageReading, ...]
    pages: tuple[int, ...] = ()


def bind(sheaves: Sequence[Sheaf], target: Path) -> None:
    """Write the searchable PDF of a paper to `target`, whole or not at all."""
    if len(sheaves) == 1:
        _write(sheaves[0], target)
        return
    unfinished = target.with_name(f".{target.name}.part")
    with tempfile.TemporaryDirectory(dir=target.parent) as folder, PdfWriter() as writer:
        for number, sheaf in enumerate(sheaves):
            part = Path(folder) / f"{number}.pdf"
            _write(sheaf, part)
            writer.append(part, import_outline=False)
        try:
            writer.write(unfinished)
            unfinished.replace(target)
        finally:
            unfinished.unlink(missing_ok=True)


def _write(sheaf: Sheaf, target: Path) -> None:
    searchable(sheaf.original, sheaf.readings, target, pages=sheaf.pages or None)
