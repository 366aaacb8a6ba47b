"""Describing: what the catalogue says of a paper; of a filed one each correction has its trace."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from archive import categories, volumes
from archive.base import ledger
from archive.base.errors import N_, Conflict, Invalid
from archive.base.ledger import Actor
from archive.base.typed import partial_date, plain_amount
from archive.categories import DocumentType
from archive.documents import ordering
from archive.documents.records import Document
from archive.documents.refiling import OtherCategory
from archive.parties import Changes
from archive.volumes import Deed

# What the fields are called where a change is told.
FIELD_NAMES = {
    "type": N_("Document type"),
    "title": N_("Title"),
    "number": N_("Number"),
    "dated": N_("Date"),
    "amount": N_("Amount"),
    "responsible": N_("Responsible"),
    "remark": N_("Remark"),
    "order_number": N_("Order number"),
    "secrecy": N_("Secrecy"),
    "is_copy": N_("It is a copy"),
    "original_at": N_("Where the original is"),
    "lapses_on": N_("Valid until"),
}
# The catalogue that lies in a closed volume says these.
PRINTED = {"title", "number", "dated", "responsible", "remark", "secrecy"}


class WhereIsTheOriginal(Invalid):
    text = N_("Of a copy, say where the original is; if nobody knows, write that.")


class DescribedMeanwhile(Conflict):
    text = N_(
        "Someone corrected this paper's description after you opened it: nothing of yours was "
        "saved. Open it again and look at its history, then make your change once more."
    )


@dataclass(frozen=True, kw_only=True)
class Description:
    """What a clerk says of a paper; `secrecy` empty: as its type says."""

    type: DocumentType
    title: str
    number: str = ""
    dated: str = ""
    amount: str = ""
    responsible: str = ""
    remark: str = ""
    order_number: str = ""
    secrecy: str = ""
    is_copy: bool = False
    original_at: str = ""
    # The last day on which it counts, where the paper says one.
    lapses_on: date | None = None


def describe(
    session: Session,
    document: Document,
    told: Description,
    *,
    version: int,
    by: Actor,
    at: datetime,
) -> Changes:
    """Correct what the catalogue says of a filed paper; the ledger has each field before and after.

    Raises:
        NotInAVolume: it is not filed.
        DescribedMeanwhile: somebody corrected it since `version`.
        OtherCategory: its volume takes no papers of that type.
        Retired: the plan does not offer such a type any more.
        NotAnAmount, NotADate, WhereIsTheOriginal: see `values_of`.
        VolumeClosed: what its printed catalogue says stays until the volume is reopened.
    """
    values, volume = values_of(told), ordering.volume_of(document)
    volumes.lock(session, volume)
    session.refresh(document, with_for_update={"of": Document})
    if document.version != version:
        raise DescribedMeanwhile
    if told.type.category_id != volume.category_id:
        raise OtherCategory(
            code=volume.code, category=volume.category.number, type=told.type.name_zh
        )
    if told.type.id != document.type_id:
        categories.check_offered(told.type)
    if any(getattr(document, name) != values[name] for name in PRINTED):
        volumes.do(session, volume, Deed.DESCRIBE)
    changes = write(document, told.type, values)
    if changes:
        document.version += 1
        ledger.record(
            session, "document.described", document.subject, volume.subject, by=by, at=at,
            code=document.code, changes=changes.told,
        )  # fmt: skip
    return changes


def values_of(told: Description) -> dict[str, Any]:
    """What a document keeps of a description.

    Raises:
        NotAnAmount: the amount is no plain number.
        NotADate: the date has none of the forms 2024, 2024-05, 2024-05-31.
        WhereIsTheOriginal: it is a copy, and nothing is said of the original.
    """
    if told.is_copy and not told.original_at.strip():
        raise WhereIsTheOriginal
    return {
        "title": told.title.strip()[:300],
        "number": told.number.strip()[:100],
        "dated": partial_date(told.dated),
        "amount": plain_amount(told.amount),
        "responsible": told.responsible.strip()[:200],
        "remark": told.remark.strip()[:500],
        "order_number": told.order_number.strip()[:100],
        "secrecy": told.secrecy or told.type.secrecy,
        "is_copy": told.is_copy,
        "original_at": told.original_at.strip()[:200] if told.is_copy else "",
        "lapses_on": told.lapses_on,
    }


def write(document: Document, type: DocumentType, values: dict[str, Any]) -> Changes:
    """Give a document its description; what became other than it was."""
    changes = Changes()
    if document.type_id != type.id:
        changes.note("type", document.type.name_zh if document.type else "", type.name_zh)
        document.type = type
    for name, value in values.items():
        changes.set(document, name, value)
    return changes
