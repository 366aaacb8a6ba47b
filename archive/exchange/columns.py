"""Columns and sheets: which heading means what, in the words that catalogues really use."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from archive.exchange.cells import Reader
from archive.exchange.tables import Row, Value

LOOKED_AT = 20  # rows from the top among which the headings are looked for
NO_PART_OF_IT = re.compile(r"[\s*＊:：。.、/／()（）【】\[\]_-]|必填|选填|required|optional")


@dataclass(frozen=True)
class Column:
    """One value of a row: its name in the program, its headings, and how its cell is read."""

    name: str
    zh: str
    en: str
    read: Reader
    also: tuple[str, ...] = ()

    @property
    def headings(self) -> frozenset[str]:
        """What may stand above it, folded."""
        return frozenset(map(fold, (self.name, self.zh, self.en, *self.also)))


@dataclass(frozen=True)
class Sheet:
    """One kind of row: papers, volumes, folders, parties, places."""

    name: str
    zh: str
    en: str
    columns: tuple[Column, ...]
    # Without one of these groups of columns a row says too little.
    needs: tuple[tuple[str, ...], ...] = ()

    @property
    def by_name(self) -> Mapping[str, Column]:
        return {column.name: column for column in self.columns}

    def guess(self, cells: Sequence[Value]) -> dict[int, Column]:
        """Which column each of these headings names, by its place in the row, from 0.

        The first heading that names a column has it.
        """
        known = {heading: column for column in self.columns for heading in column.headings}
        found: dict[int, Column] = {}
        for place, cell in enumerate(cells):
            column = known.get(fold(cell)) if isinstance(cell, str) else None
            if column and column not in found.values():
                found[place] = column
        return found


@dataclass(frozen=True)
class Heads:
    """Where a sheet's headings stand, and what each of them means."""

    sheet: Sheet
    row: int
    columns: Mapping[int, Column]
    # Headings that mean nothing here, by their place.
    unknown: Mapping[int, str]


def fold(heading: str) -> str:
    """A heading as it is compared: width, case, spaces and marks make no other heading."""
    return NO_PART_OF_IT.sub("", unicodedata.normalize("NFKC", heading).lower())


def find_heads(rows: Sequence[Row], title: str, sheets: Sequence[Sheet]) -> Heads | None:
    """The headings among a sheet's first rows; None where no row looks like headings.

    A sheet that is called as we call one is that one; any other is what most of its headings name.
    """
    named = [
        sheet for sheet in sheets if fold(title) in map(fold, (sheet.name, sheet.zh, sheet.en))
    ]
    best: Heads | None = None
    for row in rows[:LOOKED_AT]:
        for sheet in named or sheets:
            found = sheet.guess(row.cells)
            if _says_enough(sheet, found) and (best is None or len(found) > len(best.columns)):
                best = Heads(sheet, row.number, found, _unknown(row, found))
    return best


def _says_enough(sheet: Sheet, found: Mapping[int, Column]) -> bool:
    names = {column.name for column in found.values()}
    return len(names) > 1 and any(names.issuperset(group) for group in sheet.needs)


def _unknown(row: Row, found: Mapping[int, Column]) -> dict[int, str]:
    return {
        place: str(cell).strip()
        for place, cell in enumerate(row.cells)
        if place not in found and isinstance(cell, str) and cell.strip()
    }
