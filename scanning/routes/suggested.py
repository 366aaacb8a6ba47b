"""What the reader suggests of a paper, as the review shows it: value, certainty, reason, place."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _

from archive import categories, documents, parties
from archive.base import web
from archive.base.errors import N_
from archive.categories import DocumentType
from archive.documents import Document, State
from archive.parties import Party

# What each field of a paper is called. Those of the filing form have their names there.
NAMES = {
    "name": N_("Name"),
    "credit_code": N_("Unified social credit code"),
    "type": N_("Kind of company"),
    "legal_representative": N_("Legal representative"),
    "capital": N_("Registered capital"),
    "founded_on": N_("Founded on"),
    "registered_on": N_("Registered on"),
    "valid_from": N_("Valid from"),
    "valid_to": N_("Valid to"),
    "address": N_("Address"),
    "scope": N_("Scope of business"),
    "registrar": N_("Registrar"),
    "party": N_("Party"),
    "parties": N_("Parties named"),
    "title": N_("Title"),
    "contract_number": N_("Contract number"),
    "signed_on": N_("Signed on"),
    "amount": N_("Amount"),
    "currency": N_("Currency"),
    "subject": N_("Subject"),
    "waybill_number": N_("Waybill number"),
    "shipped_on": N_("Shipped on"),
    "shipper": N_("Shipper"),
    "consignee": N_("Consignee"),
    "notify": N_("Notify party"),
    "pieces": N_("Pieces"),
    "weight_kg": N_("Weight (kg)"),
    "gross_kg": N_("Gross weight (kg)"),
    "net_kg": N_("Net weight (kg)"),
    "bill_number": N_("Bill of lading number"),
    "vessel": N_("Vessel"),
    "voyage": N_("Voyage"),
    "port_of_loading": N_("Port of loading"),
    "port_of_discharge": N_("Port of discharge"),
    "containers": N_("Containers"),
    "declaration_number": N_("Declaration number"),
    "declarant": N_("Declarant"),
    "declared_on": N_("Declared on"),
    "invoice_number": N_("Invoice number"),
    "invoice_code": N_("Invoice code"),
    "issued_on": N_("Issued on"),
    "seller": N_("Seller"),
    "buyer": N_("Buyer"),
    "tax": N_("Tax"),
}


@dataclass(frozen=True)
class Suggested:
    """One field that was read. `reason` is {"text": msgid, "params": {…}}, its text perhaps
    empty; `box` lies on page number `page`, in that page's pixels."""

    name: str
    label: str
    value: str
    certain: bool
    reason: Mapping[str, Any]
    page: int
    box: tuple[int, int, int, int]


def fields_of(document: Document) -> dict[str, Suggested]:
    """What was read, by the field's name, in the reader's order."""
    return {name: _told(name, told) for name, told in document.fields.items() if told.get("value")}


def likely_type(document: Document) -> DocumentType | None:
    """What papers like it were filed as, else what its kind says; nothing where nobody could
    read what it is."""
    if document.state == State.FAILED:
        return None
    number = documents.guessed(document, "type")
    # What papers like it were filed as may be retired meanwhile, or be out of the plan.
    learned = categories.offered_type(web.session(), number) if number is not None else None
    return learned or categories.suggest_type(web.session(), document.kind)


def likely_party(document: Document) -> Party | None:
    """The card whose code or name stands on it; that of papers like it only where no name was read:
    a name that differs by one character may be misread, or another company's."""
    name = documents.suggested(document, "party")
    code = documents.suggested(document, "credit_code")
    known = parties.recognise(web.session(), name=name, credit_code=code)
    number = documents.guessed(document, "party")
    if known or number is None:
        return known
    return None if name else parties.by_id(web.session(), number)


def _told(name: str, told: Mapping[str, Any]) -> Suggested:
    left, top, right, bottom = told.get("box") or (0, 0, 0, 0)
    reason = told.get("reason") or ""
    return Suggested(
        name,
        _(NAMES[name]) if name in NAMES else name,
        _text(told["value"]),
        bool(told.get("certain")),
        {"text": reason, "params": {}} if isinstance(reason, str) else reason,
        told.get("page") or 1,
        (left, top, right, bottom),
    )


def _text(value: Any) -> str:
    if not isinstance(value, list):
        return str(value)
    return str(_("; ")).join(
        f"{one.get('role', '')} {one['name']}".strip() if isinstance(one, dict) else str(one)
        for one in value
    )
