"""Batches: whole files read, page by page, on all children of a workshop at once."""

import os
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from scanning import engines, fields
from scanning.fields import Field, Known, Suggestion
from scanning.reading import PageReading
from scanning.second import SecondReader, Sheet
from scanning.workshop import Workshop


@dataclass(frozen=True)
class FileReading:
    """A file's pages as read, and what kind of paper they make."""

    pages: tuple[PageReading, ...]
    kind: str
    kind_confidence: float
    fields: Mapping[str, Field]

    def to_dict(self) -> dict[str, Any]:
        return {
            "pages": [_told(page) for page in self.pages],
            "kind": self.kind,
            "fields": {name: field.to_dict() for name, field in self.fields.items()},
        }


def _told(page: PageReading) -> dict[str, Any]:
    told = page.to_dict()
    # What may part a stack is for the intake; whoever reads a page wants its text.
    del told["signs"]
    return told


def read_file(
    path: Path, engine: str = engines.DEFAULT, *, workshop: Workshop | None = None
) -> FileReading:
    """Read every page of the file; raises the first page's refusal that there is."""
    if workshop is None:
        with Workshop(workers=os.cpu_count() or 1) as own:
            return read_file(path, engine, workshop=own)
    pages = workshop.probe(path).pages
    with ThreadPoolExecutor(workshop.workers) as threads:
        readings = tuple(
            threads.map(
                lambda number: workshop.read_page(path, number, engine=engine),
                range(1, pages + 1),
            )
        )
    suggestion = fields.suggest(readings)
    return FileReading(readings, suggestion.kind, suggestion.confidence, suggestion.fields)


def suggest_twice(
    sheets: Sequence[Sheet], own_names: Sequence[str] = (), known: Sequence[Known] = ()
) -> Suggestion:
    """Kind and fields of a paper that was read, what counts looked at by a second reader.

    A function of a module, so that a child of the workshop can do it: about a quarter of a
    second a value, some ten values a paper.
    """
    readings = [sheet.reading for sheet in sheets]
    return fields.suggest(readings, own_names, SecondReader(sheets), known)


def read_fields(
    path: Path, engine: str = engines.DEFAULT, own_names: Sequence[str] = ()
) -> Suggestion:
    """Read a file and suggest its kind and fields, with a second reader."""
    with Workshop(workers=os.cpu_count() or 1) as workshop:
        pages = read_file(path, engine, workshop=workshop).pages
        sheets = [Sheet(path, page.number, page) for page in pages]
        return workshop.run(suggest_twice, sheets, own_names)
