"""Parties: who is named on a paper, in which role, and which of them are not ourselves."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from scanning.fields.finding import Form, Found, whole
from scanning.fields.names import folded, is_organisation, likeness
from scanning.fields.wanted import Kind, Wanted

NAMING = (
    "name",
    "parties",
    "consignee",
    "shipper",
    "buyer",
    "seller",
    "payer",
    "payee",
    "principal",
    "addressee",
)
# What stands before a firm's name: For Northgate Ltd., its customs code.
BEFORE = re.compile(r"For\s|[0-9A-Z]{10,18}\s*(?=[一-龥])")
LEAST = 0.55  # of the surest: what is less sure is some other word
OURS = 0.9


def named(form: Form, wanted: Wanted) -> list[Found]:
    """Each party once, in the order of the paper, with the role it has there first."""
    found = wanted.found(form)
    best = max((one.confidence for one in found), default=0.0)
    told: list[Found] = []
    for one in _as_on_paper([one for one in found if one.confidence >= LEAST * best]):
        same = [other for other in told if _is_same(one, other)]
        roles = {other.role for other in told if other.role}
        if not same and one.role not in roles:
            told.append(one)
    return told


def all_named(form: Form, kind: Kind, name: str) -> list[Found]:
    """Everybody named in the paper's fields; if nobody is, whatever looks like a firm's name."""
    found = [
        replace(one, role=one.role or wanted.name)
        for wanted in kind.fields
        if wanted.name in NAMING
        for one in (named(form, wanted) if wanted.name == "parties" else wanted.found(form)[:1])
    ]
    if name == "customs_declaration" or not found:
        found = list(_organisations(form))
    order = _as_on_paper(found)
    return [one for n, one in enumerate(order) if not any(_is_same(one, o) for o in order[:n])]


def not_ours(found: Sequence[Found], own_names: Sequence[str]) -> list[Found]:
    ours = [name for name in own_names if name.strip()]
    return [one for one in found if all(likeness(one.value, name) < OURS for name in ours)]


def _as_on_paper(found: Sequence[Found]) -> list[Found]:
    """Row by row, from left to right; print of one row may stand a little higher or lower."""
    rows: list[list[Found]] = []
    for one in sorted(found, key=lambda one: (one.page, one.box[1])):
        first = rows[-1][0] if rows else None
        is_same_row = (
            first is not None
            and first.page == one.page
            and one.box[1] - first.box[1] < (first.box[3] - first.box[1]) / 2
        )
        if is_same_row:
            rows[-1].append(one)
        else:
            rows.append([one])
    return [one for row in rows for one in sorted(row, key=lambda one: one.box[0])]


def _is_same(one: Found, other: Found) -> bool:
    short, long = sorted((folded(one.value), folded(other.value)), key=len)
    return bool(short) and short in long


def _organisations(form: Form) -> Iterator[Found]:
    """Whatever looks like a company's name and stands alone on its line, label or not."""
    for place in form.paper.places:
        span = whole(place)
        marks = form.labels.marks(place.plain)
        if marks and marks[-1].end < len(place.plain):
            span = span.part(max(0, marks[-1].end - span.start), span.end - span.start)
        if before := BEFORE.match(span.text):
            span = span.part(before.end(), len(span.text))
        if 6 <= len(span.text) <= 60 and is_organisation(span.text) and ":" not in span.text:
            yield Found.at(span, span.printed, 0.4)
