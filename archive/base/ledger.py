"""The ledger (台账): everything that happened, in order, append-only and hash-chained.

A change and its row share one commit. Each row's hash covers the row and the hash before it, so a
row that was altered, removed or slipped in breaks the chain from there on. Rows are numbered
without gaps. Only cutting off the newest rows leaves a sound chain: who wants to notice that keeps
the head's hash elsewhere (`juanzong ledger verify` prints it).
"""

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, insert, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from archive.base.db import Record

GENESIS = "0" * 64
BEFORE_ALL = -(1 << 31)  # Something may have been slipped in below row 1 too.


@dataclass(frozen=True)
class Subject:
    """What a row is about: a kind ("document", "folder", "user" …) and the record's id."""

    kind: str
    id: int

    def __str__(self) -> str:
        return f"{self.kind}:{self.id}"


@dataclass(frozen=True)
class Actor:
    """Who does something: an account's id and name, or no account for the house itself."""

    id: int | None
    name: str


HOUSE = Actor(None, "juanzong")


class LedgerRow(Record):
    """One thing that happened."""

    __tablename__ = "ledger"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime]
    actor_id: Mapped[int | None]
    actor: Mapped[str] = mapped_column(String(200))
    action: Mapped[str] = mapped_column(String(60))
    # The very text that was hashed: JSON that the database rearranges could not be verified.
    body: Mapped[str] = mapped_column(Text)
    hash: Mapped[str] = mapped_column(String(64))

    @property
    def data(self) -> dict[str, Any]:
        facts: dict[str, Any] = json.loads(self.body)["data"]
        return facts

    @property
    def subjects(self) -> list[str]:
        named: list[str] = json.loads(self.body)["subjects"]
        return named


