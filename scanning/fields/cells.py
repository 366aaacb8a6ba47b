"""Cells: labels printed over several lines, down the side of a form, or beside several rows."""

import re
from collections.abc import Iterator

from scanning.fields.labels import Labels
from scanning.fields.paper import Paper, Place, Span
from scanning.reading import Box

TIGHT = 0.9  # heights: as near below, a label or a value goes on
NEAR = 6  # heights: nearer than this, what stands beside a label is its value
A_FEW = 2  # signs on each line of a label that a narrow cell breaks
REACH_OF_SIGN = 1.6  # heights between the signs of a label printed down a form
TALL = 1.5  # times as high as wide, a line runs down the page
# Part of a label in its own cell: 托运人 | 名称 | …
SECOND_HALF = re.compile(r"\s*(?:单位|公司)?(?:名\s*称|户\s*名|全\s*称|姓\s*名)\s*:?\s*")
# The same before its value: 单位: …
NAMED = re.compile(r"\s*(?:单\s*位|公\s*司|名\s*称|户\s*名|全\s*称|姓\s*名)(?:名称)?\s*:\s*")
# The last line of a column's head: 毛重 (千克)
UNIT_ALONE = re.compile(r"\s*\((?:kgs?|千克|公斤|吨|元|件|cbm|m3|立方米)\)\s*", re.IGNORECASE)


def broken_labels(paper: Paper, labels: Labels) -> Iterator[tuple[Place, str]]:
    """Labels printed over two or three lines of a narrow cell, each as one place."""
    for first in paper.places:
        if labels.may_begin(first.plain):
            yield from _grown(paper, labels, first)


def _grown(paper: Paper, labels: Labels, place: Place) -> Iterator[tuple[Place, str]]:
    for _ in range(2):
        under = [one for one in paper.under(place.line.box, place.page, TIGHT)
                 if place.line.box[1] < one.line.box[1]]  # fmt: skip
        if not under:
            return
        place = place.with_below(under[0])
        if name := labels.word(place.plain):
            yield place, name
        if not labels.may_begin(place.plain):
            return


def labels_down(paper: Paper, labels: Labels) -> Iterator[tuple[Place, str]]:
    """Labels printed down the side of a form, read as one line, or sign by sign, or in pairs."""
    for first in paper.places:
        place = _down_from(paper, labels, first)
        if place and (name := labels.word(place.plain)):
            yield place, name


def _down_from(paper: Paper, labels: Labels, first: Place) -> Place | None:
    """The line, if it runs down the form; a sign or two, with those below."""
    if len(first.plain) > A_FEW:
        left, top, right, bottom = first.line.box
        return first if bottom - top > TALL * (right - left) else None
    place = last = first
    while labels.goes_down(place.plain) and not labels.word(place.plain):
        under = paper.under(last.line.box, last.page, REACH_OF_SIGN)[:1]
        if not under or len(under[0].plain) > A_FEW:
            break
        last = under[0]
        place = place.as_tall_as(last)
    return place if last is not first else None


def rows_beside(paper: Paper, place: Place) -> list[Place]:
    """The lines of the next column that share some of the label's height, from the top."""
    return paper.column_beside(place, NEAR)


def unit_under(paper: Paper, head: Place, box: Box) -> Place | None:
    """The unit that stands alone under a column's head."""
    under = paper.under(box, head.page, TIGHT)[:1]
    return under[0] if under and UNIT_ALONE.fullmatch(under[0].plain) else None


def named_row(paper: Paper, place: Place) -> Place | Span | None:
    """Beside a label of several rows: the row that is called its name, or what stands in it."""
    # The print of a cell is higher than that of the label in its middle.
    left, _, right, _ = place.line.box
    for row in paper.column_beside(place, NEAR, margin=right - left):
        if match := NAMED.match(row.plain):
            return Span(row, match.end(), len(row.plain))
        if SECOND_HALF.fullmatch(row.plain):
            return row
    return None
