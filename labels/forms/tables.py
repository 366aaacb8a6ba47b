"""Tables over many pages: the heading on each page, rows never parted, page n of N.

A column has a width in mm; a text that is wider wraps, and only where a single row would be higher
than a page is it set smaller. Several tables in one PDF are numbered each for itself.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, NamedTuple

from reportlab.lib.units import mm

from labels.draw import SMALLEST, Drawn
from labels.fitting import Fitted, fit, wrap
from labels.forms import words
from labels.forms.pen import THICK, Area, Pen
from labels.forms.words import Language, Word

LEFT, TOP, RIGHT, BOTTOM = 25.0, 15.0, 12.0, 18.0  # mm; holes are punched at the left
TITLE_HEIGHT, HEADING = 13.0, 11.0
SIZE, FACT_SIZE, HEADING_SIZE = 10.0, 11.0, 10.5  # points
INK = 1.2  # mm between a cell's line and its text
LEAST_ROW, FACT, FOOT_ROW = 9.0, 7.0, 12.0  # mm


class Column(NamedTuple):
    """A column: its heading, its width in mm, and where its text stands (see Pen.write)."""

    heading: Word
    width: float
    across: float = 0.5


class Fact(NamedTuple):
    """A name and a value above the table or under it."""

    name: Word
    value: str


@dataclass(frozen=True)
class Form:
    """A kind of table: its title and columns, upright or on its side."""

    title: Word
    columns: tuple[Column, ...]
    on_its_side: bool = False

    @property
    def size(self) -> tuple[float, float]:
        """Width and height of the paper (A4) in mm."""
        return (297.0, 210.0) if self.on_its_side else (210.0, 297.0)

    @property
    def across(self) -> float:
        """How wide the table is, in mm."""
        return sum(column.width for column in self.columns)


@dataclass(frozen=True)
class Listing:
    """One table: facts above it, its rows, and facts under it, two on a line, on its last page."""

    facts: tuple[Fact, ...]
    rows: Sequence[tuple[str, ...]]
    foot: tuple[Fact, ...] = ()


class _Row(NamedTuple):
    cells: tuple[Fitted, ...]
    height: float  # mm


def draw(
    form: Form,
    listings: Iterable[Listing],
    target: Path | BinaryIO,
    *,
    language: Language = "zh",
) -> Drawn:
    """Write a PDF of the tables. Raises NothingToPrint or FontMissing."""
    pen = Pen(target, form.title.said(language))
    for listing in listings:
        _Sheets(pen, form, listing, language).draw()
    return pen.finish()


class _Sheets:
    """The sheets of one table."""

    def __init__(self, pen: Pen, form: Form, listing: Listing, language: Language) -> None:
        self.pen, self.form, self.listing, self.language = pen, form, listing, language
        self.facts = [self._fact(fact) for fact in listing.facts]
        heights = [max(FACT, fitted.height / mm + 2) for fitted in self.facts]
        self.top = TOP + TITLE_HEIGHT + sum(heights)
        self.first_row = self.top + HEADING
        self.end = form.size[1] - BOTTOM

    def draw(self) -> None:
        pages = list(self._pages())
        for number, rows in enumerate(pages, 1):
            self.pen.page(*self.form.size)
            self._head()
            end = self._rows(rows)
            if number == len(pages):
                self._foot(end)
            told = words.PAGE_OF.said(self.language, page=number, pages=len(pages))
            area = Area(LEFT, self.form.size[1] - BOTTOM + 4, self.form.across, 6)
            self.pen.write(told, area, 9, across=0.5)

    def _fact(self, fact: Fact) -> Fitted:
        text = f"{fact.name.said(self.language)}：{fact.value}"
        width = self.form.across * mm
        return fit(text, self.pen.regular, width, 22 * mm, FACT_SIZE, SMALLEST)

    def _pages(self) -> Iterator[list[_Row]]:
        """The rows of each page; one without rows where the table has none."""
        room = self.end - self.first_row
        foot = FOOT_ROW * -(-len(self.listing.foot) // 2)
        page: list[_Row] = []
        used = 0.0
        for cells in self.listing.rows:
            row = self._measured(cells, room)
            if page and used + row.height > room:
                yield page
                page, used = [], 0.0
            page.append(row)
            used += row.height
        if page and used + foot > room:
            # What is signed stands under rows, never alone: the last of them goes with it.
            yield page[:-1] or page
            page = page[-1:] if len(page) > 1 else []
        yield page

    def _measured(self, cells: tuple[str, ...], most: float) -> _Row:
        pairs = zip(self.form.columns, cells, strict=True)
        fitted = tuple(self._cell(text, column.width, most) for column, text in pairs)
        tallest = max(cell.height for cell in fitted) / mm
        return _Row(fitted, max(LEAST_ROW, tallest + 2 * INK + 0.6))

    def _cell(self, text: str, width: float, most: float) -> Fitted:
        room, height = (width - 2 * INK) * mm, (most - 2 * INK - 1) * mm
        fitted = wrap(text, self.pen.regular, room, SIZE)
        if fitted.height <= height:
            return fitted
        return fit(text, self.pen.regular, room, height, SIZE, SMALLEST)

    def _head(self) -> None:
        """What stands above the rows of each page."""
        title = Area(LEFT, TOP, self.form.across, TITLE_HEIGHT - 2)
        self.pen.write(self.form.title.said(self.language), title, 20, bold=True, across=0.5)
        y = TOP + TITLE_HEIGHT
        for fitted in self.facts:
            height = max(FACT, fitted.height / mm + 2)
            self.pen.set(fitted, Area(LEFT, y, self.form.across, height))
            y += height
        x = LEFT
        for column in self.form.columns:
            area = Area(x, self.top, column.width, HEADING).inside(0.6)
            heading = column.heading.said(self.language)
            self.pen.write(heading, area, HEADING_SIZE, bold=True, across=0.5)
            x += column.width

    def _rows(self, rows: list[_Row]) -> float:
        """The rows with their lines; gives back where they end."""
        y = self.first_row
        self._across(self.top, THICK)
        for row in rows:
            self._across(y)
            x = LEFT
            for column, cell in zip(self.form.columns, row.cells, strict=True):
                area = Area(x + INK, y, column.width - 2 * INK, row.height)
                # A single line in the middle, as figures are; what wraps begins at the left.
                across = column.across if len(cell.lines) == 1 else 0.0
                self.pen.set(cell, area, across=across)
                x += column.width
            y += row.height
        self._across(y, THICK)
        self._down(self.top, y)
        return y

    def _foot(self, y: float) -> None:
        """The facts under the last rows, two on a line."""
        half = self.form.across / 2
        for number, fact in enumerate(self.listing.foot):
            row, column = divmod(number, 2)
            area = Area(LEFT + column * half, y + row * FOOT_ROW, half - 4, FOOT_ROW)
            self.pen.write(f"{fact.name.said(self.language)}：{fact.value}", area, FACT_SIZE)

    def _across(self, y: float, width: float = 0.25) -> None:
        self.pen.line(LEFT, y, LEFT + self.form.across, y, width)

    def _down(self, y: float, end: float) -> None:
        x, last = LEFT, LEFT + self.form.across
        self.pen.line(x, y, x, end, THICK)
        for column in self.form.columns[:-1]:
            x += column.width
            self.pen.line(x, y, x, end)
        self.pen.line(last, y, last, end, THICK)
