"""Parties: their cards, what is noted on them, and each one's dossier."""

from archive.routes.parties import cards, dossier
from archive.routes.parties.door import door, party_json

__all__ = ["cards", "door", "dossier", "party_json"]
