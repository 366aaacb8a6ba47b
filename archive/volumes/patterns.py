"""Patterns of archival codes (档号): how the code of a volume is written.

`{fonds}-ZY·KH·{category}·{year}·{retention}-{number:4}` writes Q001-ZY·KH·2·2024·D30-0012: a name
in braces is a part, `:4` fills its number up with zeros, all else stands as it is.

Numbers begin anew in each category, year and retention period, so a pattern without one of these
would give a code twice; and two parts that touch could be read in two ways. A code that was issued
is kept with its volume: another pattern counts for volumes that are opened from then on.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from archive.base import ledger
from archive.base.errors import N_, Conflict, Invalid
from archive.base.ledger import Actor
from archive.categories import CODE_PATTERN, Category, Fonds
from archive.numbers import RunningNumber

# DA/T 13-2022 §5, by volume: 全宗号-类别号-案卷号; 类别号 = 专业档案 (ZY) · 客户 (KH) · category ·
# year · retention.
DA_T_13 = CODE_PATTERN
# DA/T 22-2015 §6.4: 全宗号-门类·年度-保管期限-机构(问题)-件号.
DA_T_22 = "{fonds}-ZY·{year}-{retention}-KH{category}-{number:4}"
BUILT_IN = {"DA/T 13-2022": DA_T_13, "DA/T 22-2015": DA_T_22}

# Each part, with the longest that it can be.
LENGTHS = {"fonds": 8, "category": 4, "year": 4, "retention": 3, "number": 6}
NEEDED = ("category", "year", "retention", "number")
LONGEST_PATTERN = 100
LONGEST_CODE = 80
PART = re.compile(r"\{([a-z]+)(?::([1-6]))?\}")
# What stands between parts: letters, Chinese characters, and the signs that codes have.
BETWEEN = re.compile(r"[A-Z0-9\u4e00-\u9fff·.\-_/()]*")


class NotACodePattern(Invalid):
    text = N_(
        "“%(part)s” cannot stand in a pattern. Write parts like {year} or {number:4}, and between "
        "them capital letters, Chinese characters, digits and the signs · - . _ / ( )."
    )


class PartMissing(Invalid):
    text = N_(
        "The pattern lacks {%(part)s}: numbers begin anew in each category, year and retention "
        "period, so two volumes would get one code. Add it."
    )


class PartTwice(Invalid):
    text = N_("The pattern has {%(part)s} twice. Leave one of them out.")


class PartsTouch(Invalid):
    text = N_(
        "Before {%(part)s} there must stand a sign or a letter, or codes could be read in two "
        "ways. Put a hyphen there."
    )


class PatternTooLong(Invalid):
    text = N_("Codes of this pattern may have %(length)s characters; at most %(most)s fit.")


class PatternChanged(Conflict):
    text = N_(
        "Someone chose another pattern after you opened this page: nothing of yours was saved. "
        "Open it again and look."
    )


@dataclass(frozen=True)
class Part:
    """A part of a pattern: what stands before it, and to how many digits it is filled up."""

    before: str
    name: str
    width: int


@dataclass(frozen=True)
class Pattern:
    """A pattern that can be used; `after` stands behind its last part."""

    text: str
    parts: tuple[Part, ...]
    after: str

    def spell(self, fonds: str, category: int, year: int, retention: str, number: int) -> str:
        """The code of a volume."""
        told = {
            "fonds": fonds, "category": str(category), "year": str(year),
            "retention": retention, "number": str(number),
        }  # fmt: skip
        written = (part.before + told[part.name].zfill(part.width) for part in self.parts)
        return "".join(written) + self.after


def parse(typed: str) -> Pattern:
    """The pattern that was typed; full-width signs are the same.

    Raises:
        NotACodePattern, PartTwice, PartMissing, PartsTouch, PatternTooLong: it cannot be used.
    """
    text = unicodedata.normalize("NFKC", typed[: LONGEST_PATTERN + 1]).replace("‧", "·").strip()
    if len(text) > LONGEST_PATTERN:
        raise PatternTooLong(length=len(text), most=LONGEST_PATTERN)
    pattern = _parted(text)
    _check_parts(pattern)
    longest = len(pattern.after) + sum(
        len(part.before) + max(LENGTHS[part.name], part.width) for part in pattern.parts
    )
    if longest > LONGEST_CODE:
        raise PatternTooLong(length=longest, most=LONGEST_CODE)
    return pattern


def code_of(category: Category, year: int, retention: str, number: int) -> str:
    """The code of a volume by the pattern that its fonds has now."""
    fonds = category.fonds
    return parse(fonds.code_pattern).spell(fonds.code, category.number, year, retention, number)


def choose(
    session: Session, fonds: Fonds, typed: str, *, seen: str, by: Actor, at: datetime
) -> Pattern:
    """Write the codes of a fonds' new volumes by this pattern from now on.

    Raises:
        PatternChanged: the fonds has another one than was `seen`.
        NotACodePattern, PartTwice, PartMissing, PartsTouch, PatternTooLong: see `parse`.
    """
    pattern = parse(typed)
    session.refresh(fonds, with_for_update=True)
    if fonds.code_pattern != seen:
        raise PatternChanged
    if pattern.text != seen:
        fonds.code_pattern = pattern.text
        ledger.record(
            session, "fonds.pattern_chosen", fonds.subject, by=by, at=at, code=fonds.code,
            before=seen, after=pattern.text,
        )  # fmt: skip
    return pattern


def next_codes(
    session: Session, categories: Sequence[Category], pattern: Pattern, year: int, retention: str
) -> list[tuple[Category, str]]:
    """The code that the next volume of each of these categories would get."""
    names = {one.id: series(one, year, retention) for one in categories}
    query = select(RunningNumber.series, RunningNumber.last)
    rows = session.execute(query.where(RunningNumber.series.in_(names.values())))
    last: dict[str, int] = {name: number for name, number in rows}  # noqa: C416 - rows are no pairs
    return [
        (
            one,
            pattern.spell(
                one.fonds.code, one.number, year, retention, last.get(names[one.id], 0) + 1
            ),
        )
        for one in categories
    ]


def series(category: Category, year: int, retention: str) -> str:
    """In which series volumes of this class are numbered."""
    return f"volume/{category.id}/{year}/{retention}"


def _parted(text: str) -> Pattern:
    parts, end = [], 0
    for found in PART.finditer(text):
        name, width = found[1], int(found[2] or 0)
        if name not in LENGTHS:
            raise NotACodePattern(part=found[0])
        parts.append(Part(_between(text[end : found.start()]), name, width))
        end = found.end()
    return Pattern(text, tuple(parts), _between(text[end:]))


def _between(piece: str) -> str:
    if not BETWEEN.fullmatch(piece):
        raise NotACodePattern(part=piece[:20])
    return piece


def _check_parts(pattern: Pattern) -> None:
    names = [part.name for part in pattern.parts]
    for name in names:
        if names.count(name) > 1:
            raise PartTwice(part=name)
    for name in NEEDED:
        if name not in names:
            raise PartMissing(part=name)
    for part in pattern.parts[1:]:
        if not part.before or part.before[-1].isdigit():
            raise PartsTouch(part=part.name)
    if pattern.after[:1].isdigit():
        raise PartsTouch(part=pattern.after[:10])
