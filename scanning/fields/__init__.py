"""Fields: what kind of paper a document is, and what it says where the filing needs to know.

Everything here is a suggestion for the clerk: scored, not guessed, and doubtful where in doubt.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from scanning.fields import parties
from scanning.fields.catalogue import KINDS, names_of
from scanning.fields.certainty import UNLABELLED, Judge, Known, Reason, Second, confidence
from scanning.fields.finding import Form, Found
from scanning.fields.kinds import kind_of
from scanning.fields.paper import Paper
from scanning.fields.titles import calls_itself, title_of
from scanning.fields.transport import containers
from scanning.fields.wanted import Wanted
from scanning.reading import Box, PageReading

__all__ = ["Field", "Known", "Reason", "Second", "Suggestion", "names_of", "suggest"]

Value = str | list[str] | list[dict[str, str]]
"""Text as it is filed: dates as ISO 8601, perhaps shortened; amounts as plain decimals; names as
printed. The end of a term without end is the word that the paper has (长期). Only `parties`, of
{"name", "role"}, and `containers` are lists."""


NOT_JUDGED = Reason(UNLABELLED)


@dataclass(frozen=True)
class Field:
    """A value, how sure it is (0 to 1), whether it may be shown without doubt and why, and where
    it stands: page number and box."""

    value: Value
    confidence: float
    page: int
    box: Box
    certain: bool = False
    reason: Reason = NOT_JUDGED

    def to_dict(self) -> dict[str, Any]:
        return {
            "value": self.value,
            "confidence": self.confidence,
            "certain": self.certain,
            "page": self.page,
            "box": list(self.box),
            "reason": {"text": self.reason.text, "params": self.reason.params},
        }


@dataclass(frozen=True)
class Suggestion:
    """`kind` is one of catalogue.KINDS."""

    kind: str
    confidence: float
    fields: Mapping[str, Field]

    def to_dict(self) -> dict[str, Any]:
        return {
            "kind": self.kind,
            "confidence": self.confidence,
            "fields": {name: one.to_dict() for name, one in self.fields.items()},
        }


def suggest(
    readings: Sequence[PageReading],
    own_names: Sequence[str] = (),
    second: Second | None = None,
    known: Sequence[Known] = (),
) -> Suggestion:
    """Kind and fields of the paper.

    `own_names` are the archive's own company, never its party; `known` the parties it has cards
    of. Without a `second` reader few dates, numbers and amounts are certain.
    """
    paper, judge = Paper(readings), Judge(second, known)
    title = title_of(paper)
    kind, sure = kind_of(paper, title)
    form = KINDS[kind].form(paper)
    fields = {
        wanted.name: told
        for wanted in KINDS[kind].fields
        if (told := _told(form, wanted, judge)) is not None
    }
    # A heading that names no paper is one only where nothing better is known of the paper.
    if title is not None and (kind == "other" or calls_itself(title.value)):
        fields["title"] = Field(title.value, title.confidence, title.page, title.box)
    return Suggestion(kind, sure, fields | _party(form, kind, fields, own_names, judge))


def _told(form: Form, wanted: Wanted, judge: Judge) -> Field | None:
    if wanted.name == "parties":
        return _parties(wanted, parties.named(form, wanted), judge)
    if wanted.sort == "containers":
        return _containers(containers(form), judge)
    found = wanted.found(form)
    return _field(wanted, found, judge) if found else None


def _field(wanted: Wanted, found: Sequence[Found], judge: Judge) -> Field:
    best = found[0]
    is_certain, reason = judge.verdict(wanted, found)
    sure = confidence(best, is_certain, reason)
    return Field(best.value, sure, best.page, best.box, is_certain, reason)


def _parties(wanted: Wanted, found: Sequence[Found], judge: Judge) -> Field | None:
    """All who sign; as certain as the least certain, and one alone is none."""
    if not found:
        return None
    each = [_field(wanted, [one], judge) for one in found]
    least = min(each, key=lambda one: (one.certain, one.confidence))
    is_certain = least.certain and len(each) > 1
    listed = [{"name": one.value, "role": one.role} for one in found]
    return Field(listed, least.confidence, found[0].page, found[0].box, is_certain, least.reason)


def _containers(found: Sequence[Found], judge: Judge) -> Field | None:
    if not found:
        return None
    each = [_field(Wanted("containers", "code"), [one], judge) for one in found]
    least = min(each, key=lambda one: (one.certain, one.confidence))
    numbers = [one.value for one in found]
    first = found[0]
    return Field(numbers, least.confidence, first.page, first.box, least.certain, least.reason)


def _party(
    form: Form,
    kind: str,
    fields: Mapping[str, Field],
    own_names: Sequence[str],
    judge: Judge,
) -> dict[str, Field]:
    """`party`, the first named that is not ourselves; and `parties` of papers that are signed by
    none, for finding them."""
    candidates = parties.all_named(form, KINDS[kind], kind)
    if not candidates:
        return {}
    listed: Value = [{"name": one.value, "role": one.role} for one in candidates]
    first = candidates[0]
    told = {"parties": fields.get("parties")
            or Field(listed, first.confidence, first.page, first.box)}  # fmt: skip
    others = parties.not_ours(candidates, own_names)
    if others:
        told["party"] = _field(Wanted("party", "name"), others[:1], judge)
    return told
