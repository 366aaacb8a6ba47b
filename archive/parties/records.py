"""Parties as they are kept: the card, contacts, follow-ups, and what the company defines."""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from archive.base.db import Record
from archive.base.errors import N_
from archive.base.ledger import Subject
from archive.parties.spelling import LONGEST_NAME
from archive.users import User


class Kind(StrEnum):
    """What a party is."""

    COMPANY = "company"
    PERSON = "person"


KIND_NAMES = {Kind.COMPANY: N_("Company"), Kind.PERSON: N_("Person")}


class Term(Record):
    """A word of one of the company's own lists: a grade, a nature, a region."""

    __tablename__ = "party_term"
    __table_args__ = (Index("ix_party_term_list", "list", "position", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    list: Mapped[str] = mapped_column(String(10))
    position: Mapped[int]
    name_zh: Mapped[str] = mapped_column(String(60))
    name_en: Mapped[str] = mapped_column(String(60))
    # Cards that have it keep it; no other card gets it.
    retired_at: Mapped[datetime | None]

    @property
    def subject(self) -> Subject:
        return Subject("term", self.id)

    def name(self, language: str) -> str:
        return self.name_zh if language.startswith("zh") or not self.name_en else self.name_en


class Party(Record):
    """A card: one company or person."""

    __tablename__ = "party"
    __table_args__ = (
        # A card that was merged into another one leaves its name to that.
        Index(
            "uq_party_folded",
            "folded",
            unique=True,
            sqlite_where=text("merged_into_id IS NULL"),
            postgresql_where=text("merged_into_id IS NULL"),
        ),
        Index("ix_party_name", "folded"),
        Index("ix_party_bare", "bare", "id"),
        Index("ix_party_pinyin", "pinyin", "id"),
        Index("ix_party_strokes", "strokes", "id"),
        Index("ix_party_made", "made_at", "id"),
        Index("ix_party_credit_code", "credit_code"),
        # Of those only, so that no list of the others is read through it, unsorted.
        Index(
            "ix_party_merged",
            "merged_into_id",
            sqlite_where=text("merged_into_id IS NOT NULL"),
            postgresql_where=text("merged_into_id IS NOT NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(unique=True)
    kind: Mapped[Kind] = mapped_column(String(10), default=Kind.COMPANY)
    name: Mapped[str] = mapped_column(String(LONGEST_NAME))
    short_name: Mapped[str] = mapped_column(String(60), default="")
    folded: Mapped[str] = mapped_column(String(LONGEST_NAME))
    bare: Mapped[str] = mapped_column(String(LONGEST_NAME))
    initials: Mapped[str] = mapped_column(String(LONGEST_NAME))
    pinyin: Mapped[str] = mapped_column(String(LONGEST_NAME))
    strokes: Mapped[str] = mapped_column(String(240))
    credit_code: Mapped[str] = mapped_column(String(18), default="")
    legal_representative: Mapped[str] = mapped_column(String(100), default="")
    address: Mapped[str] = mapped_column(String(300), default="")
    postal_address: Mapped[str] = mapped_column(String(300), default="")
    delivery_address: Mapped[str] = mapped_column(String(300), default="")
    nature_id: Mapped[int | None] = mapped_column(ForeignKey("party_term.id"))
    grade_id: Mapped[int | None] = mapped_column(ForeignKey("party_term.id"))
    region_id: Mapped[int | None] = mapped_column(ForeignKey("party_term.id"))
    credit_grade: Mapped[str] = mapped_column(String(20), default="")
    # In hundredths: exact on every database.
    credit_cents: Mapped[int | None] = mapped_column(BigInteger)
    source: Mapped[str] = mapped_column(String(200), default="")
    note: Mapped[str] = mapped_column(String(2000), default="")
    # Who in the company looks after it.
    keeper_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    made_at: Mapped[datetime]
    # Grows with each change: whoever saves says which one they saw.
    version: Mapped[int] = mapped_column(default=1)
    # The card that its papers are on now; this one stays as it was.
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("party.id"))
    merged_at: Mapped[datetime | None]

    nature: Mapped[Term | None] = relationship(foreign_keys=[nature_id])
    grade: Mapped[Term | None] = relationship(foreign_keys=[grade_id])
    region: Mapped[Term | None] = relationship(foreign_keys=[region_id])
    keeper: Mapped[User | None] = relationship()

    @property
    def subject(self) -> Subject:
        return Subject("party", self.id)

    @property
    def credit_limit(self) -> Decimal | None:
        """How much is owed at most, in yuan."""
        cents = self.credit_cents
        return None if cents is None else (Decimal(cents) / 100).quantize(Decimal("0.01"))

    @credit_limit.setter
    def credit_limit(self, limit: Decimal | None) -> None:
        self.credit_cents = None if limit is None else int(limit * 100)


class FormerName(Record):
    """A name that a party had before, or that a card had that was merged into its own."""

    __tablename__ = "party_former_name"
    __table_args__ = (
        Index("ix_party_former_name_folded", "folded", "id"),
        UniqueConstraint("party_id", "folded"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    party_id: Mapped[int] = mapped_column(ForeignKey("party.id"))
    name: Mapped[str] = mapped_column(String(LONGEST_NAME))
    folded: Mapped[str] = mapped_column(String(LONGEST_NAME))
    until: Mapped[datetime]


class Contact(Record):
    """Someone to turn to at a party, as long as they are there."""

    __tablename__ = "party_contact"
    __table_args__ = (
        Index("ix_party_contact_party", "party_id", "id"),
        Index("ix_party_contact_until", "valid_to", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    party_id: Mapped[int] = mapped_column(ForeignKey("party.id"))
    name: Mapped[str] = mapped_column(String(100))
    post: Mapped[str] = mapped_column(String(100), default="")
    phone: Mapped[str] = mapped_column(String(60), default="")
    email: Mapped[str] = mapped_column(String(120), default="")
    valid_from: Mapped[date | None]
    valid_to: Mapped[date | None]
    version: Mapped[int] = mapped_column(default=1)

    party: Mapped[Party] = relationship()

    def is_there(self, on: date) -> bool:
        """Whether they can be turned to on this day."""
        return (self.valid_from or on) <= on <= (self.valid_to or on)


class FollowUp(Record):
    """Something that happened with a party, after which one looks again."""

    __tablename__ = "party_follow_up"
    __table_args__ = (Index("ix_party_follow_up_party", "party_id", "happened_on", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    party_id: Mapped[int] = mapped_column(ForeignKey("party.id"))
    event: Mapped[str] = mapped_column(String(300))
    happened_on: Mapped[date]
    made_at: Mapped[datetime]

    party: Mapped[Party] = relationship()
    reminders: Mapped[list["Reminder"]] = relationship(
        back_populates="follow_up", order_by="Reminder.due_on"
    )


class Reminder(Record):
    """A day on which someone is to look at what became of an event."""

    __tablename__ = "party_reminder"
    __table_args__ = (
        UniqueConstraint("follow_up_id", "due_on"),
        # What is due: few of all that ever were.
        Index(
            "ix_party_reminder_due",
            "due_on",
            "id",
            sqlite_where=text("done_at IS NULL"),
            postgresql_where=text("done_at IS NULL"),
        ),
        Index(
            "ix_party_reminder_mine",
            "owner_id",
            "due_on",
            "id",
            sqlite_where=text("done_at IS NULL"),
            postgresql_where=text("done_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    follow_up_id: Mapped[int] = mapped_column(ForeignKey("party_follow_up.id"))
    due_on: Mapped[date]
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    done_at: Mapped[datetime | None]
    done_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    outcome: Mapped[str] = mapped_column(String(300), default="")

    follow_up: Mapped[FollowUp] = relationship(back_populates="reminders")
    owner: Mapped[User | None] = relationship(foreign_keys=[owner_id])


class OwnKind(StrEnum):
    """What an own field holds."""

    TEXT = "text"
    NUMBER = "number"
    DATE = "date"
    CHOICE = "choice"
    MONEY = "money"


OWN_KIND_NAMES = {
    OwnKind.TEXT: N_("Text"),
    OwnKind.NUMBER: N_("Number"),
    OwnKind.DATE: N_("Date"),
    OwnKind.CHOICE: N_("Choice"),
    OwnKind.MONEY: N_("Money"),
}


class OwnField(Record):
    """A field that the company itself gave its cards."""

    __tablename__ = "party_own_field"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[OwnKind] = mapped_column(String(10))
    position: Mapped[int]
    name_zh: Mapped[str] = mapped_column(String(60))
    name_en: Mapped[str] = mapped_column(String(60))
    is_required: Mapped[bool] = mapped_column(default=False)
    # What can be chosen, where it is a choice.
    options: Mapped[list[str]] = mapped_column(JSON, default=list)
    # No card gets it any more; what cards have in it stays.
    retired_at: Mapped[datetime | None]

    @property
    def subject(self) -> Subject:
        return Subject("own_field", self.id)

    @property
    def key(self) -> str:
        """What it is called in forms and JSON."""
        return f"own_{self.id}"

    def name(self, language: str) -> str:
        return self.name_zh if language.startswith("zh") or not self.name_en else self.name_en


class OwnValue(Record):
    """What one card has in one own field: ISO dates, plain figures, else as it was typed."""

    __tablename__ = "party_own_value"

    party_id: Mapped[int] = mapped_column(ForeignKey("party.id"), primary_key=True)
    field_id: Mapped[int] = mapped_column(ForeignKey("party_own_field.id"), primary_key=True)
    value: Mapped[str] = mapped_column(String(300))
