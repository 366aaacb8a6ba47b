"""Catalogue: every kind of paper with its fields."""

from scanning.fields import readers
from scanning.fields.contracts import CONTRACT, NUMBER_LABELS
from scanning.fields.invoices import INVOICE, RECEIPT
from scanning.fields.letters import AUTHORITY, IDENTITY
from scanning.fields.licences import LICENCE, only_code
from scanning.fields.transport import BILL_OF_LADING, CUSTOMS_DECLARATION, WAYBILL
from scanning.fields.wanted import Kind, Wanted

OTHER = Kind(
    fields=(
        Wanted("credit_code", "code", more=only_code),
        Wanted("contract_number", "number", NUMBER_LABELS, readers.number()),
        Wanted("signed_on", "date", ("签订日期", "日期", "Date"), readers.date),
    ),
    is_ruled=False,
)

KINDS: dict[str, Kind] = {
    "licence": LICENCE,
    "contract": CONTRACT,
    "waybill": WAYBILL,
    "bill_of_lading": BILL_OF_LADING,
    "customs_declaration": CUSTOMS_DECLARATION,
    "invoice": INVOICE,
    "receipt": RECEIPT,
    "authority": AUTHORITY,
    "identity": IDENTITY,
    "other": OTHER,
}
# Kept for filing, but no part of what the paper of that kind is asked.
EXTRAS = {"contract": {"credit_code"}, "invoice": {"currency"}, "receipt": {"currency"}}


def names_of(kind: str) -> tuple[str, ...]:
    """The fields that a paper of the kind is asked for; of an unknown paper, none."""
    if kind == "other":
        return ()
    extras = EXTRAS.get(kind, set())
    return tuple(one.name for one in KINDS[kind].fields if one.name not in extras)
