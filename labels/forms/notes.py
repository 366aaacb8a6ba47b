"""Note sheets (备考表): the last sheet of a volume or a box, where its keeper says what it holds.

Volume: 本卷情况说明, 立卷人, 检查人, 立卷时间 (GB/T 9705-2008), 互见号 (GB/T 11822-2008).
Box: 盒内文件情况说明, 整理人, 整理日期, 检查人, 检查日期 (DA/T 22-2015).
What is empty is written by hand.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from reportlab.lib.units import mm

from labels.draw import SMALLEST, Drawn
from labels.fitting import LEADING, STEP, wrap
from labels.forms import words
from labels.forms.pen import THICK, THIN, Area, Pen
from labels.forms.words import Language, Word

TITLE = Word("卷内备考表", "Note sheet of the volume")
BOX_TITLE = Word("备考表", "Note sheet of the box")
SEE_ALSO = Word("互见号", "See also")
SITUATION = Word("本卷情况说明", "Notes on this volume")
BOX_SITUATION = Word("盒内文件情况说明", "Notes on the items in this box")
COUNTED = Word(
    "本卷共有文件 %(items)s 件，%(pages)s 页。", "%(items)s items of %(pages)s pages in all."
)
BOX_COUNTED = Word(
    "本盒共有文件 %(items)s 件，%(pages)s 页。", "%(items)s items of %(pages)s pages in all."
)
COMPILED_BY = Word("立卷人", "Compiled by")
CHECKED_BY = Word("检查人", "Checked by")
COMPILED_ON = Word("立卷时间", "Compiled on")
BOX_COMPILED_BY = Word("整理人", "Arranged by")
BOX_COMPILED_ON = Word("整理日期", "Arranged on")
CHECKED_ON = Word("检查日期", "Checked on")

WIDTH, HEIGHT = 210.0, 297.0
LEFT, TOP, ROW = 25.0, 20.0, 11.0
ACROSS = WIDTH - LEFT - 15.0
LARGEST = 12.0  # points


@dataclass(frozen=True)
class NoteForm:
    """What a note sheet says. Dates are partial: 2024, 2024-05 or 2024-05-31."""

    is_box: bool
    code: str
    items: int
    pages: int
    note: str = ""
    see_also: str = ""
    compiled_by: str = ""
    compiled_on: str = ""
    checked_by: str = ""
    checked_on: str = ""


def draw(forms: Iterable[NoteForm], target: Path | BinaryIO, *, language: Language = "zh") -> Drawn:
    """Write a PDF of the note sheets, an A4 page each. Raises NothingToPrint or FontMissing."""
    pen = Pen(target, TITLE.said(language))
    for form in forms:
        pen.page(WIDTH, HEIGHT)
        _draw(pen, form, language)
    return pen.finish()


def _draw(pen: Pen, form: NoteForm, language: Language) -> None:
    title = (BOX_TITLE if form.is_box else TITLE).said(language)
    pen.write(title, Area(LEFT, TOP, ACROSS, 14), 22, bold=True, across=0.5)
    codes = f"{words.CODE.said(language)}：{form.code}"
    pen.write(codes, Area(LEFT, TOP + 17, ACROSS, 7), 11)
    frame = Area(LEFT, TOP + 26, ACROSS, HEIGHT - TOP - 26 - 18)
    pen.frame(frame, THICK)
    signed = _signed(form, language)
    signatures = len(signed) * ROW + 8
    top = _see_also(pen, form, frame, language)
    room = Area(LEFT + 6, top + 5, ACROSS - 12, frame.y + frame.height - top - signatures - 10)
    _situation(pen, form, room, language)
    y = frame.y + frame.height - signatures
    for name, value in signed:
        _signature(pen, f"{name}：", value, Area(LEFT + ACROSS / 2, y, ACROSS / 2 - 8, ROW))
        y += ROW


def _see_also(pen: Pen, form: NoteForm, frame: Area, language: Language) -> float:
    """The line of volumes that belong to this one; boxes have none. Where the rest begins."""
    if form.is_box:
        return frame.y
    line = f"{SEE_ALSO.said(language)}：{form.see_also}"
    pen.write(line, Area(frame.x + 6, frame.y + 1, frame.width - 12, ROW), 12)
    end = frame.y + ROW + 2
    pen.line(frame.x, end, frame.x + frame.width, end)
    return end


def _situation(pen: Pen, form: NoteForm, room: Area, language: Language) -> None:
    name = (BOX_SITUATION if form.is_box else SITUATION).said(language)
    pen.write(f"{name}：", Area(room.x, room.y, room.width, 7), 13)
    counted = BOX_COUNTED if form.is_box else COUNTED
    told = counted.said(language, items=form.items, pages=form.pages)
    pen.write(told, Area(room.x, room.y + 10, room.width, 7), 12)
    note = Area(room.x, room.y + 20, room.width, room.height - 20)
    _paragraphs(pen, form.note, note)


def _paragraphs(pen: Pen, note: str, room: Area) -> None:
    """A note with its own lines, in the largest letters with which all of it goes into the room."""
    parts = [part for part in note.splitlines() if part.strip()]
    size = LARGEST
    while True:
        fitted = [wrap(part, pen.regular, room.width * mm, size) for part in parts]
        height = sum(len(one.lines) for one in fitted) * size * LEADING / mm
        if height <= room.height or size <= SMALLEST:
            break
        size -= STEP
    y = room.y
    for one in fitted:
        pen.set(one, Area(room.x, y, room.width, one.height / mm), down=0)
        y += len(one.lines) * one.leading / mm


def _signed(form: NoteForm, language: Language) -> list[tuple[str, str]]:
    """Who answers for it, and when: names and values from the top down."""
    on = words.day(form.compiled_on, language)
    if not form.is_box:
        rows = [(COMPILED_BY, form.compiled_by), (CHECKED_BY, form.checked_by), (COMPILED_ON, on)]
    else:
        checked = words.day(form.checked_on, language)
        rows = [
            (BOX_COMPILED_BY, form.compiled_by), (BOX_COMPILED_ON, on),
            (CHECKED_BY, form.checked_by), (CHECKED_ON, checked),
        ]  # fmt: skip
    return [(name.said(language), value) for name, value in rows]


def _signature(pen: Pen, name: str, value: str, area: Area) -> None:
    """A name with a line for hand or print behind it."""
    label = 0.5 * area.width
    pen.write(name, Area(area.x, area.y, label, area.height - 1), 12, across=1, down=1)
    line = Area(area.x + label + 1, area.y, area.width - label - 1, area.height - 1)
    pen.write(value, line, 12, across=0.5, down=1)
    y = area.y + area.height
    pen.line(line.x, y, line.x + line.width, y, THIN)
