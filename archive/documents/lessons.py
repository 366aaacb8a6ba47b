"""Lessons: what clerks filed papers as, kept as the reader's craft likes it, for the next ones."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from archive.base.db import Record
from archive.documents.records import Document

# So many of the newest are looked at: habits change, and it takes a quarter of a second.
NEWEST = 500
# A guess that leads by less is not shown: the kind of the paper says as much.
LEAST_SURE = 0.6


class Lesson(Record):
    """One paper that a clerk filed: the marks of its first page, its names, its answers."""

    __tablename__ = "lesson"

    id: Mapped[int] = mapped_column(primary_key=True)
    document_id: Mapped[int] = mapped_column(ForeignKey("document.id"), unique=True)
    example: Mapped[dict[str, Any]] = mapped_column(JSON)
    learned_at: Mapped[datetime]


def note_lesson(
    session: Session, document: Document, example: dict[str, Any], *, at: datetime
) -> None:
    """Keep what a filed paper teaches."""
    session.add(Lesson(document_id=document.id, example=example, learned_at=at))


def lessons(session: Session) -> list[dict[str, Any]]:
    """The newest lessons, the oldest of them first."""
    query = select(Lesson.example).order_by(Lesson.id.desc()).limit(NEWEST)
    return list(reversed(session.scalars(query).all()))


def guessed(document: Document, name: str) -> int | None:
    """The record's number that papers like this one were filed under, where that leads clearly."""
    told = document.guesses.get(name, {})
    value, sure = str(told.get("value", "")), float(told.get("sure", 0))
    return int(value) if value.isdigit() and sure >= LEAST_SURE else None


def names_in(fields: dict[str, Any]) -> list[str]:
    """The companies and people that the reader saw on a paper, by what it suggests."""
    told = fields.get("parties", {}).get("value") or []
    listed = [str(one.get("name", "")) for one in told if isinstance(one, dict)]
    party = str(fields.get("party", {}).get("value") or "")
    return [name for name in dict.fromkeys([*listed, party]) if name]
