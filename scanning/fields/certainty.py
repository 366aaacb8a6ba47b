"""Certainty: which values may be shown without doubt, and the reason, for the clerk.

A value shown as certain must be right in 99 of 100 cases. So it stands at its own label, nothing
else on the paper might be it, and something besides the reader backs it: a check digit, the sum
in capitals, a column that adds up, a known party, or a second reader who reads the same.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from scanning.fields import amounts, dates
from scanning.fields.finding import Found
from scanning.fields.names import folded, likeness
from scanning.fields.signs import figured
from scanning.fields.wanted import Wanted
from scanning.reading import Box

N_ = str  # Marks a sentence for translation; it is translated where it is shown.

Second = Callable[[int, Box, str], str]
"""A second reader: page, box and script, "han" or "latin" → what it reads there, "" if nothing."""

SCRIPTS = {"date": ("han", "latin"), "decimal": ("latin", "han"), "number": ("latin", "han")}

PLACED = 0.85  # How surely a value must belong to its field.
PROVED = 0.8  # the same, where arithmetic speaks for it
READ = 0.9  # how surely it must have been read for a backing to count
RIVAL = 0.8  # of the best's confidence: another value as sure as this makes both doubtful
MARGIN = 2  # letters of its neighbours that a second reader may see beside a name
LONG = 6  # letters: of a shorter name those may be its own, 吕文军 read as 文军
LIKE = 0.75  # two names as like as this may be one misread

HAN = re.compile("[一-龥]")
CHECKED = N_("The check digit is right.")
UNCHECKED = N_("The check digit is wrong: compare the number with the paper.")
AGREED = N_("The amount in figures agrees with the amount in capitals.")
DISAGREED = N_("The amount in figures differs from the amount in capitals.")
ADDED_UP = N_("The figures of the paper add up to it.")
KNOWN = N_("It is the name of a known party.")
ALIKE = N_("It looks like the known party %(name)s.")
SECONDED = N_("A second reader reads the same.")
CONTRADICTED = N_("A second reader reads it differently.")
UNREAD = N_("A second reader cannot read it.")
RIVALLED = N_("The paper also says %(other)s.")
UNLABELLED = N_("No label on the paper says for certain what it is.")
FAINT = N_("It was read with difficulty.")
PARTIAL = N_("The date is not complete.")
ENDLESS = N_("The term has no end.")
ONLY_ONE = N_("The paper names no other.")
UNBACKED = N_("It was read once only, and nothing else backs it.")

PROOFS = {"check digit": CHECKED, "capitals": AGREED, "sum": ADDED_UP}
FLAWS = {"check digit": UNCHECKED, "capitals": DISAGREED, "endless": ENDLESS}


@dataclass(frozen=True)
class Reason:
    """Why a value is certain or doubtful: a msgid and its params."""

    text: str
    params: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Known:
    """A party whose card the archive has."""

    name: str
    credit_code: str = ""


@dataclass(frozen=True)
class Judge:
    """Judges the values of one paper; `known` are the archive's parties."""

    second: Second | None = None
    known: Sequence[Known] = ()

    def verdict(self, wanted: Wanted, found: Sequence[Found]) -> tuple[bool, Reason]:
        """Whether the first of `found`, the surest first, is certain, and why."""
        best = found[0]
        if best.flaw:
            return False, Reason(FLAWS[best.flaw])
        rival = _rival(wanted.sort, found)
        if best.proof and best.sure >= PROVED and (rival is None or not rival.proof):
            return True, Reason(PROOFS[best.proof])
        if doubt := _doubt(wanted.sort, best, rival):
            return False, doubt
        if wanted.sort == "choice":
            return best.sure >= 1, Reason(ONLY_ONE if best.sure >= 1 else UNBACKED)
        return self._backed(wanted.sort, best)

    def _backed(self, sort: str, best: Found) -> tuple[bool, Reason]:
        if sort == "name" and (like := recognised(best.value, self.known)):
            if folded(like.name) == folded(best.value):
                return True, Reason(KNOWN)
            return False, Reason(ALIKE, {"name": like.name})
        if self.second is None:
            return False, Reason(UNBACKED)
        said = ""
        for script in _scripts(sort, best.value):
            said = self.second(best.page, best.box, script)
            if _says(sort, said, best.value):
                return True, Reason(SECONDED)
        return False, Reason(CONTRADICTED if folded(said) else UNREAD)


def confidence(best: Found, is_certain: bool, reason: Reason) -> float:
    """Between 0 and 1: what backs a value raises it, what speaks against it lowers it."""
    if is_certain:
        return round(max(0.95, best.confidence), 3)
    lowers = reason.text in (UNCHECKED, DISAGREED, CONTRADICTED, RIVALLED)
    return round(best.confidence * (0.6 if lowers else 0.95), 3)


def recognised(name: str, known: Sequence[Known], credit_code: str = "") -> Known | None:
    """The known party of that code, or the one whose name is most like it, if any is."""
    for one in known:
        if credit_code and one.credit_code == credit_code:
            return one
    alike = max(known, key=lambda one: likeness(one.name, name), default=None)
    return alike if alike and likeness(alike.name, name) >= LIKE else None


def _doubt(sort: str, best: Found, rival: Found | None) -> Reason | None:
    if rival is not None:
        return Reason(RIVALLED, {"other": rival.value})
    if best.sure < PLACED:
        return Reason(UNLABELLED)
    if best.read < READ:
        return Reason(FAINT)
    if sort == "date" and len(best.value) < len("2024-05-02"):
        return Reason(PARTIAL)
    return None


def _rival(sort: str, found: Sequence[Found]) -> Found | None:
    """Another value that might as well be meant."""
    best = found[0]
    return next(
        (
            one
            for one in found[1:]
            if one.confidence >= RIVAL * best.confidence and not _same(sort, one.value, best.value)
        ),
        None,
    )


def _same(sort: str, one: str, other: str) -> bool:
    if sort in ("name", "text"):
        short, long = sorted((folded(one), folded(other)), key=len)
        return bool(short) and short in long
    return one == other


def _scripts(sort: str, value: str) -> tuple[str, ...]:
    """The script that the value is read in, and the other where it may be written in both."""
    return SCRIPTS.get(sort) or (("latin",) if value.isascii() else ("han",))


def _says(sort: str, said: str, value: str) -> bool:
    """Whether the second reader's text says the value, and nothing else of the sort."""
    if sort == "date":
        return [one for one, _, _ in dates.dates_in(said)] == [value]
    if sort == "decimal":
        said = figured(said)
        read = (*amounts.capitals_in(said), *amounts.sums_in(said), *amounts.figures_in(said))
        return any(one == Decimal(value) for one, _, _ in read)
    if sort == "number":
        return folded(value) in {
            folded(said),
            *map(folded, said.split()),
            folded(HAN.sub("", said)),
        }
    margin = MARGIN if len(folded(value)) >= LONG else 0
    # What is read before it may be its own beginning, lost in the first reading.
    return folded(said).startswith(folded(value)) and (
        len(folded(said)) <= len(folded(value)) + margin
    )