class LedgerSubject(Record):
    """Which records a row is about: the way from a record to its history."""

    __tablename__ = "ledger_subject"
    __table_args__ = (Index("ix_ledger_subject_history", "kind", "ref", "row_id"),)

    row_id: Mapped[int] = mapped_column(ForeignKey("ledger.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(String(20), primary_key=True)
    ref: Mapped[int] = mapped_column(primary_key=True)


@dataclass(frozen=True)
class Event:
    """Something that happened among many things: what a row of its own tells."""

    action: str
    subjects: tuple[Subject, ...]
    data: dict[str, Any]


@dataclass(frozen=True)
class Verdict:
    """What verifying found: rows read, the first bad one, and the hash at the head."""

    rows: int
    first_bad: int | None
    head: str

    @property
    def ok(self) -> bool:
        return self.first_bad is None

    @property
    def data(self) -> dict[str, Any]:
        """What is told of it, as JSON."""
        return asdict(self) | {"ok": self.ok}


def record(
    session: Session,
    action: str,
    *subjects: Subject,
    by: Actor,
    at: datetime,
    **data: Any,
) -> LedgerRow:
    """Write one row at the end of the chain, in the caller's writing session.

    `action` is a past event, "folder.checked_out"; `data` must be JSON-safe.
    """
    # What is pending must be in the database first: its order there is the ledger's order.
    session.flush()
    last = _end(session)
    number = last.id + 1 if last else 1
    body = _body(number, at, by, action, subjects, data)
    row = LedgerRow(
        id=number,
        at=at,
        actor_id=by.id,
        actor=by.name,
        action=action,
        body=body,
        hash=_hash(last.hash if last else GENESIS, body),
    )
    session.add(row)
    session.flush()
    named = {(subject.kind, subject.id) for subject in subjects}
    session.add_all(LedgerSubject(row_id=number, kind=kind, ref=ref) for kind, ref in sorted(named))
    return row


def record_many(session: Session, events: Sequence[Event], *, by: Actor, at: datetime) -> None:
    """Write a row for each of many events at the end of the chain, in their order."""
    session.flush()
    last = _end(session)
    number, before = (last.id, last.hash) if last else (0, GENESIS)
    rows, links = [], []
    for event in events:
        number += 1
        body = _body(number, at, by, event.action, event.subjects, event.data)
        before = _hash(before, body)
        rows.append({
            "id": number, "at": at, "actor_id": by.id, "actor": by.name, "action": event.action,
            "body": body, "hash": before,
        })  # fmt: skip
        named = {(subject.kind, subject.id) for subject in event.subjects}
        links += [{"row_id": number, "kind": kind, "ref": ref} for kind, ref in sorted(named)]
    if rows:
        session.execute(insert(LedgerRow), rows)
        session.execute(insert(LedgerSubject), links)


def history(
    session: Session, subject: Subject, *, before: int | None = None, limit: int = 50
) -> Sequence[LedgerRow]:
    """What happened to one record, newest first."""
    query = (
        select(LedgerRow)
        .join(LedgerSubject, LedgerSubject.row_id == LedgerRow.id)
        .where(LedgerSubject.kind == subject.kind, LedgerSubject.ref == subject.id)
        .order_by(LedgerSubject.row_id.desc())
        .limit(limit)
    )
    if before is not None:
        query = query.where(LedgerSubject.row_id < before)
    return session.scalars(query).all()


def last_of(session: Session, subject: Subject, action: str) -> LedgerRow:
    """The newest row of this action about a record of which there is one."""
    query = (
        select(LedgerRow)
        .join(LedgerSubject, LedgerSubject.row_id == LedgerRow.id)
        .where(LedgerSubject.kind == subject.kind, LedgerSubject.ref == subject.id)
        .where(LedgerRow.action == action)
        .order_by(LedgerSubject.row_id.desc())
    )
    return session.scalars(query.limit(1)).one()


def newest(session: Session, *, before: int | None = None, limit: int = 50) -> Sequence[LedgerRow]:
    """The ledger's newest rows, from before a given one."""
    query = select(LedgerRow).order_by(LedgerRow.id.desc()).limit(limit)
    return session.scalars(query if before is None else query.where(LedgerRow.id < before)).all()


def after(session: Session, bookmark: int, limit: int) -> Sequence[LedgerRow]:
    """Rows that came after a bookmark, oldest first: how followers keep up."""
    query = select(LedgerRow).where(LedgerRow.id > bookmark).order_by(LedgerRow.id).limit(limit)
    return session.scalars(query).all()


def head(session: Session) -> int:
    """The number of the newest row, 0 before the first."""
    return session.scalar(select(LedgerRow.id).order_by(LedgerRow.id.desc()).limit(1)) or 0


def verify(session: Session, *, batch: int = 2000) -> Verdict:
    """Compute the whole chain again, in bounded memory."""
    number, before = 0, GENESIS
    for row, subjects in _rows(session, batch):
        number += 1
        # The columns repeat the body for queries: a change to one of them is a change too.
        if row.id != number or row.hash != _hash(before, row.body) or not _agrees(row, subjects):
            return Verdict(number, min(row.id, number), before)
        before = row.hash
    return Verdict(number, None, before)


def _end(session: Session) -> LedgerRow | None:
    return session.scalar(select(LedgerRow).order_by(LedgerRow.id.desc()).limit(1))


def _rows(session: Session, batch: int) -> Iterator[tuple[LedgerRow, list[str]]]:
    bookmark = BEFORE_ALL
    while rows := after(session, bookmark, batch):
        bookmark = rows[-1].id
        linked = select(LedgerSubject).where(LedgerSubject.row_id.between(rows[0].id, bookmark))
        subjects: dict[int, list[str]] = {}
        for link in session.scalars(linked):
            subjects.setdefault(link.row_id, []).append(f"{link.kind}:{link.ref}")
        for row in rows:
            yield row, subjects.get(row.id, [])
        session.expunge_all()


def _agrees(row: LedgerRow, subjects: Iterable[str]) -> bool:
    said = json.loads(row.body)
    columns = [row.id, row.at.astimezone(UTC).isoformat(), row.actor_id, row.actor, row.action]
    told = [said["id"], said["at"], said["by"], said["name"], said["action"]]
    return columns == told and sorted(subjects) == said["subjects"]


def _body(
    number: int,
    at: datetime,
    by: Actor,
    action: str,
    subjects: Iterable[Subject],
    data: dict[str, Any],
) -> str:
    facts = {
        "id": number,
        "at": at.astimezone(UTC).isoformat(),
        "by": by.id,
        "name": by.name,
        "action": action,
        "subjects": sorted({str(subject) for subject in subjects}),
        "data": data,
    }
    return json.dumps(facts, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _hash(before: str, body: str) -> str:
    return hashlib.sha256(f"{before}\n{body}".encode()).hexdigest()
