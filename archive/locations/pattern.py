"""The pattern of codes: what the code of a place looks like on each level of the tree.

`K{room:2}-G{rack:2}-C{shelf}-G{slot}` makes K01, K01-G07, K01-G07-C3 and K01-G07-C3-G2: `:2` fills
up with zeros to two digits, `:A` counts in letters. The levels lie in each other in the order in
which the pattern names them.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from archive.base.errors import N_, Invalid
from archive.locations.records import Level

DEFAULT_PATTERN = "K{room:2}-L{rack:2}-{side:A}-J{bay}-C{shelf}-G{slot}"
LONGEST_PATTERN = 100
LARGEST = 9999
PART = re.compile(r"([0-9A-Z-]*)\{([a-z]+)(?::([1-4]|A))?\}")
SPAN = re.compile(r"([0-9]{1,4}|[A-Z])(?:-([0-9]{1,4}|[A-Z]))?")
# What people write between two numbers.
BETWEEN = str.maketrans("–—~～至到", "------")


class NotAPattern(Invalid):
    text = N_(
        "“%(pattern)s” is no pattern of codes. Write it like %(example)s: each level once, "
        "with a hyphen before each but the first."
    )


class NotASpan(Invalid):
    text = N_("“%(typed)s” is no range. Write it like 1-12, A-B or 3, at most %(most)s.")


class SpanMissing(Invalid):
    text = N_("The pattern has this level. Say which ones there are, like 1-12 or A-B.")


class SpanTooMany(Invalid):
    text = N_("The pattern has no such level. Leave this empty, or add the level to the pattern.")


@dataclass(frozen=True)
class Part:
    """One level of a pattern: what stands before its number, and how that is written."""

    level: Level
    before: str
    width: int
    letters: bool

    def spell(self, number: int) -> str:
        """The part of the code with this number, from 1."""
        return self.before + (chr(64 + number) if self.letters else f"{number:0{self.width}d}")


def parse(pattern: str) -> tuple[Part, ...]:
    """The levels of a pattern, from the top. Raises NotAPattern."""
    parts = [_part(*found.groups()) for found in PART.finditer(pattern)]
    told = [part for part in parts if part is not None]
    hyphens = all(part.before.startswith("-") for part in told[1:])
    once = len({part.level for part in told}) == len(parts)
    if not told or PART.sub("", pattern) or not (once and hyphens and told[0].before[:1] != "-"):
        raise NotAPattern(pattern=pattern[:40], example=DEFAULT_PATTERN)
    return tuple(told)


def span(parts: Sequence[Part], level: Level, typed: str) -> range | None:
    """The numbers of one level of a pattern; None for a level that it does not have.

    Raises:
        SpanMissing, SpanTooMany: the level is told or left out against the pattern.
        NotASpan: what is told is no range.
    """
    part = next((one for one in parts if one.level == level), None)
    if part is None and typed.strip():
        raise SpanTooMany
    if part is None:
        return None
    if not typed.strip():
        raise SpanMissing
    return numbers_in(typed, letters=part.letters)


def numbers_in(typed: str, *, letters: bool) -> range:
    """The numbers that a text like 1-12 or A-B names. Raises NotASpan."""
    text = unicodedata.normalize("NFKC", typed).translate(BETWEEN)
    found = SPAN.fullmatch("".join(text.split()).upper())
    ends = [_number(end, letters) for end in (found[1], found[2] or found[1])] if found else [0]
    if 0 in ends or ends[-1] < ends[0]:
        raise NotASpan(typed=typed.strip()[:40], most="Z" if letters else LARGEST)
    return range(ends[0], ends[-1] + 1)


def _number(end: str, letters: bool) -> int:
    """The number of one end of a range; 0 for one that is not written as it should be."""
    if letters:
        return ord(end) - 64 if end.isalpha() else int(end) if int(end) <= 26 else 0
    return int(end) if end.isdigit() else 0


def _part(before: str, level: str, how: str | None) -> Part | None:
    if level not in set(Level):
        return None
    letters = how == "A"
    return Part(Level(level), before, 1 if letters or not how else int(how), letters)
