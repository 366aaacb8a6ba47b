"""Finding: what stands after, beside or below a label on the paper."""

import math
import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import takewhile

from scanning.fields import cells
from scanning.fields.cells import NEAR, SECOND_HALF, TIGHT
from scanning.fields.labels import Labels, Mark
from scanning.fields.paper import Paper, Place, Span, shared
from scanning.reading import Box

# How sure it is that a text belongs to its label, by where it stands.
SPACED, GLUED, IN_PROSE = 0.95, 0.9, 0.4
BESIDE, BELOW, EITHER, FARTHER = 0.95, 0.92, 0.84, 0.6
MISREAD = 0.88  # of a label that is known in spite of a wrong letter
REACH_DOWN = 2.2  # heights of the label's line
# What forms of carriers print behind a label, before the value below it.
REMARK = re.compile(r"this b/l is|\(no responsib|\(complete name|\(insert|\(if ", re.IGNORECASE)
CLOSE = 0.5  # heights: as near beside, print is one
FIGURES = re.compile(r"\s*[\d.,]+\s*(?:kgs?|千克|公斤|吨|件|箱|cartons|ctns|pkgs)?\s*", re.I)
REACH_ASIDE = 25  # heights
# Words that head a cell of some form or other; never what is filled in.
HEAD = re.compile(
    r"(?:.*\b(?:nos?|number|code|name|date|address|quantity|weight|signature)\b[. :]*"
    r"|[^:\d]{0,12}(?:号码|编号|[单票箱证]号|代码|名称|姓名|日期|地址|住址|签章|签字|盖章|电话|账号"
    r"|开户行)\s*)"
    r"(?:\([^()]*\))?:?",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Answer:
    """What stands at a label, up to the next one on the line."""

    form: "Form"
    span: Span
    sure: float
    label: str

    @property
    def text(self) -> str:
        return self.span.text


@dataclass(frozen=True)
class Found:
    """A value read from the paper.

    `sure` (0 to 1) is how surely it belongs to its field, `read` how surely it was read.
    `proof` names what on the paper backs it, `flaw` what speaks against it: see certainty.py.
    `role` is what a party is called there.
    """

    value: str
    sure: float
    read: float
    page: int
    box: Box
    role: str = ""
    proof: str = ""
    flaw: str = ""

    @classmethod
    def at(
        cls, span: Span, value: str, sure: float, *, role: str = "", proof: str = "", flaw: str = ""
    ) -> "Found":
        place = span.place
        return cls(value, sure, place.line.confidence, place.page, span.box, role, proof, flaw)

    def over(self, more: Sequence[Span]) -> "Found":
        """The same, standing also on the lines `more`."""
        boxes = [self.box, *(span.box for span in more)]
        box = (
            min(b[0] for b in boxes), min(b[1] for b in boxes),
            max(b[2] for b in boxes), max(b[3] for b in boxes),
        )  # fmt: skip
        read = min(self.read, *(span.place.line.confidence for span in more), 1.0)
        return replace(self, box=box, read=read)

    @property
    def confidence(self) -> float:
        return round(self.sure * self.read, 3)


Reader = Callable[[Answer], Found | None]


@dataclass(frozen=True)
class Form:
    """A paper and the labels that its kind has. On a `ruled` one a value may follow its label
    with nothing between; in prose, 甲方应当 is no answer. `others` are labels of no field."""

    paper: Paper
    labels: Labels
    is_ruled: bool
    others: frozenset[str] = frozenset()

    @cached_property
    def broken(self) -> tuple[tuple[Place, str], ...]:
        return tuple(cells.broken_labels(self.paper, self.labels))

    @cached_property
    def down(self) -> tuple[tuple[Place, str], ...]:
        return tuple(cells.labels_down(self.paper, self.labels))

    def answers(self, wanted: Sequence[str]) -> Iterator[Answer]:
        """What stands at any of the labels, in the paper's order."""
        for place, name in self.broken:
            if name in wanted:
                mark = Mark((name,), 0, len(place.plain), "alone")
                yield from self._around(place, mark, name)
        for place, name in self.down:
            if name in wanted:
                yield from (Answer(self, span, BESIDE, name) for span in self._spanned(place))
        for place in self.paper.places:
            marks = self.labels.marks(place.plain)
            for number, mark in enumerate(marks):
                names = [name for name in mark.names if name in wanted]
                # 采购员 Purchaser is the first one's label, and its translation's no one else's.
                first = mark.names[0]
                if names and (first in wanted or first not in self.others):
                    following = marks[number + 1 : number + 2]
                    yield from self._at(place, mark, following, names[0])

    def _at(
        self, place: Place, mark: Mark, following: Sequence[Mark], name: str
    ) -> Iterator[Answer]:
        end = following[0].start if following else len(place.plain)
        span = trimmed(Span(place, mark.end, end))
        if any(map(str.isalnum, span.text)) and not REMARK.match(span.text):
            yield Answer(self, span, self._if_whole(span, self._sure(mark, name)), name)
        elif not following:
            yield from self._around(place, mark, name)
        elif mark.how == "space":
            # Heads of columns that were read as one line.
            for other in self._below(place, mark):
                span, sure = self._in_column(place, mark, other, BELOW)
                yield Answer(self, span, FARTHER if self._heads_rows(place, mark) else sure, name)

    def _sure(self, mark: Mark, name: str) -> float:
        if mark.how == "colon":
            return MISREAD if mark.is_misread else 1.0
        if not self.is_ruled and (mark.how == "glued" or name.isascii()):
            return IN_PROSE
        return SPACED if mark.how == "space" else GLUED

    def _around(self, place: Place, mark: Mark, name: str) -> Iterator[Answer]:
        """Beside an empty label or below it, the likelier first."""
        beside, below = self._beside(place), self._below(place, mark)
        if below and mark.how != "colon" and self.is_among_labels(place):
            beside = []
        unit = cells.unit_under(self.paper, place, place.line.box)
        told = f"{name}{unit.plain}" if unit else name
        gap = beside[0].line.box[0] - place.line.box[2] if beside else 0
        is_near = bool(beside) and (gap < NEAR * place.height or mark.how == "colon")
        ordered = [(beside, BESIDE), (below, BELOW)]
        for number, (found, placed) in enumerate(
            ordered if is_near or not below else ordered[::-1]
        ):
            if found:
                # What stands where the other does not belong is only a guess; so is the first
                # of many rows.
                is_other = number == 1 and bool(beside and below)
                is_row = found is below and self._heads_rows(place, mark)
                is_either = bool(beside and below) and mark.how != "colon"
                sure = FARTHER if is_other or is_row else EITHER if is_either else placed
                sure *= MISREAD if mark.is_misread else 1.0
                yield Answer(self, *self._in_column(place, mark, found[0], sure), told)

    def _in_column(self, place: Place, mark: Mark, other: Place, sure: float) -> tuple[Span, float]:
        """What stands at the label, and how surely: two cells read as one line are cut apart where
        the next label's column begins."""
        span = whole(other)
        sure = self._if_whole(span, sure)
        if other.line.box[1] < place.line.box[3]:
            return span, sure
        slack = other.height / 2
        left, right = self._columns(place, mark)
        if left - 2 * slack <= span.box[0] and span.box[2] <= right + slack:
            return span, sure
        cuts = other.line.cuts
        if len(cuts) != len(other.plain) + 1:
            return span, min(sure, EITHER)
        start = max(bisect_left(cuts, left - slack), span.start)
        end = max(bisect_right(cuts, right - slack) - 1, start)
        return trimmed(Span(other, start, end)), min(sure, EITHER)

    def _columns(self, place: Place, mark: Mark) -> tuple[float, float]:
        """Where the label's own column begins and the next one does, if labels stand in both."""
        marks = self.labels.marks(place.plain)
        before, after = self.paper.row_before(place)[-1:], self.paper.row_after(place)[:1]
        later = [one for one in marks if one.start >= mark.end]
        left = 0
        if any(one.end <= mark.start for one in marks):
            left = Span(place, mark.start, mark.end).box[0]
        elif before and self._is_label_alone(before[0]):
            left = place.line.box[0]
        if later:
            return left, Span(place, later[0].start, later[0].end).box[0]
        is_last = not after or not self._is_label_alone(after[0])
        return left, math.inf if is_last else after[0].line.box[0]

    def _spanned(self, place: Place) -> Iterator[Span]:
        """Beside a label that stands over several rows: the name in one of them, or all of it."""
        found = cells.named_row(self.paper, place)
        if isinstance(found, Span):
            yield trimmed(found)
        elif found is not None:
            yield from map(whole, self._beside(found))
        else:
            rows = cells.rows_beside(self.paper, place)
            yield from (whole(row) for row in rows[:1] if not self.is_label(row))

    def _beside(self, place: Place) -> list[Place]:
        # 名称 may stand higher than the label of two rows.
        rows = cells.rows_beside(self.paper, place)
        place = next((one for one in rows if SECOND_HALF.fullmatch(one.plain)), place)
        row = self.paper.row_after(place)
        # Of a cell of two lines, the upper one.
        cell = [one for one in row if shared(*row[0].line.box[::2], *one.line.box[::2]) > 0.5]
        return [
            other
            for other in sorted(cell, key=lambda one: one.line.box[1])[:1]
            if not self.is_label(other)
            and other.line.box[0] - place.line.box[2] < REACH_ASIDE * place.height
        ]

    def _below(self, place: Place, mark: Mark) -> list[Place]:
        box = Span(place, mark.start, mark.end).box
        if unit := cells.unit_under(self.paper, place, box):
            box = (box[0], *unit.line.box[1:])
        under = self.paper.under(box, place.page, REACH_DOWN)[:1]
        return [other for other in under if not self.is_label(other)]

    def is_among_labels(self, place: Place) -> bool:
        """Whether the next cell of its row holds a label alone too: then the values are below."""
        cells = (*self.paper.row_before(place)[-1:], *self.paper.row_after(place)[:1])
        return any(self._is_label_alone(cell) for cell in cells)

    def _is_label_alone(self, place: Place) -> bool:
        if SECOND_HALF.fullmatch(place.plain):
            return False
        if self.labels.may_begin(place.plain):
            return True
        marks = self.labels.marks(place.plain)
        is_ours = bool(marks) and marks[0].how == "alone" and marks[0].end == len(place.plain)
        return is_ours or HEAD.fullmatch(place.plain.strip()) is not None

    def is_label(self, place: Place) -> bool:
        """Whether the line is, or begins with, a label of this kind, or heads a cell of another."""
        return self.labels.begins(place.plain) or HEAD.fullmatch(place.plain.strip()) is not None

    def _heads_rows(self, place: Place, mark: Mark) -> bool:
        """Whether figures stand in several rows under the label, as under a column's head; a
        column ends where the next label stands."""
        box = Span(place, mark.start, mark.end).box
        under = self.paper.under(box, place.page, 3 * REACH_DOWN)
        column = takewhile(lambda one: not self.is_label(one), under)
        return sum(FIGURES.fullmatch(one.plain) is not None for one in column) > 1

    def going_on(self, span: Span) -> Iterator[Span]:
        """The lines on which the text of `span` goes on: close below, even with its beginning."""
        left, right = span.box[0], span.box[2]
        last = span.place
        while True:
            box = (left, last.line.box[1], max(right, left + last.height), last.line.box[3])
            under = [
                one
                for one in self.paper.under(box, last.page, TIGHT)
                if abs(one.line.box[0] - left) < 1.2 * last.height
                and 0.6 < one.height / max(1, last.height) < 1.6
            ]
            if not under or self.labels.begins(under[0].plain):
                return
            label = self._label_of(under[0])
            if label is not None and label is not self._label_of(last):
                return
            last = under[0]
            yield whole(last)

    def rest_of_row(self, span: Span) -> list[Span]:
        """The piece of print close to the right of the span's, parted from it in reading."""
        place = span.place
        if span.end < len(place.plain.rstrip(" ;,")):
            return []
        return [
            whole(other)
            for other in self.paper.row_after(place)[:1]
            if other.line.box[0] - place.line.box[2] < CLOSE * place.height
            and 0.7 < other.height / max(1, place.height) < 1.4
            and not self.is_label(other)
        ]

    def _if_whole(self, span: Span, sure: float) -> float:
        """Less sure where the print goes on close by."""
        return min(sure, EITHER) if self.rest_of_row(span) else sure

    def is_labelled(self, place: Place) -> bool:
        """Whether a label stands before the line, so that it is that label's value."""
        return self._label_of(place) is not None

    def _label_of(self, place: Place) -> Place | None:
        before = self.paper.row_before(place)[-1:]
        if before and SECOND_HALF.fullmatch(before[0].plain):
            return before[0]
        marks = self.labels.marks(before[0].plain) if before else ()
        return before[0] if marks and marks[-1].end == len(before[0].plain) else None


def whole(place: Place) -> Span:
    return trimmed(Span(place, 0, len(place.plain)))


def trimmed(span: Span) -> Span:
    """Without blanks, underscores and stops at its ends."""
    text = span.text
    start = len(text) - len(text.lstrip(" _-:.,;|"))
    end = len(text.rstrip(" _-:,;|"))
    return span.part(min(start, end), end) if end > start else span.part(start, start)


def best_first(found: Iterable[Found]) -> list[Found]:
    """The surest first; equals stay in their order."""
    return sorted(found, key=lambda one: -one.confidence)
