"""Volumes (案卷) and the folders that carry them: numbered, filed into."""

from collections.abc import Sequence
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, Select, String, UniqueConstraint, func, select, text
from sqlalchemy.orm import Mapped, Session, joinedload, mapped_column, relationship

from archive import codes, numbers
from archive.base import ledger
from archive.base.db import Record
from archive.base.errors import N_, NotFound
from archive.base.ledger import Actor, Subject
from archive.categories import Category
from archive.locations import Location
from archive.parties import Party


class NoSuchVolume(NotFound):
    text = N_("There is no volume with this number. Search for its archival code.")


class NoSuchFolder(NotFound):
    text = N_("There is no folder with the code %(code)s. Scan its label again.")


class Arrangement(StrEnum):
    """Whether the volume or each item of it is what the archive numbers (按卷/按件)."""

    VOLUME = "volume"
    ITEM = "item"


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
            sqlite_where=text("closed_at IS NULL"),
            postgresql_where=text("closed_at IS NULL"),
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
    items: Mapped[int] = mapped_column(default=0)
    pages: Mapped[int] = mapped_column(default=0)
    opened_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
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
    thickness_mm: Mapped[int] = mapped_column(default=20)
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


def archival_code(category: Category, year: int, retention: str, number: int) -> str:
    """A volume's 档号 by DA/T 13-2022 §5, by volume: 全宗号-类别号-案卷号.

    类别号 = 专业档案 (ZY) · 客户 (KH) · category · year · retention.
    """
    return f"{category.fonds.code}-ZY·KH·{category.number}·{year}·{retention}-{number:04d}"


def taking(
    session: Session,
    category: Category,
    party: Party,
    year: int,
    retention: str,
    *,
    by: Actor,
    at: datetime,
) -> Volume:
    """The open volume that takes such papers; opened, with its folder, when there is none."""
    wanted = select(Volume).where(
        Volume.category_id == category.id,
        Volume.party_id == party.id,
        Volume.year == year,
        Volume.retention == retention,
        Volume.closed_at.is_(None),
    )
    series = f"volume/{category.id}/{year}/{retention}"
    if known := session.scalar(wanted):
        return known
    # Whoever had to wait here looks again: the volume may have been opened meanwhile.
    numbers.lock(session, series)
    if known := session.scalar(wanted):
        return known
    number = numbers.take(session, series)
    return _open(session, category, party, year, retention, number, by=by, at=at)


def add_item(session: Session, volume: Volume, pages: int) -> int:
    """The next item number (件号) of a volume, which grows by a document of so many pages."""
    session.refresh(volume, with_for_update={"of": Volume})
    volume.items += 1
    volume.pages += pages
    return volume.items


def item_code(volume: Volume, number: int) -> str:
    """An item's 档号: its volume's, and its number in three digits."""
    return f"{volume.code}-{number:03d}"


def by_id(session: Session, number: int) -> Volume:
    """The volume with this id, what its page shows with it. Raises NoSuchVolume."""
    shown = (joinedload(Volume.category), joinedload(Volume.party))
    found = session.get(Volume, number, options=shown)
    if found is None:
        raise NoSuchVolume
    return found


def folder_by_id(session: Session, number: int) -> Folder:
    """The folder with this id, with its volume and home. Raises NoSuchFolder."""
    found = session.scalar(_folders().where(Folder.id == number))
    if found is None:
        raise NoSuchFolder(code=number)
    return found


def folder_by_code(session: Session, code: str) -> Folder:
    """The folder with this label code. Raises NoSuchFolder."""
    typed = code.strip().upper()
    sound = codes.is_sound(typed)
    found = session.scalar(_folders().where(Folder.code == typed)) if sound else None
    if found is None:
        raise NoSuchFolder(code=typed[:20])
    return found


def folders_by_code(session: Session, sound: Sequence[str]) -> list[Folder]:
    """The folders with these label codes, in their order. Raises NoSuchFolder."""
    found = session.scalars(_folders().where(Folder.code.in_(sound)))
    known = {folder.code: folder for folder in found}
    for code in sound:
        if code not in known:
            raise NoSuchFolder(code=code)
    return [known[code] for code in sound]


def of_party(session: Session, party: Party, *, limit: int) -> Sequence[Volume]:
    """A party's volumes, the newest first."""
    query = select(Volume).where(Volume.party_id == party.id).order_by(Volume.id.desc())
    return session.scalars(query.limit(limit)).all()


def listed(session: Session, code: str, *, before: int | None, limit: int) -> Sequence[Volume]:
    """Volumes, the newest first, those whose archival code begins so."""
    query = select(Volume).order_by(Volume.id.desc()).limit(limit)
    if code:
        # Codes are in capitals; whether small letters find them is not for the database to say.
        query = query.where(Volume.code.startswith(code.upper(), autoescape=True))
    if before is not None:
        query = query.where(Volume.id < before)
    return session.scalars(query).all()


def folders_of(session: Session, volume: Volume) -> Sequence[Folder]:
    """The folders that carry a volume, in the order of their parts."""
    return session.scalars(
        _folders().where(Folder.volume_id == volume.id).order_by(Folder.part)
    ).all()


def folders(session: Session, *, before: int | None, limit: int) -> Sequence[Folder]:
    """Folders, the newest first."""
    query = _folders().order_by(Folder.id.desc()).limit(limit)
    return session.scalars(query if before is None else query.where(Folder.id < before)).all()


def counts(session: Session) -> dict[str, int]:
    """How many volumes and folders there are."""
    return {
        "volumes": session.scalar(select(func.count(Volume.id))) or 0,
        "folders": session.scalar(select(func.count(Folder.id))) or 0,
    }


def _open(
    session: Session,
    category: Category,
    party: Party,
    year: int,
    retention: str,
    number: int,
    *,
    by: Actor,
    at: datetime,
) -> Volume:
    volume = Volume(
        category=category,
        party=party,
        year=year,
        retention=retention,
        number=number,
        code=archival_code(category, year, retention, number),
        title=f"{party.name} {category.name_zh} {year}",
        opened_at=at,
    )
    session.add(volume)
    session.flush()
    folder = _make_folder(session, volume, at=at)
    ledger.record(
        session, "volume.opened", volume.subject, folder.subject, party.subject, by=by, at=at,
        code=volume.code, folder=folder.code,
    )  # fmt: skip
    return volume


def _make_folder(session: Session, volume: Volume, *, at: datetime) -> Folder:
    folder = Folder(volume=volume, part=1, code=codes.unused(session), made_at=at)
    session.add(folder)
    session.flush()
    codes.give(session, folder.code, folder.subject, at=at)
    return folder


def _folders() -> Select[Folder]:
    shown = joinedload(Folder.volume)
    return select(Folder).options(
        shown.joinedload(Volume.party),
        shown.joinedload(Volume.category),
        joinedload(Folder.home),
        joinedload(Folder.present),
    )
