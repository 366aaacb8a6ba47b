"""Papers in a catalogue: rows of the sheet 文件, whether they were ever scanned or not."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from archive import volumes
from archive.base import ledger
from archive.base.errors import N_, Invalid, Refusal
from archive.base.ledger import Actor, Event, Subject
from archive.documents import Document, State
from archive.documents.records import FormerCode
from archive.exchange.cells import NeedsValue
from archive.exchange.known import Plan, check_homes, check_parties, plan_of, staged
from archive.exchange.runs import Draft, ImportRow, ImportRun
from archive.exchange.volumes import (
    DEFAULT_PERIOD,
    by_code,
    make,
    number_in,
    settle_category,
    volume_key,
)
from archive.parties import Party
from archive.volumes import Folder, Volume

# What a row says that a paper keeps as it is.
KEPT = (
    "title", "number", "responsible", "dated", "amount", "paper_pages", "is_copy", "original_at",
    "order_number", "remark", "secrecy",
)  # fmt: skip


class CodeTaken(Invalid):
    text = N_("%(code)s is another paper here: “%(title)s”. Correct the code or the row.")


class CodeWasUsed(Invalid):
    text = N_("%(code)s was the code of a paper that was moved. Give this paper another one.")


class NeedsYear(Invalid):
    text = N_("This row says neither a year nor a date. Write the year of its volume.")


class NeedsClass(Invalid):
    text = N_("This row names no category and no document type. Write one of the two.")


def judge(session: Session, run: ImportRun, drafts: Sequence[Draft]) -> None:
    """Compare rows with the papers and volumes that are there."""
    plan = plan_of(session)
    check_homes(session, drafts)
    for draft in drafts:
        _settle_place(draft)
    known = by_code(session, (draft.told["volume"] for draft in drafts))
    coming = staged(session, run, (volume_key(draft.told["volume"]) for draft in drafts))
    placeless = [draft for draft in drafts if draft.told["volume"] not in known]
    check_parties(session, run, [
        draft for draft in placeless if volume_key(draft.told["volume"]) not in coming
        or draft.told.get("party_number")
    ])  # fmt: skip
    for draft in drafts:
        _settle_class(draft, plan, known.get(draft.told["volume"]))
        is_coming = volume_key(draft.told["volume"]) in coming
        if draft.told["volume"] not in known and not is_coming:
            _check_new_volume(draft)
    _check_codes(session, drafts)


def bring(
    session: Session,
    rows: Sequence[ImportRow],
    parties: Mapping[tuple[int, int], Party],
    *,
    by: Actor,
    at: datetime,
) -> None:
    """File the papers of these rows; `parties` by the rows' (sheet, number)."""
    plan = plan_of(session)
    known = by_code(session, (row.told["volume"] for row in rows))
    made = []
    for row in rows:
        party = parties.get((row.sheet, row.number))
        volume = known.get(row.told["volume"])
        if volume is None:
            if party is None:
                raise NeedsValue
            volume = _volume_of(session, row.told, plan, party, by=by, at=at)
            known[volume.code] = volume
        made.append(_paper(row.told, plan, volume, party, at=at))
    _put_into_folders(session, made)
    numbers = session.scalars(
        insert(Document).returning(Document.id, sort_by_parameter_order=True), made
    ).all()
    ledger.record_many(session, [
        Event(
            "document.imported",
            (Subject("document", number), Subject("volume", one["volume_id"])),
            {"code": one["archival_code"], "title": one["title"]},
        )
        for number, one in zip(numbers, made, strict=True)
    ], by=by, at=at)  # fmt: skip
    session.flush()


def _settle_place(draft: Draft) -> None:
    """Which volume a row names, and which number in it."""
    told = draft.told
    code, volume = str(told.get("code") or ""), str(told.get("volume") or "")
    before, mark, tail = code.rpartition("-")
    if code and mark and tail.isascii() and tail.isdigit():
        volume = volume or before
        told["item"] = told.get("item") or int(tail[:9])
    told["volume"] = volume
    if volume and told.get("item"):
        told["code"] = code or f"{volume}-{told['item']:03d}"
        draft.keys += [f"paper/{told['code']}", f"item/{volume}/{told['item']}"]


