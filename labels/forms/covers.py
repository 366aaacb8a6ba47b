"""Covers of volumes (案卷封面): the hard cover of 310 × 220 mm and the soft one of 297 × 210.

The fields are those of GB/T 9705-2008 §3.1.2, where they stand there: fonds and category at the
top, the title in the middle, dates, retention, quantity and codes at the foot.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, NamedTuple

from reportlab.lib.units import mm

from labels.draw import SMALLEST, Drawn
from labels.fitting import Fitted, fit
from labels.fonts import clean
from labels.forms import words
from labels.forms.pen import THICK, Area, Pen
from labels.forms.words import Language, Word

TITLE = Word("案卷封面", "Volume covers")
LABEL = 34.0  # mm for a field's name
ROW = 15.0  # mm, of the fields at the foot
# Points: a title's letters, and how large they must stay for its parts not to be broken.
LARGEST, LEAST_WHOLE = 32.0, 18.0


class Cover(NamedTuple):
    """A kind of cover: the size of its front in mm."""

    width: float
    height: float


HARD = Cover(220, 310)
SOFT = Cover(210, 297)


@dataclass(frozen=True)
class CoverForm:
    """What stands on a volume's cover. Dates are partial: 2024, 2024-05 or 2024-05-31.

    `filing_number` (归档号) is the one that the department gave; mostly written by hand.
    """

    fonds: str
    category: str
    title: str
    code: str
    retention: str
    items: int
    pages: int
    first: str = ""
    last: str = ""
    filing_number: str = ""


def draw(
    forms: Iterable[CoverForm],
    target: Path | BinaryIO,
    *,
    cover: Cover = HARD,
    language: Language = "zh",
) -> Drawn:
    """Write a PDF of the covers, a page each. Raises NothingToPrint or FontMissing."""
    pen = Pen(target, TITLE.said(language))
    for form in forms:
        pen.page(*cover)
        _draw(pen, form, cover, language)
    return pen.finish()


def _draw(pen: Pen, form: CoverForm, cover: Cover, language: Language) -> None:
    left, width = 25.0, cover.width - 50.0
    _ruled(pen, words.FONDS.said(language), form.fonds, Area(left, 34, width, 16))
    _ruled(pen, words.CATEGORY.said(language), form.category, Area(left, 54, width, 16))
    foot = Area(left, cover.height - 35 - 3 * ROW, width, 3 * ROW)
    middle = Area(left, 80, width, foot.y - 15 - 80)
    pen.frame(middle, THICK)
    pen.write(words.VOLUME_TITLE.said(language), Area(left + 3, 83, width - 6, 6), 12)
    inner = Area(left + 10, 92, width - 20, middle.height - 20)
    pen.set(_title(pen, form.title, inner), inner, bold=True, across=0.5)
    _foot(pen, form, foot, language)


def _title(pen: Pen, title: str, area: Area) -> Fitted:
    """A title broken only where it has spaces, as large as that allows; else wherever it must."""
    parts, room = clean(title).split(), area.width * mm
    widest = max((pen.bold.width(part, 1) for part in parts), default=1.0)
    size = min(LARGEST, room / widest)
    if size >= LEAST_WHOLE:
        lines: list[str] = []
        for part in parts:
            joined = f"{lines[-1]} {part}" if lines else part
            if lines and pen.bold.width(joined, size) <= room:
                lines[-1] = joined
            else:
                lines.append(part)
        whole = Fitted(tuple(lines), size)
        if whole.height <= area.height * mm:
            return whole
    return fit(title, pen.bold, room, area.height * mm, LARGEST, SMALLEST)


def _ruled(pen: Pen, name: str, value: str, area: Area) -> None:
    """A field's name and its value on a double line."""
    pen.write(name, Area(area.x, area.y, LABEL - 2, area.height - 1), 14, down=1)
    room = Area(area.x + LABEL, area.y, area.width - LABEL, area.height)
    pen.write(value, Area(room.x, room.y, room.width, room.height - 1), 20, across=0.5, down=1)
    for y in (room.y + room.height, room.y + room.height + 0.8):
        pen.line(room.x, y, room.x + room.width, y)


def _foot(pen: Pen, form: CoverForm, area: Area, language: Language) -> None:
    """The table of the other fields, the archival code over its whole width."""
    name, half = 27.0, 0.62 * area.width
    pen.frame(area, THICK)
    for row in (1, 2):
        pen.line(area.x, area.y + row * ROW, area.x + area.width, area.y + row * ROW)
    pen.line(area.x + name, area.y, area.x + name, area.y + area.height)
    for x in (area.x + half, area.x + half + name):
        pen.line(x, area.y, x, area.y + 2 * ROW)
    rows = (
        (words.TIME, _time(form, language), words.RETENTION, form.retention),
        (words.QUANTITY, _quantity(form, language), words.FILING_NUMBER, form.filing_number),
    )
    for row, (first, told, second, other) in enumerate(rows):
        y = area.y + row * ROW
        _cell(pen, first.said(language), Area(area.x, y, name, ROW))
        _cell(pen, told, Area(area.x + name, y, half - name, ROW))
        _cell(pen, second.said(language), Area(area.x + half, y, name, ROW))
        _cell(pen, other, Area(area.x + half + name, y, area.width - half - name, ROW))
    y = area.y + 2 * ROW
    _cell(pen, words.CODE.said(language), Area(area.x, y, name, ROW))
    code = Area(area.x + name, y, area.width - name, ROW).inside(1.5)
    pen.write(form.code, code, 16, bold=True, across=0.5)


def _cell(pen: Pen, text: str, area: Area) -> None:
    pen.write(text, area.inside(1.5), 12, across=0.5)


def _time(form: CoverForm, language: Language) -> str:
    """The first and the last month of its papers; nothing where no date is known."""
    if not form.first:
        return ""
    first, last = (words.month(date, language) for date in (form.first, form.last or form.first))
    spoken: Language = "zh" if language == "both" else language
    return words.FROM_TO.said(spoken, first=first, last=last)


def _quantity(form: CoverForm, language: Language) -> str:
    return words.ITEMS_AND_PAGES.said(language, items=form.items, pages=form.pages)
