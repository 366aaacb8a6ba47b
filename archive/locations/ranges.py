"""Ranges: a whole part of the tree made in one go, in one transaction, after a look at it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from math import prod
from typing import Any

from sqlalchemy import func, insert, select, update
from sqlalchemy.orm import Session

from archive.base import ledger
from archive.base.errors import N_, Conflict, Invalid
from archive.base.ledger import Actor
from archive.locations import pattern
from archive.locations.finding import SHAPE
from archive.locations.pattern import DEFAULT_PATTERN, NotAPattern, Part
from archive.locations.records import STEP, Level, Location, PlaceRange, fold

MOST_PLACES = 100_000  # in one go
MOST_MM = 20_000


class TooManyPlaces(Invalid):
    text = N_("These would be %(count)s places; at most %(most)s are made in one go. Make fewer.")


class NothingNew(Conflict):
    text = N_("All these places are there already. Give other numbers.")


class PlaceTaken(Conflict):
    text = N_("There is a place %(code)s already, at another level. Change the pattern.")


@dataclass(frozen=True)
class Wanted:
    """A range of places: each level of the pattern and its numbers, how wide the lowest are."""

    pattern: str
    parts: tuple[Part, ...]
    spans: tuple[range, ...]
    capacity_mm: int

    @property
    def counts(self) -> tuple[int, ...]:
        """How many places there are on each level."""
        lengths = [len(span) for span in self.spans]
        return tuple(prod(lengths[: depth + 1]) for depth in range(len(lengths)))

    def code(self, depth: int, end: int) -> str:
        """The code of the first (0) or last (-1) place at a level."""
        pairs = zip(self.parts[: depth + 1], self.spans, strict=False)
        return "".join(part.spell(span[end]) for part, span in pairs)


@dataclass(frozen=True)
class Survey:
    """What making a range would do: for each level how many places, the first and the last."""

    rows: tuple[tuple[Level, int, str, str], ...]
    count: int
    there: int

    @property
    def new(self) -> int:
        return self.count - self.there


@dataclass(frozen=True)
class _Known:
    id: int
    path: str
    level: Level | None


def want(text: str, typed: Mapping[Level, str], *, capacity_mm: int) -> Wanted:
    """The range that was typed.

    Raises:
        NotAPattern, NotASpan, SpanMissing: it cannot be understood.
        TooManyPlaces: it is more than is made in one go.
    """
    parts = pattern.parse(text)
    told = (pattern.span(parts, part.level, typed.get(part.level, "")) for part in parts)
    wanted = Wanted(text, parts, tuple(span for span in told if span), capacity_mm)
    if sum(wanted.counts) > MOST_PLACES:
        raise TooManyPlaces(count=sum(wanted.counts), most=MOST_PLACES)
    if not SHAPE.fullmatch(wanted.code(len(parts) - 1, -1)):
        raise NotAPattern(pattern=text[:40], example=DEFAULT_PATTERN)
    return wanted


def survey(session: Session, wanted: Wanted) -> Survey:
    """What making the range would do.

    Raises:
        NothingNew: all its places are there.
        PlaceTaken: a code of it is that of a place at another level.
    """
    known = _known(session, wanted)
    there = sum(
        1 for depth, code in _codes(wanted) if _is_there(wanted.parts[depth], known.get(code), code)
    )
    rows = tuple(
        (part.level, count, wanted.code(depth, 0), wanted.code(depth, -1))
        for depth, (part, count) in enumerate(zip(wanted.parts, wanted.counts, strict=True))
    )
    found = Survey(rows, sum(wanted.counts), there)
    if not found.new:
        raise NothingNew
    return found


def make(session: Session, wanted: Wanted, *, by: Actor, at: datetime) -> PlaceRange:
    """Make the places of a range that are not there yet.

    Places that were noted as they were first used take their place in the tree.

    Raises:
        NothingNew, PlaceTaken: as for `survey`.
    """
    found = survey(session, wanted)
    numbers = {
        part.level: [span[0], span[-1]]
        for part, span in zip(wanted.parts, wanted.spans, strict=True)
    }
    made = PlaceRange(
        pattern=wanted.pattern, numbers=numbers, capacity_mm=wanted.capacity_mm, made=found.new,
        made_at=at,
    )  # fmt: skip
    session.add(made)
    session.flush()
    _grow(session, wanted, made)
    first, last = (wanted.code(len(wanted.parts) - 1, end) for end in (0, -1))
    ledger.record(
        session, "location.made", made.subject, by=by, at=at, count=found.new, first=first,
        last=last,
    )  # fmt: skip
    return made


def last_pattern(session: Session) -> str:
    """The pattern that was used last."""
    last = select(PlaceRange.pattern).order_by(PlaceRange.id.desc()).limit(1)
    return session.scalar(last) or DEFAULT_PATTERN


def _grow(session: Session, wanted: Wanted, made: PlaceRange) -> None:
    """Put each level below the one above it."""
    known, ends = _known(session, wanted), _ends(session)
    parents: dict[str, _Known | None] = {"": None}
    for depth, part in enumerate(wanted.parts):
        is_lowest = depth == len(wanted.parts) - 1
        same = {"level": part.level, "range_id": made.id}
        width = {"capacity_mm": wanted.capacity_mm if is_lowest else 0}
        rows = [same | width | row for row in _rows(wanted, depth, parents, known, ends)]
        _write(session, rows, known)
        if not is_lowest:
            parents = _level(session, wanted, depth)
    _widths_below(session, made)


def _rows(
    wanted: Wanted,
    depth: int,
    parents: Mapping[str, _Known | None],
    known: Mapping[str, _Known],
    ends: Mapping[int | None, int],
) -> Iterator[dict[str, Any]]:
    """What is to be written of the places of a level that are not in the tree yet."""
    part, span = wanted.parts[depth], wanted.spans[depth]
    for above, parent in parents.items():
        number, path = (parent.id, parent.path) if parent else (None, "")
        position = ends.get(number, 0)
        for code in (above + part.spell(one) for one in span):
            if _is_there(part, known.get(code), code):
                continue
            position += 1
            row = {"code": code, "folded": fold(code), "parent_id": number}
            yield row | {"path": f"{path}{position:06d}."}


def _write(session: Session, rows: list[dict[str, Any]], known: Mapping[str, _Known]) -> None:
    """New places, and noted ones that come to their place in the tree."""
    for row in rows:
        if old := known.get(row["code"]):
            session.execute(update(Location).where(Location.id == old.id).values(row))
    if new := [row for row in rows if row["code"] not in known]:
        session.execute(insert(Location), new)


def _level(session: Session, wanted: Wanted, depth: int) -> dict[str, _Known | None]:
    """The places of the range at a level, in the order of their codes' numbers."""
    known = _known(session, wanted)
    return {code: known[code] for at, code in _codes(wanted) if at == depth}


