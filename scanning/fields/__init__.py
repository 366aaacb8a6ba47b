"""Fields: what kind of paper a document is, and what it says where the filing needs to know.

Everything here is a suggestion for the clerk: scored, not guessed, and doubtful where in doubt.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from scanning.fields.finding import Found, Paper
from scanning.fields.kinds import kind_of, title_of
from scanning.fields.rules import PARTIES_OF, RULES, find, organisations
from scanning.reading import Box, PageReading

Value = str | list[dict[str, str]]
"""Text as it is filed: dates as ISO 8601, perhaps shortened; amounts as plain decimals; names as
printed. Only `parties` is a list, of {"name", "role"}."""


@dataclass(frozen=True)
class Field:
    """A value, how sure it is (0 to 1), and where it stands: page number and box."""

    value: Value
    confidence: float
    page: int
    box: Box

    def to_dict(self) -> dict[str, Any]:
        return {
            "value": self.value,
            "confidence": self.confidence,
            "page": self.page,
            "box": list(self.box),
        }


@dataclass(frozen=True)
class Suggestion:
    """`kind` is licence, contract, waybill, invoice or other."""

    kind: str
    confidence: float
    fields: Mapping[str, Field]

    def to_dict(self) -> dict[str, Any]:
        return {
            "kind": self.kind,
            "confidence": self.confidence,
            "fields": {name: field.to_dict() for name, field in self.fields.items()},
        }


def suggest(readings: Sequence[PageReading], own_names: Sequence[str] = ()) -> Suggestion:
    """Kind and fields of the paper; `own_names` are the archive's own company, never its party."""
    paper = Paper(readings)
    title = title_of(paper)
    kind, confidence = kind_of(paper, title)
    fields = {name: _field(found[0]) for name in RULES[kind] if (found := find(name, paper))}
    if title is not None:
        fields["title"] = _field(title)
    return Suggestion(kind, confidence, fields | _parties(paper, kind, own_names))


def _field(found: Found) -> Field:
    return Field(found.value, found.confidence, found.page, found.box)


def _parties(paper: Paper, kind: str, own_names: Sequence[str]) -> dict[str, Field]:
    """`parties`, every company or person named, and `party`, the first that is not ourselves."""
    named = [one for name in PARTIES_OF[kind] for one in find(name, paper)]
    candidates = _distinct(named) or _distinct(list(organisations(paper)))
    if not candidates:
        return {}
    listed: list[dict[str, str]] = [{"name": one.value, "role": one.role} for one in candidates]
    first = candidates[0]
    fields = {"parties": Field(listed, first.confidence, first.page, first.box)}
    others = [one for one in candidates if one.value not in own_names]
    return fields | ({"party": _field(others[0])} if others else {})


def _distinct(found: Sequence[Found]) -> list[Found]:
    """Each name once, where it stands first; none that is much less sure than the best."""
    best = max((one.confidence for one in found), default=0.0)
    first: dict[str, Found] = {}
    for one in sorted(found, key=lambda one: (one.page, one.box[1], one.box[0])):
        if one.confidence >= 0.7 * best:
            first.setdefault(one.value, one)
    return list(first.values())
