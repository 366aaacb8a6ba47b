"""Volumes in a catalogue: rows of the sheet 案卷, and the volumes that papers name."""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from archive import locations, numbers, volumes
from archive.base import ledger
from archive.base.errors import N_, Invalid, Refusal
from archive.base.ledger import Actor
from archive.categories import Category
from archive.exchange.cells import NeedsValue
from archive.exchange.known import (
    Plan,
    check_homes,
    check_parties,
    number_key,
    party_key,
    plan_of,
)
from archive.exchange.runs import Draft, ImportRow, ImportRun
from archive.parties import Party
from archive.volumes import Arrangement, Volume, VolumeState

DIGITS = re.compile(r"([0-9]{1,9})$", re.ASCII)
DEFAULT_PERIOD = "D10"


class NoVolumeNumber(Invalid):
    text = N_(
        "The code “%(code)s” does not end in a number. Write the volume's number (案卷号), too."
    )


class VolumeDiffers(Invalid):
    text = N_(
        "Volume %(code)s is here with other values (%(names)s). Correct the row or the volume."
    )


class NumberGiven(Invalid):
    text = N_("Number %(number)s is given to volume %(code)s here. Correct the number or the code.")


class OpenTwice(Invalid):
    text = N_(
        "Row %(row)s of this file has an open volume of the same party, category, year and period, "
        "and new papers come into one only. Give one of them the state “closed” (已结卷)."
    )


def volume_key(code: str) -> str:
    """What a row calls a volume."""
    return f"volume/{code}"


def series_key(category: Category, told: Mapping[str, Any], number: int) -> str:
    """What a volume's number is unique in."""
    return f"number/{category.id}/{told['year']}/{told['retention']}/{number}"


def open_key(category: Category, told: Mapping[str, Any]) -> str:
    """What only one open volume may be: that which takes such papers."""
    number = told.get("party_number")
    party = number_key(number) if number else party_key(str(told.get("party") or ""))
    return f"open/{category.id}/{told['year']}/{told['retention']}/{party}"


def judge(session: Session, run: ImportRun, drafts: Sequence[Draft]) -> None:
    """Compare rows with the volumes that are there."""
    plan = plan_of(session)
    check_parties(session, run, drafts)
    check_homes(session, drafts)
    for draft in drafts:
        _settle(draft, plan)
    known = by_code(session, (str(draft.told.get("code") or "") for draft in drafts))
    taken = _numbered(session, drafts)
    for draft in drafts:
        code, number = str(draft.told.get("code") or ""), draft.told.get("number")
        if not code:
            continue
        draft.keys.append(volume_key(code))
        if volume := known.get(code):
            _compare(draft, volume)
        elif number and (other := taken.get(_numbers_of(draft.told))):
            draft.refuse("number", NumberGiven(number=number, code=other))


def bring(
    session: Session,
    rows: Iterable[ImportRow],
    parties: Mapping[tuple[int, int], Party],
    *,
    by: Actor,
    at: datetime,
) -> None:
    """Make the volumes of these rows; `parties` by the rows' (sheet, number)."""
    plan = plan_of(session)
    for row in rows:
        make(session, row.told, plan, parties[row.sheet, row.number], by=by, at=at)