def _widths_below(session: Session, made: PlaceRange) -> None:
    """A place below which there are places now has no width of its own: theirs counts."""
    parents = select(Location.parent_id).where(Location.range_id == made.id)
    has_places = Location.id.in_(parents) & (Location.capacity_mm > 0)
    session.execute(
        update(Location).where(has_places).values(capacity_mm=0),
        execution_options={"synchronize_session": False},
    )


def _codes(wanted: Wanted) -> Iterator[tuple[int, str]]:
    """Every code of the range with its level's depth, level by level."""
    level: Sequence[str] = [""]
    for depth, (part, span) in enumerate(zip(wanted.parts, wanted.spans, strict=True)):
        level = [above + part.spell(number) for above in level for number in span]
        yield from ((depth, code) for code in level)


def _is_there(part: Part, known: _Known | None, code: str) -> bool:
    """Whether the place is in the tree. Raises PlaceTaken."""
    if known is None or known.level is None:
        return False
    if known.level != part.level:
        raise PlaceTaken(code=code)
    return True


def _known(session: Session, wanted: Wanted) -> dict[str, _Known]:
    """The places whose codes begin as all of the range do."""
    first = wanted.code(0, 0)
    begun = first if len(wanted.spans[0]) == 1 else wanted.parts[0].before
    query = select(Location.code, Location.id, Location.path, Location.level)
    rows = session.execute(query.where(Location.code.startswith(begun, autoescape=True)))
    return {code: _Known(number, path, level) for code, number, path, level in rows}


def _ends(session: Session) -> dict[int | None, int]:
    """The last position below each place that has places below it; None is the top."""
    query = select(Location.parent_id, func.max(Location.path)).group_by(Location.parent_id)
    return {parent: int(path[-STEP:-1]) for parent, path in session.execute(query)}
