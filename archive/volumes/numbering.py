"""Numbering: which volume takes a paper, and the archival codes (档号) of both."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from archive import numbers
from archive.base import ledger
from archive.base.ledger import Actor
from archive.categories import Category
from archive.parties import Party
from archive.volumes.parts import make_folder
from archive.volumes.records import Volume, VolumeState


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
        Volume.state == VolumeState.OPEN,
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
    volume.last_item += 1
    return volume.last_item


def item_code(volume: Volume, number: int) -> str:
    """An item's 档号: its volume's, and its number in three digits."""
    return f"{volume.code}-{number:03d}"


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
    folder = make_folder(session, volume, at=at)
    ledger.record(
        session, "volume.opened", volume.subject, folder.subject, party.subject, by=by, at=at,
        code=volume.code, folder=folder.code,
    )  # fmt: skip
    return volume
