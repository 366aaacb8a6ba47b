"""Volumes (案卷) and the folders (卷夹) that carry them, as they are kept."""

import unicodedata
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, Select, String, UniqueConstraint, select, text
from sqlalchemy.orm import Mapped, Session, joinedload, mapped_column, relationship

from archive import codes
from archive.base.db import Record
from archive.base.errors import N_, NotFound
from archive.base.ledger import Subject
from archive.categories import Category
from archive.locations import Location
from archive.parties import Party

# Millimetres of paper that a folder holds: the spines and boxes of GB/T 9705 and DA/T 22.
THICKNESSES = (10, 15, 20, 30, 40, 50)
THICKNESS = 20


class NoSuchVolume(NotFound):
    text = N_("There is no volume with this number. Search for its archival code.")


class NoSuchFolder(NotFound):
    text = N_("There is no folder with the code %(code)s. Scan its label again.")


class Arrangement(StrEnum):
    """Whether the volume or each item of it is what the archive numbers (按卷/按件)."""

    VOLUME = "volume"
    ITEM = "item"


class VolumeState(StrEnum):
    """Whether papers still come; what may be done in each state is in `states.MOVES`."""

    OPEN = "open"  # loose-leaf: takes new papers, is put in order
    CLOSED = "closed"  # ordered, numbered, bound
    REOPENED = "reopened"  # unbound once more for a reason; its order stays


class Volume(Record):
    """Documents of one party, category, year and retention period, under one archival code."""

    __tablename__ = "volume"
    __table_args__ = (
        UniqueConstraint("category_id", "year", "retention", "number"),
        # One volume takes the new papers of a party, category, year and period.
        Index(
            "uq_volume_taking",
            "category_id",
            "party_id",
            "year",
            "retention",
            unique=True,
            sqlite_where=text("state = 'open'"),
            postgresql_where=text("state = 'open'"),
        ),
        Index("ix_volume_party", "party_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    category_id: Mapped[int] = mapped_column(ForeignKey("category.id"))
    party_id: Mapped[int] = mapped_column(ForeignKey("party.id"))
    year: Mapped[int]
    retention: Mapped[str] = mapped_column(String(4))
    number: Mapped[int]
    code: Mapped[str] = mapped_column(String(80), unique=True)
    title: Mapped[str] = mapped_column(String(400))
    state: Mapped[VolumeState] = mapped_column(String(10), default=VolumeState.OPEN)
    # What lies in it now: papers, and their pages as counted on paper, else as scanned.
    items: Mapped[int] = mapped_column(default=0)
    pages: Mapped[int] = mapped_column(default=0)
    # The last item number that was issued in it. A number is never issued twice.
    last_item: Mapped[int] = mapped_column(default=0)
    opened_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]  # None while it is not closed
    # The closed volume whose late papers it takes (补充卷).
    supplement_to_id: Mapped[int | None] = mapped_column(ForeignKey("volume.id"))
    # Stored, because an item's code by item looks like a volume's code by volume.
    arrangement: Mapped[Arrangement] = mapped_column(String(6), default=Arrangement.VOLUME)
    # What the note sheet (备考表) says: 本卷情况说明, 立卷人, 检查人, 立卷时间.
    keeper_note: Mapped[str] = mapped_column(String(1000), default="")
    compiled_by: Mapped[str] = mapped_column(String(100), default="")
    checked_by: Mapped[str] = mapped_column(String(100), default="")
    compiled_on: Mapped[date | None]

    category: Mapped[Category] = relationship()
    party: Mapped[Party] = relationship()
    folders: Mapped[list["Folder"]] = relationship(back_populates="volume", order_by="Folder.part")

    @property
    def subject(self) -> Subject:
        return Subject("volume", self.id)


class Folder(Record):
    """The carrier with the label: what is shelved and lent.

    Part n of the N folders of its volume: N is counted, so a label printed again tells the truth.
    Which papers lie in it is said by each document (`Document.folder_id`), not by a range of items:
    a range would be wrong as soon as one paper lies elsewhere.
    """

    __tablename__ = "folder"
    __table_args__ = (UniqueConstraint("volume_id", "part"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    volume_id: Mapped[int] = mapped_column(ForeignKey("volume.id"))
    part: Mapped[int] = mapped_column(default=1)
    code: Mapped[str] = mapped_column(String(8), unique=True)
    # The place to which it comes back, and the one at which it stands: none while it is with
    # somebody. `archive.shelving` moves it.
    home_id: Mapped[int | None] = mapped_column(ForeignKey("location.id"), index=True)
    present_id: Mapped[int | None] = mapped_column(ForeignKey("location.id"), index=True)
    holder_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    # How thick a stack it holds.
    thickness_mm: Mapped[int] = mapped_column(default=THICKNESS)
    made_at: Mapped[datetime]

    volume: Mapped[Volume] = relationship(back_populates="folders")
    home: Mapped[Location | None] = relationship(foreign_keys=[home_id])
    present: Mapped[Location | None] = relationship(foreign_keys=[present_id])

    @property
    def subject(self) -> Subject:
        return Subject("folder", self.id)

    @property
    def is_astray(self) -> bool:
        """Whether it stands elsewhere than at home."""
        return None not in (self.home_id, self.present_id) and self.home_id != self.present_id


def by_id(session: Session, number: int) -> Volume:
    """The volume with this id, what its page shows with it. Raises NoSuchVolume."""
    shown = (joinedload(Volume.category), joinedload(Volume.party))
    found = session.get(Volume, number, options=shown)
    if found is None:
        raise NoSuchVolume
    return found


def spell(typed: str) -> str:
    """An archival code as it is kept: small letters and full-width ones are the same code."""
    return unicodedata.normalize("NFKC", typed[:200]).replace("‧", "·").strip().upper()


def by_code(session: Session, typed: str) -> Volume:
    """The volume with this archival code, however it is spelled. Raises NoSuchVolume."""
    found = session.scalar(select(Volume).where(Volume.code == spell(typed)))
    if found is None:
        raise NoSuchVolume
    return found


def folder_by_id(session: Session, number: int) -> Folder:
    """The folder with this id, with its volume and home. Raises NoSuchFolder."""
    found = session.scalar(folders_with_volume().where(Folder.id == number))
    if found is None:
        raise NoSuchFolder(code=number)
    return found


def folder_by_code(session: Session, code: str) -> Folder:
    """The folder with this label code. Raises NoSuchFolder."""
    typed = code.strip().upper()
    sound = codes.is_sound(typed)
    found = session.scalar(folders_with_volume().where(Folder.code == typed)) if sound else None
    if found is None:
        raise NoSuchFolder(code=typed[:20])
    return found


def folders_with_volume() -> Select[Folder]:
    """Folders, each with what is shown of its volume and its home."""
    shown = joinedload(Folder.volume)
    return select(Folder).options(
        shown.joinedload(Volume.party),
        shown.joinedload(Volume.category),
        joinedload(Folder.home),
        joinedload(Folder.present),
    )