def _settle_class(draft: Draft, plan: Plan, volume: Volume | None) -> None:
    told = draft.told
    category = settle_category(draft, plan)
    if volume and not category:
        category = volume.category
    try:
        kind = plan.type(str(told.get("type") or ""), category)
    except Refusal as problem:
        draft.refuse("type", problem)
        return
    if kind:
        told["category_number"] = str(kind.category.number)
        told["secrecy"] = told.get("secrecy") or kind.secrecy
    told["retention"] = told.get("retention") or (kind.retention if kind else DEFAULT_PERIOD)
    told["year"] = told.get("year") or int(str(told.get("dated") or "0")[:4])


def _check_new_volume(draft: Draft) -> None:
    if not draft.told.get("year"):
        draft.refuse("year", NeedsYear())
    if not draft.told.get("category_number") and not draft.problems:
        draft.refuse("category", NeedsClass())


def _check_codes(session: Session, drafts: Sequence[Draft]) -> None:
    wanted = {draft.told["code"] for draft in drafts if draft.told.get("code")}
    here = select(Document).where(Document.archival_code.in_(wanted))
    known = {document.code: document for document in session.scalars(here)}
    former = set(session.scalars(select(FormerCode.code).where(FormerCode.code.in_(wanted))))
    for draft in drafts:
        code = draft.told.get("code")
        if document := known.get(code or ""):
            draft.is_same = _is_same(draft.told, document)
            if not draft.is_same:
                draft.refuse("code", CodeTaken(code=code, title=document.shown_title))
        elif code in former:
            draft.refuse("code", CodeWasUsed(code=code))


def _is_same(told: Mapping[str, Any], document: Document) -> bool:
    return all(
        told.get(name) in (getattr(document, name), None, "") for name in KEPT if name in told
    )


def _put_into_folders(session: Session, made: Sequence[dict[str, Any]]) -> None:
    """Each paper lies in the last folder of its volume, as one that is filed late does."""
    wanted = {one["volume_id"] for one in made}
    query = select(Folder.volume_id, Folder.id).where(Folder.volume_id.in_(wanted))
    last = {row.volume_id: row.id for row in session.execute(query.order_by(Folder.part))}
    for one in made:
        one["folder_id"] = last.get(one["volume_id"])


def _volume_of(
    session: Session, told: Mapping[str, Any], plan: Plan, party: Party, *, by: Actor, at: datetime
) -> Volume:
    if told["volume"]:
        code = told["volume"]
        named = {**told, "code": code, "number": number_in(code), "title": "", "state": ""}
        return make(session, named, plan, party, by=by, at=at)
    category = plan.category(told["category_number"])
    if category is None:
        raise NeedsValue
    return volumes.taking(session, category, party, told["year"], told["retention"], by=by, at=at)


def _paper(
    told: Mapping[str, Any], plan: Plan, volume: Volume, party: Party | None, *, at: datetime
) -> dict[str, Any]:
    """A paper's columns; its volume grows by it."""
    kind = plan.type(str(told.get("type") or ""), plan.category(str(told["category_number"])))
    item = told.get("item") or volume.last_item + 1
    volume.items += 1
    volume.pages += told.get("paper_pages") or 1
    volume.last_item = max(volume.last_item, item)
    return {
        "state": State.FILED, "filed_at": at, "volume_id": volume.id, "item": item,
        "position": told.get("position") or item,
        "archival_code": told.get("code") or volumes.item_code(volume, item),
        "party_id": party.id if party else volume.party_id, "type_id": kind.id if kind else None,
        "pages_total": 0, "pages_done": 0, "is_read_again": False, "is_backed": True, "kind": "",
        "fields": {}, "guesses": {},
        **{name: told.get(name) or "" for name in KEPT},
        "paper_pages": told.get("paper_pages"), "is_copy": bool(told.get("is_copy")),
    }  # fmt: skip
