"""The filing plan as it is kept, and how one of its categories or types is looked up."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship, selectinload

from archive.base.db import Record
from archive.base.errors import N_, Conflict, NotFound
from archive.base.ledger import Subject

LONGEST_NAME = 100

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


class NoSuchCategory(NotFound):
    text = N_("There is no such category in the filing plan. Choose one that the plan has.")


class NoSuchFonds(NotFound):
    text = N_("There is no fonds with this number. Choose one from the list.")


class Retired(Conflict):
    text = N_(
        "“%(name)s” is retired from the filing plan: no new paper is filed there. "
        "Choose another, or have it brought back."
    )


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
    retired_at: Mapped[datetime | None]
    # Counts its changes: whoever saves says which one they saw.
    version: Mapped[int] = mapped_column(default=1)

    fonds: Mapped[Fonds] = relationship(lazy="joined")
    types: Mapped[list["DocumentType"]] = relationship(
        back_populates="category", order_by="DocumentType.position"
    )

    def name(self, language: str) -> str:
        return self.name_zh if language.startswith("zh") else self.name_en or self.name_zh

    @property
    def subject(self) -> Subject:
        return Subject("category", self.id)

    @property
    def offered(self) -> list["DocumentType"]:
        """The types that new papers are filed as, in their order."""
        return [] if self.retired_at else [kind for kind in self.types if not kind.retired_at]


class DocumentType(Record):
    """What a paper is, and where it lies among the papers of its category."""

    __tablename__ = "document_type"
    __table_args__ = (Index("ix_document_type_place", "category_id", "position"),)

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

    # The original may only be looked at: neither lent nor handed out (只可查寻，不可借阅、发放).
    original_stays: Mapped[bool] = mapped_column(default=True)
    retired_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)

    category: Mapped[Category] = relationship(back_populates="types", lazy="joined")

    def name(self, language: str) -> str:
        return self.name_zh if language.startswith("zh") else self.name_en or self.name_zh

    @property
    def subject(self) -> Subject:
        return Subject("document_type", self.id)

    @property
    def is_offered(self) -> bool:
        """Whether new papers are filed as it."""
        return not self.retired_at and not self.category.retired_at


def plan(session: Session) -> list[Category]:
    """The categories in order, their types with them, also what is retired."""
    query = select(Category).options(selectinload(Category.types))
    return list(session.scalars(query.order_by(Category.fonds_id, Category.number)))


def offered(session: Session) -> list[Category]:
    """The categories in which new papers are filed; see `Category.offered` for their types."""
    return [category for category in plan(session) if not category.retired_at]


def category_by_id(session: Session, number: int) -> Category:
    """The category with this id. Raises NoSuchCategory."""
    known = session.get(Category, number)
    if known is None:
        raise NoSuchCategory
    return known


def fonds_by_id(session: Session, number: int) -> Fonds:
    """The fonds with this id. Raises NoSuchFonds."""
    known = session.get(Fonds, number)
    if known is None:
        raise NoSuchFonds
    return known


def every_fonds(session: Session) -> list[Fonds]:
    """The companies whose papers are here."""
    return list(session.scalars(select(Fonds).order_by(Fonds.id)))


def type_by_id(session: Session, number: int) -> DocumentType:
    """The document type with this id. Raises NoSuchType."""
    known = session.get(DocumentType, number)
    if known is None:
        raise NoSuchType
    return known


def offered_type(session: Session, number: int) -> DocumentType | None:
    """The type with this id, if new papers are still filed as it."""
    known = session.get(DocumentType, number)
    return known if known and known.is_offered else None


def check_offered(kind: DocumentType) -> None:
    """Raises Retired where no new paper is filed as this type, or none in its category."""
    check_category(kind.category)
    if kind.retired_at:
        raise Retired(name=kind.name_zh)


def check_category(category: Category) -> None:
    """Raises Retired where no new paper is filed in this category."""
    if category.retired_at:
        raise Retired(name=category.name_zh)


def suggest_type(session: Session, kind: str) -> DocumentType | None:
    """The type that papers of this kind are usually filed as; none that is retired."""
    if not kind:
        return None
    query = select(DocumentType).join(Category).where(DocumentType.kind == kind)
    query = query.where(DocumentType.retired_at.is_(None), Category.retired_at.is_(None))
    return session.scalar(query.order_by(DocumentType.category_id, DocumentType.position).limit(1))
