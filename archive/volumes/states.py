"""What may be done with a volume when: one table, asked before every change.

    open ──close──► closed ──reopen──► reopened ──close──► closed

Papers lie loose during the year: while a volume is open they are put in order. Closing fixes that
order, since the catalogue is printed and the pages are numbered and bound by it: from then on a
late paper only follows the last one, and an order is never changed.
"""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from archive.base import ledger
from archive.base.errors import N_, Conflict, Invalid
from archive.base.ledger import Actor
from archive.volumes.records import Volume, VolumeState


class Deed(StrEnum):
    """What is done with a volume."""

    TAKE = "take"  # a paper comes to it because it takes such papers
    APPEND = "append"  # a paper is put into just this volume
    ORDER = "order"
    MOVE_OUT = "move_out"
    SPLIT = "split"
    DESCRIBE = "describe"
    CLOSE = "close"
    REOPEN = "reopen"


# In each state: what may be done, and the state after it.
OPEN, CLOSED, REOPENED = VolumeState.OPEN, VolumeState.CLOSED, VolumeState.REOPENED
MOVES: dict[VolumeState, dict[Deed, VolumeState]] = {
    OPEN: {
        Deed.TAKE: OPEN,
        Deed.APPEND: OPEN,
        Deed.ORDER: OPEN,
        Deed.MOVE_OUT: OPEN,
        Deed.SPLIT: OPEN,
        Deed.DESCRIBE: OPEN,
        Deed.CLOSE: CLOSED,
    },
    CLOSED: {
        Deed.APPEND: CLOSED,
        Deed.SPLIT: CLOSED,
        Deed.REOPEN: REOPENED,
    },
    REOPENED: {
        Deed.APPEND: REOPENED,
        Deed.MOVE_OUT: REOPENED,
        Deed.SPLIT: REOPENED,
        Deed.DESCRIBE: REOPENED,
        Deed.CLOSE: CLOSED,
    },
}


class VolumeClosed(Conflict):
    text = N_("Volume %(code)s is closed. Reopen it and say why, then do this again.")


class OrderFixed(Conflict):
    text = N_(
        "The order of volume %(code)s was fixed when it was closed, and stays. "
        "Move a wrong paper out; what comes late follows the last one."
    )


class NotClosed(Conflict):
    text = N_("Volume %(code)s is not closed: there is nothing to reopen. Go on working in it.")


class ClosedAlready(Conflict):
    text = N_("Volume %(code)s is closed already. Print its cover and catalogue, or reopen it.")


class NothingInVolume(Conflict):
    text = N_("There is no paper in volume %(code)s. File one into it before you close it.")


class NoReason(Invalid):
    text = N_("No reason is given. Say why, so that the ledger can tell it later.")


REFUSALS: dict[Deed, type[Conflict]] = {
    Deed.ORDER: OrderFixed,
    Deed.REOPEN: NotClosed,
    Deed.CLOSE: ClosedAlready,
}


def lock(session: Session, volume: Volume) -> None:
    """Read a volume as it is now, and keep others from changing it until the commit."""
    session.refresh(volume, with_for_update={"of": Volume})


def may(volume: Volume, deed: Deed) -> bool:
    """Whether the table lets this be done now."""
    return deed in MOVES[volume.state]


def do(session: Session, volume: Volume, deed: Deed) -> None:
    """Lock a volume and bring it into the state after a deed.

    Raises:
        VolumeClosed, OrderFixed, NotClosed, ClosedAlready: the table does not let it be done now.
    """
    lock(session, volume)
    if not may(volume, deed):
        raise REFUSALS.get(deed, VolumeClosed)(code=volume.code)
    volume.state = MOVES[volume.state][deed]


def close(session: Session, volume: Volume, *, today: date, by: Actor, at: datetime) -> None:
    """Fix a volume's order and number its note sheet: new papers go to another one.

    Who compiled it and when is whoever closes it, today, unless the note sheet says otherwise.

    Raises:
        ClosedAlready: somebody was quicker.
        NothingInVolume: no paper lies in it.
    """
    do(session, volume, Deed.CLOSE)
    if not volume.items:
        raise NothingInVolume(code=volume.code)
    volume.closed_at = at
    volume.compiled_by = volume.compiled_by or by.name[:100]
    volume.compiled_on = volume.compiled_on or today
    ledger.record(
        session, "volume.closed", volume.subject, volume.party.subject, by=by, at=at,
        code=volume.code, items=volume.items, pages=volume.pages,
    )  # fmt: skip


def reopen(session: Session, volume: Volume, why: str, *, by: Actor, at: datetime) -> None:
    """Open a closed volume once more, to take a paper out or to mend its note sheet.

    New papers do not come to it by themselves: another volume may take them meanwhile.

    Raises:
        NoReason: no reason is given.
        NotClosed: it is open.
    """
    reason = needed(why)
    do(session, volume, Deed.REOPEN)
    volume.closed_at = None
    ledger.record(
        session, "volume.reopened", volume.subject, volume.party.subject, by=by, at=at,
        code=volume.code, why=reason,
    )  # fmt: skip


def describe(
    session: Session,
    volume: Volume,
    *,
    title: str,
    keeper_note: str,
    compiled_by: str,
    checked_by: str,
    compiled_on: date | None,
    by: Actor,
    at: datetime,
) -> None:
    """Write the title and what the note sheet says.

    Raises:
        VolumeClosed: what is bound is not written anew.
    """
    do(session, volume, Deed.DESCRIBE)
    told: dict[str, object] = {
        "title": " ".join(title.split()) or volume.title,
        "keeper_note": keeper_note.strip(),
        "compiled_by": compiled_by.strip(),
        "checked_by": checked_by.strip(),
        "compiled_on": compiled_on,
    }
    changed = {name: value for name, value in told.items() if value != getattr(volume, name)}
    for name, value in changed.items():
        setattr(volume, name, value)
    if changed:
        shown = {name: str(value or "") for name, value in changed.items()}
        ledger.record(
            session, "volume.described", volume.subject, by=by, at=at, code=volume.code, **shown
        )


def needed(why: str) -> str:
    """A reason as it is kept. Raises NoReason where none is given."""
    reason = " ".join(why.split())[:300]
    if not reason:
        raise NoReason
    return reason


def closed_before(session: Session, volume: Volume) -> Volume | None:
    """The first volume of the same papers that is closed: the one that a new one supplements."""
    same = select(Volume).where(
        Volume.category_id == volume.category_id,
        Volume.party_id == volume.party_id,
        Volume.year == volume.year,
        Volume.retention == volume.retention,
        Volume.state != OPEN,
    )
    return session.scalar(same.order_by(Volume.number).limit(1))
