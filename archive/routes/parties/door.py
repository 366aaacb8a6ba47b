"""The door of the parties, and what its pages share."""

from collections.abc import Iterable
from typing import Any

from flask_babel import get_locale

from archive import access, parties
from archive.base import web
from archive.parties import Contact, FollowUp, OwnField, Party, Term
from archive.users import User

PAGE = 50
door = web.Door("parties")


def language() -> str:
    """The language of whoever reads, in two letters."""
    return str(get_locale())[:2]


def sees_all() -> bool:
    """Whether whoever asks sees the whole card; others see whom it is about and whom to ask for."""
    return access.may(web.session().get(User, web.me().id), "parties.whole")


def party_json(party: Party) -> dict[str, Any]:
    """A card in a list as JSON."""
    return {
        "id": party.id,
        "number": party.number,
        "kind": party.kind,
        "name": party.name,
        "short_name": party.short_name,
        "credit_code": party.credit_code,
        "credit_code_doubtful": parties.is_doubtful(party.credit_code),
        "nature": term_json(party.nature),
        "grade": term_json(party.grade),
        "region": term_json(party.region),
        "made_at": party.made_at.isoformat(),
    }


def card_json(party: Party) -> dict[str, Any]:
    """A whole card as JSON, as far as whoever asks may see it."""
    told = party_json(party) | {
        "version": party.version,
        "legal_representative": party.legal_representative,
        "address": party.address,
        "postal_address": party.postal_address,
        "delivery_address": party.delivery_address,
        "keeper": {"id": party.keeper.id, "name": party.keeper.name} if party.keeper else None,
    }
    if not sees_all():
        return told
    limit = party.credit_limit
    own = parties.own_values(web.session(), party)
    return told | {
        "credit_grade": party.credit_grade,
        "credit_limit": None if limit is None else str(limit),
        "source": party.source,
        "note": party.note,
        "own": {f"own_{number}": value for number, value in own.items() if value},
    }


def term_json(term: Term | None) -> dict[str, Any] | None:
    """An entry of a list as JSON."""
    return {"id": term.id, "name_zh": term.name_zh, "name_en": term.name_en} if term else None


def contact_json(contact: Contact) -> dict[str, Any]:
    """A contact as JSON, as far as whoever asks may see it."""
    told: dict[str, Any] = {"id": contact.id, "name": contact.name, "post": contact.post}
    if not sees_all():
        return told
    return told | {
        "phone": contact.phone,
        "email": contact.email,
        "valid_from": contact.valid_from.isoformat() if contact.valid_from else None,
        "valid_to": contact.valid_to.isoformat() if contact.valid_to else None,
        "version": contact.version,
    }


def follow_up_json(event: FollowUp) -> dict[str, Any]:
    """An event with its reminders as JSON."""
    return {
        "id": event.id,
        "event": event.event,
        "happened_on": event.happened_on.isoformat(),
        "reminders": [
            {
                "id": one.id,
                "due_on": one.due_on.isoformat(),
                "owner": one.owner.name if one.owner else None,
                "done": one.done_at is not None,
                "outcome": one.outcome,
            }
            for one in event.reminders
        ],
    }


def own_json(own: OwnField) -> dict[str, Any]:
    """An own field as JSON."""
    return {
        "id": own.id,
        "key": own.key,
        "name_zh": own.name_zh,
        "name_en": own.name_en,
        "kind": own.kind,
        "required": own.is_required,
        "options": own.options,
        "retired": own.retired_at is not None,
    }


def told_own(fields: Iterable[OwnField], values: dict[int, str]) -> list[tuple[str, str]]:
    """What a card has in its own fields, each with the field's name; empty ones are left out."""
    return [(own.name(language()), values[own.id]) for own in fields if values.get(own.id)]