def make(
    session: Session, told: Mapping[str, Any], plan: Plan, party: Party, *, by: Actor, at: datetime
) -> Volume:
    """A volume as a catalogue tells of it, under the code that it has there."""
    category = plan.category(str(told["category_number"]))
    if category is None:
        raise NeedsValue
    number, code = told.get("number"), told.get("code")
    series = volumes.series(category, told["year"], told["retention"])
    if number:
        numbers.reach(session, series, number)
    else:
        number = numbers.take(session, series)
    code = code or volumes.code_of(category, told["year"], told["retention"], number)
    state = VolumeState(told.get("state") or VolumeState.CLOSED)
    volume = Volume(
        category=category, party=party, year=told["year"], retention=told["retention"],
        arrangement=Arrangement(told.get("arrangement") or Arrangement.VOLUME),
        number=number, code=code, title=told.get("title") or f"{party.name} {category.name_zh}",
        state=state, opened_at=at, closed_at=at if state == VolumeState.CLOSED else None,
        keeper_note=told.get("keeper_note") or "", compiled_by=told.get("compiled_by") or "",
        checked_by=told.get("checked_by") or "", compiled_on=_day(told.get("compiled_on") or ""),
    )  # fmt: skip
    session.add(volume)
    session.flush()
    folder = volumes.make_folder(session, volume, 1, volumes.THICKNESS, at=at)
    if told.get("home"):
        folder.home = locations.at_code(session, told["home"])
    ledger.record(
        session,
        "volume.imported",
        volume.subject,
        folder.subject,
        party.subject,
        by=by,
        at=at,
        code=volume.code,
    )
    return volume


def by_code(session: Session, wanted: Iterable[str]) -> dict[str, Volume]:
    """The volumes with these codes."""
    codes = {code for code in wanted if code}
    if not codes:
        return {}
    found = session.scalars(select(Volume).where(Volume.code.in_(codes)))
    return {volume.code: volume for volume in found}


def settle_category(draft: Draft, plan: Plan) -> Category | None:
    """The category that a row names; its number stands in the row from then on."""
    try:
        category = plan.category(str(draft.told.get("category") or ""))
    except Refusal as problem:
        draft.refuse("category", problem)
        return None
    draft.told["category_number"] = str(category.number) if category else ""
    return category


def number_in(code: str) -> int | None:
    """The number with which a volume's code ends."""
    found = DIGITS.search(code)
    return int(found[1]) if found else None


def _settle(draft: Draft, plan: Plan) -> None:
    category, code = settle_category(draft, plan), str(draft.told.get("code") or "")
    draft.told["retention"] = draft.told.get("retention") or DEFAULT_PERIOD
    if not draft.told.get("category"):
        draft.refuse("category", NeedsValue())
    if not draft.told.get("year"):
        draft.refuse("year", NeedsValue())
    if code and not draft.told.get("number"):
        draft.told["number"] = number_in(code)
        if not draft.told["number"]:
            draft.refuse("code", NoVolumeNumber(code=code[:40]))
    if category and draft.told.get("year") and (number := draft.told.get("number")):
        draft.told["code"] = code or volumes.code_of(
            category, draft.told["year"], draft.told["retention"], number
        )
        draft.keys.append(series_key(category, draft.told, number))
    if category and draft.told.get("year") and draft.told.get("state") == VolumeState.OPEN:
        draft.keys.append(open_key(category, draft.told))


def _compare(draft: Draft, volume: Volume) -> None:
    here = {
        "category_number": str(volume.category.number), "year": volume.year,
        "retention": volume.retention, "number": volume.number,
        "title": volume.title,
    }  # fmt: skip
    others = [name for name, value in here.items() if draft.told.get(name) not in (value, None, "")]
    draft.is_same = not others
    if others:
        draft.refuse("", VolumeDiffers(code=volume.code, names="、".join(others)))


def _numbered(session: Session, drafts: Sequence[Draft]) -> dict[tuple[str, int, str, int], str]:
    """The codes of the volumes that have the numbers of these rows."""
    wanted = [draft.told.get("number") for draft in drafts if draft.told.get("number")]
    years = {draft.told.get("year") for draft in drafts} - {None}
    if not wanted or not years:
        return {}
    query = select(Volume).where(Volume.number.in_(wanted), Volume.year.in_(years))
    return {
        (str(one.category.number), one.year, one.retention, one.number): one.code
        for one in session.scalars(query)
    }


def _numbers_of(told: Mapping[str, Any]) -> tuple[str, int, str, int]:
    return told["category_number"], told.get("year") or 0, told["retention"], told["number"]


def _day(told: str) -> date | None:
    return date.fromisoformat(told) if len(told) == len("2024-05-31") else None
