"""Numbering: which volume takes a paper, and the archival codes (档号) of both."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from archive import numbers
from archive.base import ledger
from archive.base.errors import N_, Conflict
from archive.base.ledger import Actor
from archive.categories import Category, check_category
from archive.parties import Party
from archive.volumes.parts import make_folder
from archive.volumes.patterns import code_of, series
from archive.volumes.records import THICKNESS, Volume, VolumeState
from archive.volumes.states import closed_before, lock


class CodeTaken(Conflict):
    text = N_(
        "By its pattern the next volume would be %(code)s, which is volume “%(title)s” already. "
        "Choose another pattern of archival codes."
    )


class OpenAlready(Conflict):
    text = N_("Volume %(code)s is open and takes such papers. File into it, or close it first.")


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
    if known := _taking(session, category, party, year, retention):
        return known
    # Whoever had to wait here looks again: the volume may have been opened meanwhile.
    numbers.lock(session, series(category, year, retention))
    if known := _taking(session, category, party, year, retention):
        return known
    return _open(session, category, party, year, retention, by=by, at=at)


def open_by_hand(
    session: Session,
    category: Category,
    party: Party,
    year: int,
    retention: str,
    *,
    title: str = "",
    thickness: int = THICKNESS,
    by: Actor,
    at: datetime,
) -> Volume:
    """A volume that is there before its first paper; `thickness` in mm of its first folder.

    Raises:
        OpenAlready: one that takes such papers is open.
        Retired: no new paper is filed in the category.
    """
    check_category(category)
    numbers.lock(session, series(category, year, retention))
    if known := _taking(session, category, party, year, retention):
        raise OpenAlready(code=known.code)
    return _open(
        session, category, party, year, retention, title=title, thickness=thickness, by=by, at=at
    )


def add_item(session: Session, volume: Volume, pages: int) -> int:
    """The next item number (件号) of a volume, which grows by a document of so many pages.

    A number is issued as a paper comes, since it is asked for by its code from that day on. In
    which order the papers lie (序号) is another thing, `Document.position`: the catalogue has a
    column for each, so the papers can be put in order without a code ever being changed.
    """
    lock(session, volume)
    volume.items += 1
    volume.pages += pages
    volume.last_item += 1
    return volume.last_item


def item_code(volume: Volume, number: int) -> str:
    """An item's 档号: its volume's, and its number in three digits."""
    return f"{volume.code}-{number:03d}"


def _taking(
    session: Session, category: Category, party: Party, year: int, retention: str
) -> Volume | None:
    wanted = select(Volume).where(
        Volume.category_id == category.id,
        Volume.party_id == party.id,
        Volume.year == year,
        Volume.retention == retention,
        Volume.state == VolumeState.OPEN,
    )
    return session.scalar(wanted)


def _open(
    session: Session,
    category: Category,
    party: Party,
    year: int,
    retention: str,
    *,
    title: str = "",
    thickness: int = THICKNESS,
    by: Actor,
    at: datetime,
) -> Volume:
    number = numbers.take(session, series(category, year, retention))
    code = code_of(category, year, retention, number)
    if taken := session.scalar(select(Volume).where(Volume.code == code)):
        raise CodeTaken(code=code, title=taken.title)
    volume = Volume(
        category=category,
        party=party,
        year=year,
        retention=retention,
        number=number,
        code=code,
        title=" ".join(title.split()) or f"{party.name} {category.name_zh} {year}",
        opened_at=at,
    )
    session.add(volume)
    session.flush()
    if closed := closed_before(session, volume):
        volume.supplement_to_id = closed.supplement_to_id or closed.id
    folder = make_folder(session, volume, 1, thickness, at=at)
    ledger.record(
        session, "volume.opened", volume.subject, folder.subject, party.subject, by=by, at=at,
        code=volume.code, folder=folder.code,
    )  # fmt: skip
    return volume
