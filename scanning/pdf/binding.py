"""Binding: a paper whose pages came in several files becomes one searchable PDF."""

import shutil
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
            writer.append(part, import_outline=False)
        writer.write(whole)
    return whole


def _write(sheaf: Sheaf, target: Path) -> None:
    searchable(sheaf.original, sheaf.readings, target, pages=sheaf.pages or None)
