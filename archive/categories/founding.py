"""Founding: a fonds begins with the default plan, which the company then makes its own."""

import tomllib
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from archive.base import ledger
from archive.base.ledger import HOUSE
from archive.categories.records import Category, DocumentType, Fonds

DEFAULT_PLAN = Path(__file__).with_name("plan.toml")


def is_founded(session: Session, code: str) -> bool:
    """Whether there is a fonds with this code."""
    return session.scalar(select(Fonds.id).where(Fonds.code == code)) is not None


def found(session: Session, code: str, name: str, *, at: datetime) -> Fonds:
    """The fonds with this code, made with the default plan when it is not there yet."""
    known = session.scalar(select(Fonds).where(Fonds.code == code))
    if known:
        return known
    fonds = Fonds(code=code, name=name)
    session.add(fonds)
    for row in tomllib.loads(DEFAULT_PLAN.read_text(encoding="utf-8"))["category"]:
        session.add(_category(fonds, row))
    session.flush()
    ledger.record(session, "fonds.founded", fonds.subject, by=HOUSE, at=at, code=code, name=name)
    return fonds


def _category(fonds: Fonds, row: dict[str, Any]) -> Category:
    types = [DocumentType(position=place, **told) for place, told in enumerate(row["types"], 1)]
    return Category(
        fonds=fonds,
        number=row["number"],
        name_zh=row["name_zh"],
        name_en=row["name_en"],
        types=types,
    )
