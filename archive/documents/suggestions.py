"""What the reader suggests of a document, by what it is for: its number, its date, its party."""

from typing import Any

from archive.base.errors import N_
from archive.documents.records import Document

# What the reader takes a paper for, in words.
KIND_NAMES = {
    "licence": N_("Licence"),
    "contract": N_("Contract"),
    "waybill": N_("Waybill"),
    "bill_of_lading": N_("Bill of lading"),
    "customs_declaration": N_("Customs declaration"),
    "invoice": N_("Invoice"),
    "receipt": N_("Receipt"),
    "authority": N_("Letter of authority"),
    "identity": N_("Identity document"),
    "other": N_("Other paper"),
}
KINDS = tuple(KIND_NAMES)
# Which suggested fields name a paper of each kind, and which date it; the first that is there.
NUMBERS: dict[str, tuple[str, ...]] = {
    "licence": ("credit_code",),
    "contract": ("contract_number",),
    "waybill": ("waybill_number",),
    "bill_of_lading": ("bill_number",),
    "customs_declaration": ("declaration_number", "bill_number"),
    "invoice": ("invoice_number",),
    "receipt": ("receipt_number",),
    "authority": (),
    "identity": ("identity_number",),
    "other": ("letter_number", "contract_number"),
}
DATES: dict[str, tuple[str, ...]] = {
    "licence": ("registered_on", "founded_on"),
    "contract": ("signed_on", "valid_from"),
    "waybill": ("shipped_on",),
    "bill_of_lading": ("shipped_on", "issued_on"),
    "customs_declaration": ("declared_on",),
    "invoice": ("issued_on",),
    "receipt": ("issued_on",),
    "authority": ("signed_on",),
    "identity": ("valid_from",),
    "other": ("issued_on", "signed_on"),
}
ANY_NUMBER = ("contract_number", "waybill_number", "bill_number", "invoice_number")
ANY_DATE = ("signed_on", "issued_on", "shipped_on", "declared_on", "registered_on", "founded_on")


def suggested(document: Document, name: str) -> str:
    """The value of one suggested field as text, empty where there is none."""
    return _text(document.fields.get(name, {}).get("value"))


def suggested_number(document: Document) -> str:
    """The paper's own number, as printed."""
    return _first(document, NUMBERS.get(document.kind, ANY_NUMBER))


def suggested_date(document: Document) -> str:
    """The paper's date, ISO 8601, as exact as it is known."""
    return _first(document, DATES.get(document.kind, ANY_DATE))


def suggesting(document: Document) -> dict[str, str]:
    """Which suggested field fills which place of the filing form; only those that are there."""
    by_place = {
        "party": ("party",),
        "credit_code": ("credit_code",),
        "title": ("title",),
        "number": NUMBERS.get(document.kind, ANY_NUMBER),
        "dated": DATES.get(document.kind, ANY_DATE),
        "amount": ("amount",),
        "lapses_on": ("valid_to",),
    }
    firsts = {place: _named(document, names) for place, names in by_place.items()}
    return {place: name for place, name in firsts.items() if name}


def suggested_texts(document: Document) -> list[str]:
    """Every suggested value as it is searched."""
    told = (field.get("value") for field in document.fields.values())
    return [text for value in told for text in _texts(value) if text]


def _first(document: Document, names: tuple[str, ...]) -> str:
    return suggested(document, _named(document, names))


def _named(document: Document, names: tuple[str, ...]) -> str:
    return next((name for name in names if suggested(document, name)), "")


def _text(value: Any) -> str:
    return "" if value is None or isinstance(value, list) else str(value)


def _texts(value: Any) -> list[str]:
    """A field's value as texts: itself, or the names of a list of parties."""
    if isinstance(value, list):
        return [str(one["name"]) if isinstance(one, dict) else str(one) for one in value]
    return [_text(value)]
