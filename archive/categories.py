"""The filing plan: the fonds, its numbered categories, and the document types in their order."""

import tomllib
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import ForeignKey, String, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship, selectinload

from archive.base import ledger
from archive.base.db import Record
from archive.base.errors import N_, NotFound
from archive.base.ledger import HOUSE, Subject

DEFAULT_PLAN = Path(__file__).with_name("plan.toml")

# By volume, after DA/T 13-2022; what its parts are is told in `volumes.patterns`.
CODE_PATTERN = "{fonds}-ZY·KH·{category}·{year}·{retention}-{number:4}"

# 保管期限, as archival codes write it (DA/T 13-2022): permanent, or a number of years.
RETENTIONS = {"Y": N_("Permanent"), "D30": N_("30 years"), "D10": N_("10 years")}


# 密级: of the company's own grades, not the state's (practice.md §5).
SECRECIES = {
    "public": N_("Public"),
    "internal": N_("Internal"),
    "secret": N_("Trade secret"),
    "core": N_("Core trade secret"),
}


class NoSuchType(NotFound):
    text = N_("There is no such document type in the filing plan. Choose one that the plan has.")


class Fonds(Record):
    """The company whose papers these are."""

    __tablename__ = "fonds"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(8), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    # How the codes of new volumes are written: see `volumes.patterns`.
    code_pattern: Mapped[str] = mapped_column(String(100), default=CODE_PATTERN)

    @property
    def subject(self) -> Subject:
        return Subject("fonds", self.id)


class Category(Record):
    """A numbered class of the plan."""

    __tablename__ = "category"
    __table_args__ = (UniqueConstraint("fonds_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    fonds_id: Mapped[int] = mapped_column(ForeignKey("fonds.id"))
    number: Mapped[int]
    name_zh: Mapped[str] = mapped_column(String(100))
    name_en: Mapped[str] = mapped_column(String(100))

    fonds: Mapped[Fonds] = relationship(lazy="joined")
    types: Mapped[list["DocumentType"]] = relationship(
        back_populates="category", order_by="DocumentType.position"
    )

    def name(self, language: str) -> str:
        return self.name_zh if language.startswith("zh") else self.name_en


class DocumentType(Record):
    """What a paper is, and where it lies among the papers of its category."""

    __tablename__ = "document_type"
    __table_args__ = (UniqueConstraint("category_id", "position"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    category_id: Mapped[int] = mapped_column(ForeignKey("category.id"))
    position: Mapped[int]
    name_zh: Mapped[str] = mapped_column(String(100))
    name_en: Mapped[str] = mapped_column(String(100))
    kind: Mapped[str] = mapped_column(String(30), default="")
    retention: Mapped[str] = mapped_column(String(4))
    secrecy: Mapped[str] = mapped_column(String(10))
    # Whether a complete dossier has such a paper; with `per_order`, each order has one of its own.
    is_required: Mapped[bool] = mapped_column(default=False)
    per_order: Mapped[bool] = mapped_column(default=False)
    # For how many months after its date it counts; None: it does not lapse by its age.
    validity_months: Mapped[int | None]

    category: Mapped[Category] = relationship(back_populates="types", lazy="joined")

    def name(self, language: str) -> str:
        return self.name_zh if language.startswith("zh") else self.name_en


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


class NoSuchFonds(NotFound):
    text = N_("There is no fonds with this number. Choose one from the list.")


def every_fonds(session: Session) -> list[Fonds]:
    """The companies whose papers are here."""
    return list(session.scalars(select(Fonds).order_by(Fonds.id)))


def fonds_by_id(session: Session, number: int) -> Fonds:
    """The fonds with this id. Raises NoSuchFonds."""
    known = session.get(Fonds, number)
    if known is None:
        raise NoSuchFonds
    return known


def plan(session: Session) -> list[Category]:
    """The categories in order, their types with them."""
    query = select(Category).options(selectinload(Category.types))
    return list(session.scalars(query.order_by(Category.fonds_id, Category.number)))


def type_by_id(session: Session, number: int) -> DocumentType:
    """The document type with this id. Raises NoSuchType."""
    known = session.get(DocumentType, number)
    if known is None:
        raise NoSuchType
    return known


def suggest_type(session: Session, kind: str) -> DocumentType | None:
    """The type that papers of this kind are usually filed as."""
    if not kind:
        return None
    query = select(DocumentType).where(DocumentType.kind == kind)
    return session.scalar(query.order_by(DocumentType.category_id, DocumentType.position).limit(1))


def _category(fonds: Fonds, row: dict[str, Any]) -> Category:
    types = [DocumentType(position=place, **told) for place, told in enumerate(row["types"], 1)]
    return Category(
        fonds=fonds,
        number=row["number"],
        name_zh=row["name_zh"],
        name_en=row["name_en"],
        types=types,
    )
