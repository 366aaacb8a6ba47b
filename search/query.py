"""What somebody typed, read as clauses that a page answers or does not.

Words parted by blanks must all be in the document, "…" keeps words together, a star at a word's end
lets it go on. A date is one word, also where it is written with blanks: Nov 16, 2023. A run of
Chinese characters is one phrase. Nothing typed is wrong: a quotation mark without its partner, a
star alone, marks without words are passed over.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from search.analysis import LONGEST, Reading, is_han, read
from search.values import meant

LONGEST_QUESTION = 1_000  # characters; what was pasted beyond that is not read

_QUOTE = '"\uff02“”„‟«»「」『』'
_QUOTED = re.compile(rf"[{_QUOTE}]([^{_QUOTE}]*)[{_QUOTE}]")
_LONE = re.compile(rf"[{_QUOTE}]")
_STARS = re.compile(r"[*\uff0a]+$")
_AROUND = " \t\r\n\u3000,.;:，。；：、"
_NOTHING = re.compile(r"[\s*\uff0a]*")


@dataclass(frozen=True)
class Clause:
    """What a page must hold: the pattern in its form, or the code as a word or among its codes.

    A pattern is itself a form; its blanks at both ends say that a word begins and ends there.
    `code` is a run of letters and figures without marks, "" for a phrase that cannot be one.
    `begins` says that the last word, or the code, may go on. `values` are the date or the amount
    that was typed, which any other way of writing it answers as well.
    """

    pattern: str
    code: str = ""
    begins: bool = False
    values: tuple[str, ...] = ()

    @property
    def patterns(self) -> tuple[str, ...]:
        """The pattern, and the code or the amount as a single word where that is another one."""
        patterns = [self.pattern]
        if self.code:
            head = f"{self.code[0]} " if is_han(self.code[0]) else f" {self.code[0]}"
            patterns.append(head + self.code[1:] + ("" if self.begins else " "))
        patterns += [f" {figures} " for figures in self._figures()]
        return tuple(dict.fromkeys(patterns))

    def _figures(self) -> list[str]:
        """Amounts as plain numbers, which are words of a text like others."""
        figures = [value.removeprefix("¥") for value in self.values]
        return [each for each in figures if each.isdecimal()]

    def ranges(self, reading: Reading) -> Iterator[tuple[int, int]]:
        """Where the clause stands in the original text; words that go on are taken whole."""
        for pattern in self.patterns:
            for start, end in _found(pattern, reading.form):
                yield reading.place(start, end)
        for code in reading.codes:
            if self.code and self.is_code(code.joined):
                yield code.start, code.end
        if self.values:
            yield from ((v.start, v.end) for v in reading.values if v.joined in self.values)

    def is_code(self, joined: str) -> bool:
        """Is this the code, or does it begin with it where it may go on?"""
        return joined.startswith(self.code) if self.begins else joined == self.code

    def is_in(self, reading: Reading) -> bool:
        """Does a text answer this clause?"""
        return next(self.ranges(reading), None) is not None


def _found(pattern: str, form: str) -> Iterator[tuple[int, int]]:
    goes_on = not pattern.endswith(" ") and not is_han(pattern[-1])
    at = form.find(pattern)
    while at >= 0:
        end = at + len(pattern)
        yield at, form.index(" ", end) if goes_on else end
        at = form.find(pattern, at + 1)


@dataclass(frozen=True)
class Query:
    """A document must answer all clauses. `everything` when nothing was asked for."""

    clauses: tuple[Clause, ...]
    everything: bool


def parse(text: str) -> Query:
    """Read what was typed. Marks alone ask for what no page has: no clause, yet not everything."""
    spans = _spans(text[:LONGEST_QUESTION])
    clauses = dict.fromkeys(clause for clause in map(_clause, spans) if clause is not None)
    return Query(tuple(clauses), everything=_NOTHING.fullmatch(text) is not None)


def _spans(text: str) -> Iterator[str]:
    """The quoted phrases and the single words, in their order."""
    at = 0
    for quoted in _QUOTED.finditer(text):
        yield from _words(_LONE.sub(" ", text[at : quoted.start()]))
        yield quoted[1].strip()
        at = quoted.end()
    yield from _words(_LONE.sub(" ", text[at:]))


def _words(text: str) -> Iterator[str]:
    """What blanks part; a date that has blanks in it and stands alone is not parted."""
    at = 0
    for date in sorted(read(text).values, key=lambda value: (value.start, -value.end)):
        alone = not text[: date.start][-1:].strip() and not text[date.end :][:1].strip(_AROUND)
        if date.joined.startswith("@") and date.start >= at and alone:
            yield from text[at : date.start].split()
            yield text[date.start : date.end]
            at = date.end
    yield from text[at:].split()


def _clause(span: str) -> Clause | None:
    """The span as a clause, or nothing when it holds no letter, figure or character."""
    reading = read(span)
    form = reading.form.strip()
    if not form:
        return None
    goes_on = _STARS.search(span) is not None and not is_han(form[-1])
    head = "" if is_han(form[0]) else " "
    tail = "" if goes_on or is_han(form[-1]) else " "
    values = () if goes_on else meant(reading.folded)
    # 1,200.00 without its marks is another amount, not the same code.
    is_amount = " " in form and any(value.startswith("¥") for value in values)
    return Clause(head + form + tail, "" if is_amount else _code(span, form), goes_on, values)


def _code(span: str, form: str) -> str:
    """The form without blanks, when it was typed as one word of letters and figures.

    One character may stand before them, as on a number plate.
    """
    joined = form.replace(" ", "")
    is_word = not any(map(is_han, joined[1:])) and len(span.split()) == 1
    return joined if is_word and not is_han(joined[-1]) and len(joined) <= LONGEST else ""
