"""Spines (脊背): strips to cut out and glue on, for covers and boxes, several on an A4 sheet.

A spine is 310 mm high (GB/T 9705-2008 §3.1.1, DA/T 22-2015) and an A4 sheet 297: a strip is 260 mm
long, as wide as the spine, and leaves 25 mm free at either end. Fields of covers: 全宗号, 类别号,
年度, 案卷号, 保管期限, title, 归档号; of boxes: 全宗号, 年度, 保管期限, 机构(问题), 起止件号, 盒号.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from labels.draw import Drawn
from labels.forms import words
from labels.forms.pen import THICK, Area, Pen
from labels.forms.words import Language, Word
from labels.refusals import N_, Refusal

TITLE = Word("脊背", "Spines")
WIDTH, HEIGHT = 210.0, 297.0
LENGTH = 260.0
RIM, GAP = 12.0, 6.0  # mm at the sheet's sides, and between two strips
MARK, OFF = 4.0, 1.5  # mm: how long a cut mark is, and how far from the strip
CELL = 18.0  # mm of height for a field
ROOM_FOR_BOTH = 20  # mm of width: below that the names of fields are Chinese alone

COVERS = (10, 15, 20)
BOXES = (20, 30, 40, 50)


class NoSuchSpine(Refusal):
    """No cover or box has a spine of this width."""

    text = N_(
        "No spine is %(width)s mm wide: covers are 10, 15 or 20 mm thick, boxes 20, 30, 40 or 50. "
        "Choose one of them."
    )


@dataclass(frozen=True)
class SpineForm:
    """What stands on the spine of one cover or box. `width` in mm; `items` like 001-015."""

    width: int
    is_box: bool
    fonds: str
    year: str
    retention: str
    subject: str
    number: str
    category: str = ""
    title: str = ""
    items: str = ""
    filing_number: str = ""


def draw(
    forms: Iterable[SpineForm], target: Path | BinaryIO, *, language: Language = "zh"
) -> Drawn:
    """Write a PDF of the spines. Raises NothingToPrint, FontMissing or NoSuchSpine."""
    pen = Pen(target, TITLE.said(language))
    for sheet in _sheets(forms):
        pen.page(WIDTH, HEIGHT)
        x = RIM
        for form in sheet:
            area = Area(x, (HEIGHT - LENGTH) / 2, form.width, LENGTH)
            _cut_marks(pen, area)
            _draw(pen, form, area, language)
            x += form.width + GAP
    return pen.finish()


def _sheets(forms: Iterable[SpineForm]) -> Iterator[list[SpineForm]]:
    """The spines in their order, as many on a sheet as there is room for."""
    sheet: list[SpineForm] = []
    used = 0.0
    for form in forms:
        if form.width not in (BOXES if form.is_box else COVERS):
            raise NoSuchSpine(width=form.width)
        if sheet and used + form.width > WIDTH - 2 * RIM:
            yield sheet
            sheet, used = [], 0.0
        sheet.append(form)
        used += form.width + GAP
    if sheet:
        yield sheet


def _cut_marks(pen: Pen, area: Area) -> None:
    """Where to cut: marks outside all four corners, so that none is left on the strip."""
    for x, side in ((area.x, -1), (area.x + area.width, 1)):
        for y, end in ((area.y, -1), (area.y + area.height, 1)):
            pen.line(x, y + end * OFF, x, y + end * (OFF + MARK))
            # Towards a neighbour there is only the gap.
            pen.line(x + side * OFF, y, x + side * (GAP / 2 - 0.3), y)


def _draw(pen: Pen, form: SpineForm, area: Area, language: Language) -> None:
    """Fields from the top down in cells, what is long upright in the middle."""
    above, long, below = _fields(form)
    if language == "both" and form.width < ROOM_FOR_BOTH:
        language = "zh"
    inner = area.inside(0.4)
    pen.frame(inner, THICK)
    y = inner.y
    for name, value in above:
        y = _cell(pen, name.said(language), value, Area(inner.x, y, inner.width, CELL))
    name, value = long
    rest = inner.y + inner.height - y - len(below) * CELL
    _label(pen, name.said(language), Area(inner.x, y, inner.width, 9))
    pen.upright(value, Area(inner.x + 1, y + 10, inner.width - 2, rest - 12), 0.9 * form.width + 7)
    y += rest
    for name, value in below:
        pen.line(inner.x, y, inner.x + inner.width, y)
        _cell(pen, name.said(language), value, Area(inner.x, y, inner.width, CELL), is_last=True)
        y += CELL


Field = tuple[Word, str]


def _fields(form: SpineForm) -> tuple[Sequence[Field], Field, Sequence[Field]]:
    fonds, year = (words.FONDS_CODE, form.fonds), (words.YEAR, form.year)
    retention = (words.RETENTION, form.retention)
    if form.is_box:
        below = ((words.ITEMS_FROM_TO, form.items), (words.BOX_NUMBER, form.number))
        return (fonds, year, retention), (words.SUBJECT, form.subject), below
    category = (words.CATEGORY_CODE, form.category)
    volume = (words.VOLUME_NUMBER, form.number)
    filed = (words.FILING_NUMBER, form.filing_number)
    return (
        (fonds, category, year, volume, retention),
        (words.VOLUME_TITLE, form.title),
        (filed,),
    )


def _cell(pen: Pen, name: str, value: str, area: Area, *, is_last: bool = False) -> float:
    """A field's name above its value; gives back where the next one begins."""
    _label(pen, name, Area(area.x, area.y, area.width, 8))
    size = 13 if area.width > 14 else 9
    room = Area(area.x + 0.6, area.y + 8, area.width - 1.2, area.height - 9)
    pen.write(value, room, size, bold=True, across=0.5)
    end = area.y + area.height
    if not is_last:
        pen.line(area.x, end, area.x + area.width, end)
    return end


def _label(pen: Pen, name: str, area: Area) -> None:
    pen.write(name, Area(area.x + 0.4, area.y + 0.8, area.width - 0.8, area.height - 1), 8,
              across=0.5, down=0)  # fmt: skip
