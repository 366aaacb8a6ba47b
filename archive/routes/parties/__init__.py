"""Parties: their cards, what is noted on them, and each one's dossier."""

from archive.routes.parties import cards, contacts, dossier, lists, merging
from archive.routes.parties.door import door, party_json

__all__ = ["cards", "contacts", "door", "dossier", "lists", "merging", "party_json"]
