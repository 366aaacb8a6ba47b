"""What a change of a record was, for its ledger row: each field, before and after."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from archive.base.errors import N_

# What the fields are called where a change is told.
FIELD_NAMES = {
    "kind": N_("Kind of party"),
    "name": N_("Name"),
    "short_name": N_("Short name"),
    "credit_code": N_("Unified social credit code"),
    "legal_representative": N_("Legal representative"),
    "address": N_("Registered address"),
    "postal_address": N_("Postal address"),
    "delivery_address": N_("Delivery address"),
    "nature": N_("Nature"),
    "grade": N_("Grade"),
    "region": N_("Region"),
    "credit_grade": N_("Credit grade"),
    "credit_limit": N_("Credit limit"),
    "source": N_("Source"),
    "note": N_("Note"),
    "keeper": N_("Looked after by"),
    "post": N_("Post"),
    "phone": N_("Phone"),
    "email": N_("E-mail"),
    "valid_from": N_("Valid from"),
    "valid_to": N_("Valid to"),
    "name_zh": N_("Chinese name"),
    "name_en": N_("English name"),
    "position": N_("Place in the list"),
    "retired": N_("Retired"),
    "is_required": N_("Required"),
    "options": N_("What can be chosen"),
}


@dataclass
class Changes:
    """The fields that became other than they were; empty, it is false."""

    told: list[dict[str, str]] = field(default_factory=list)

    def set(self, record: object, name: str, value: Any) -> None:
        """Give a record's field a value, and note it where that is another."""
        before = getattr(record, name)
        if before != value:
            setattr(record, name, value)
            self.note(name, before, value)

    def note(self, name: str, before: object, after: object, *, called: str = "") -> None:
        """Note what was set elsewhere; `called` is the name of a field that has none here."""
        if before != after:
            row = {"field": name, "before": _written(before), "after": _written(after)}
            self.told.append(row | ({"called": called} if called else {}))

    def __bool__(self) -> bool:
        return bool(self.told)


def _written(value: object) -> str:
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return "+" if value else "−"
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return value.isoformat() if isinstance(value, date) else str(value)
