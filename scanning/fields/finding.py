"""Finding: what stands after, beside or below a label on the paper."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from scanning.fields.labels import Labels, Mark
from scanning.fields.paper import Paper, Place, Span
from scanning.reading import Box

# How sure it is that a text belongs to its label, by where it stands.
SPACED, GLUED, IN_PROSE = 0.95, 0.9, 0.4
BESIDE, BELOW, FARTHER = 0.95, 0.92, 0.6
MISREAD = 0.88  # of a label that is known in spite of a wrong letter
REACH_DOWN = 2.2  # heights of the label's line
FIGURES = re.compile(r"\s*[\d.,]+\s*(?:kgs?|千克|公斤|吨|件|箱|cartons|ctns|pkgs)?\s*", re.I)
REACH_ASIDE = 25  # heights
NEAR = 6  # heights: nearer than this, what stands beside a label is its value


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
    with nothing between; in prose, 甲方应当 is no answer."""

    paper: Paper
    labels: Labels
    is_ruled: bool

    def answers(self, wanted: Sequence[str]) -> Iterator[Answer]:
        """What stands at any of the labels, in the paper's order."""
        for place in self.paper.places:
            marks = self.labels.marks(place.plain)
            for number, mark in enumerate(marks):
                names = [name for name in mark.names if name in wanted]
                if names:
                    following = marks[number + 1 : number + 2]
                    yield from self._at(place, mark, following, names[0])

    def _at(
        self, place: Place, mark: Mark, following: Sequence[Mark], name: str
    ) -> Iterator[Answer]:
        end = following[0].start if following else len(place.plain)
        span = trimmed(Span(place, mark.end, end))
        if any(map(str.isalnum, span.text)):
            yield Answer(self, span, self._sure(mark, name), name)
        elif not following:
            yield from self._around(place, mark, name)

    def _sure(self, mark: Mark, name: str) -> float:
        if mark.how == "colon":
            return MISREAD if mark.is_misread else 1.0
        if not self.is_ruled and (mark.how == "glued" or name.isascii()):
            return IN_PROSE
        return SPACED if mark.how == "space" else GLUED

    def _around(self, place: Place, mark: Mark, name: str) -> Iterator[Answer]:
        """Beside an empty label or below it, the likelier first."""
        beside, below = self._beside(place), self._below(place, mark)
        gap = beside[0].line.box[0] - place.line.box[2] if beside else 0
        is_near = bool(beside) and (gap < NEAR * place.height or mark.how == "colon")
        ordered = [(beside, BESIDE), (below, BELOW)]
        for number, (found, placed) in enumerate(
            ordered if is_near or not below else ordered[::-1]
        ):
            if found:
                # What stands where the other does not belong is only a guess; so is the first
                # of many rows.
                has_better = number == 1 and (beside and below)
                is_row = found is below and self._heads_rows(place, mark)
                is_guess = has_better or is_row
                sure = FARTHER if is_guess else MISREAD * placed if mark.is_misread else placed
                yield Answer(self, whole(found[0]), sure, name)

    def _beside(self, place: Place) -> list[Place]:
        nearest = self.paper.row_after(place)[:1]
        return [
            other
            for other in nearest
            if not self.labels.begins(other.plain)
            and other.line.box[0] - place.line.box[2] < REACH_ASIDE * place.height
        ]

    def _below(self, place: Place, mark: Mark) -> list[Place]:
        box = Span(place, mark.start, mark.end).box
        under = self.paper.under(box, place.page, REACH_DOWN)[:1]
        return [other for other in under if not self.labels.begins(other.plain)]

    def _heads_rows(self, place: Place, mark: Mark) -> bool:
        """Whether figures stand in several rows under the label, as under a column's head."""
        box = Span(place, mark.start, mark.end).box
        under = self.paper.under(box, place.page, 3 * REACH_DOWN)
        rows = [one for one in under if FIGURES.fullmatch(one.plain)]
        return len(rows) > 1

    def going_on(self, span: Span) -> Iterator[Span]:
        """The lines on which the text of `span` goes on: close below, even with its beginning."""
        left, right = span.box[0], span.box[2]
        last = span.place
        while True:
            box = (left, last.line.box[1], max(right, left + last.height), last.line.box[3])
            under = [
                one
                for one in self.paper.under(box, last.page, 0.9)
                if abs(one.line.box[0] - left) < 1.2 * last.height
                and 0.7 < one.height / max(1, last.height) < 1.4
            ]
            if not under or self.labels.begins(under[0].plain) or self.is_labelled(under[0]):
                return
            last = under[0]
            yield whole(last)

    def is_labelled(self, place: Place) -> bool:
        """Whether a label stands before the line, so that it is that label's value."""
        before = self.paper.row_before(place)[-1:]
        marks = self.labels.marks(before[0].plain) if before else ()
        return bool(marks) and marks[-1].end == len(before[0].plain)


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
