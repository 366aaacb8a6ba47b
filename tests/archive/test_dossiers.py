"""Dossiers: what of a party is there, what lapses, where its folders are, what is due."""

from datetime import date, timedelta

import pytest
from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from archive import categories, circulation, documents, dossiers, parties
from archive.base import ledger
from archive.base.ledger import HOUSE
from archive.documents import Document
from archive.dossiers import Due
from archive.parties import Card, Party, Told
from archive.users import User
from tests import stock
from tests.counting import counting
from tests.furnished import Furnished
from tests.pages import Browser
from tests.people import NOON, Cast, Visitor

TODAY = date(2026, 3, 2)
MANY = 5000


def paper(session: Session, file: str, name: str = stock.HENGYUE, **told: object) -> Document:
    return stock.file(session, stock.read(session, file, file), name, **told)


def test_a_dossier_has_each_category_with_its_papers_in_the_order_of_their_types(
    session: Session,
) -> None:
    late, early = (paper(session, f"{day}.pdf", dated=day) for day in ("2024-06-01", "2024-05-01"))
    paper(session, "other.pdf", name="别家公司")
    party = stock.party(session)
    contents = dossiers.contents(session, party)
    assert [one.category.number for one in contents] == [1, 2, 3, 4, 5]
    assert [one.count for one in contents] == [0, 2, 0, 0, 0]
    held = {one.type.name_zh: (one.count, one.newest) for one in contents[1].held}
    assert held["合同"] == (2, "2024-06-01")
    category = dossiers.chosen(contents, None)
    assert category is contents[1].category
    found = dossiers.papers(session, party, category, after=None, limit=9)
    assert list(found) == [early, late]
    assert list(dossiers.papers(session, party, category, after=early.id, limit=9)) == [late]


def test_what_lapses_is_told_until_it_is_long_past(session: Session) -> None:
    days = [TODAY + timedelta(days=number) for number in (-400, -1, 30)]
    papers = [paper(session, f"{day}.pdf", lapses_on=day) for day in days]
    paper(session, "never.pdf")
    party = stock.party(session)
    since = TODAY - dossiers.STILL_DUE
    assert list(dossiers.lapsing(session, party, since=since)) == papers[1:]


def test_what_is_required_and_not_there_is_missing_and_a_licence_is_checked_again_in_a_year(
    session: Session,
) -> None:
    licence = categories.plan(session)[0].types[0]
    paper(session, "contract.pdf")
    party = stock.party(session)
    before = [kind.name_zh for kind in dossiers.contents(session, party)[0].missing]
    assert before == ["营业执照", "法人委托书"]
    old, new = (paper(session, f"{n}.pdf", type=licence, dated="2015-03-01") for n in (1, 2))
    session.refresh(old)
    assert (old.lapses_on, new.lapses_on) == (None, date(2027, 3, 2))
    after = dossiers.contents(session, party)
    assert [kind.name_zh for kind in after[0].missing] == ["法人委托书"]
    # What each export order needs is not missing where there is no order.
    assert [kind.name_zh for kind in after[3].missing] == ["进出货登记表"]


def due(session: Session, whose: User | None = None, limit: int = 9) -> list[Due]:
    """All that is due, read so many at a time."""
    found: list[Due] = []
    while more := dossiers.due(
        session, today=TODAY, whose=whose, limit=limit, after=found[-1].place if found else None
    ):
        found += more
    return found


@pytest.mark.parametrize("limit", [1, 2, 9])
def test_what_is_due_comes_day_by_day_whatever_it_is(session: Session, limit: int) -> None:
    days = [TODAY + timedelta(days=number) for number in (-3, 0, 12)]
    party = stock.party(session)
    for day in reversed(days):
        paper(session, f"{day}.pdf", lapses_on=day)
        parties.add_contact(session, party, Told("张", valid_to=day), by=HOUSE, at=NOON)
        before = day - timedelta(days=3)
        parties.follow_up(session, party, "拜访", before, [3], owner=None, by=HOUSE, at=NOON)
    told = [(one.day, one.kind) for one in due(session, limit=limit)]
    assert told == [(day, kind) for day in days for kind in dossiers.DUE_KINDS]


def test_mine_is_what_i_noted_and_what_lapses_of_the_parties_i_look_after(
    session: Session, cast: Cast
) -> None:
    clerk = session.get_one(User, cast.clerk.id)
    paper(session, "mine.pdf", name="我管的公司", lapses_on=TODAY)
    paper(session, "other.pdf", name="别人的公司", lapses_on=TODAY)
    party = stock.party(session, "我管的公司")
    card = Card(party.name, keeper=clerk)
    parties.edit(session, party, card, version=1, by=HOUSE, at=NOON)
    for owner in (clerk, session.get_one(User, cast.archivist.id)):
        other = stock.party(session, "别人的公司")
        parties.follow_up(session, other, owner.name, TODAY, [3], owner=owner, by=HOUSE, at=NOON)
    told = [(one.kind, one.party and one.party.name) for one in due(session, clerk)]
    assert told == [("paper", "我管的公司"), ("reminder", "别人的公司")]
    assert len(due(session)) == 4


def test_papers_are_found_by_their_partys_new_name(furnished: Furnished) -> None:
    clerk = Visitor(furnished.app, furnished.cast.clerk)
    path = f"/parties/{furnished.places['parties']}/edit"
    assert clerk.post(path, version=1, name="岚图供应链有限公司").status == 200
    furnished.follow()
    hits = clerk.get("/search", q="岚图供应链").data["hits"]
    assert len(hits) == 1


def crowd(session: Session, party: Party, first: Document) -> None:
    """So many papers more as the dossier must bear."""
    kept = {
        column.name: getattr(first, column.key)
        for column in Document.__table__.columns
        if column.name not in ("id", "item", "position")
    }
    rows = [
        kept
        | {"title": f"第{n}份", "item": n, "position": n, "dated": "", "archival_code": f"X-{n}"}
        for n in range(2, MANY + 1)
    ]
    session.execute(insert(Document), rows)


def test_the_page_of_a_party_with_five_thousand_papers_asks_no_more_than_one_with_one(
    furnished: Furnished,
) -> None:
    number = furnished.places["parties"]
    browser = Browser(furnished.app, furnished.cast.administrator)
    program = Visitor(furnished.app, furnished.cast.administrator)

    def asked() -> list[int]:
        told = []
        for look in (browser.get, program.get):
            for path in (f"/parties/{number}", f"/parties/{number}/folders"):
                with counting(furnished.house) as questions:
                    look(path)
                told.append(len(questions))
        return told

    few = asked()
    with furnished.house.database.writing() as session:
        party = parties.by_id(session, int(number))
        first = documents.of_party(session, party, before=None, limit=1)[0]
        crowd(session, party, first)
    assert asked() == few
    reply = program.get(f"/parties/{number}")
    assert len(reply.data["documents"]) == 50
    assert sum(one["count"] for one in reply.data["categories"]) == MANY
    seen, after = 0, None
    for _ in range(3):
        reply = program.get(f"/parties/{number}", **({"after": after} if after else {}))
        seen, after = seen + len(reply.data["documents"]), reply.data["next"]
    assert seen == 150


def test_a_dossier_says_where_each_folder_is(furnished: Furnished) -> None:
    path = f"/parties/{furnished.places['parties']}"
    clerk = Browser(furnished.app, furnished.cast.clerk)
    assert "On the shelf" in clerk.get(path).text
    with furnished.house.database.writing() as session:
        party = parties.by_id(session, int(furnished.places["parties"]))
        folder = dossiers.folders(session, party, before=None, limit=1)[0]
        reader = session.get_one(User, furnished.cast.reader.id)
        circulation.check_out(
            session, folder, reader, purpose="核对", due_on=date(2999, 1, 31), today=TODAY,
            by=HOUSE, at=NOON,
        )  # fmt: skip
    page = clerk.get(path).text
    assert "with 李雷 until 2999-01-31" in page
    told = Visitor(furnished.app, furnished.cast.clerk).get(path).data["folders"][0]
    assert told["loan"]["due_on"] == "2999-01-31"


def test_a_renaming_tells_all_papers_in_rows_that_the_index_can_bear(session: Session) -> None:
    first = paper(session, "first.pdf")
    party = stock.party(session)
    crowd(session, party, first)
    dossiers.tell_papers(session, party, "party.papers_told", by=HOUSE, at=NOON, name="x")
    rows = ledger.history(session, party.subject, limit=MANY // dossiers.PAPERS_A_ROW)
    told = [one for row in rows for one in row.subjects if one.startswith("document:")]
    numbers = session.scalars(select(Document.id).where(Document.party_id == party.id)).all()
    assert sorted(told) == sorted(f"document:{number}" for number in numbers)
    assert max(len(row.subjects) for row in rows) == dossiers.PAPERS_A_ROW + 1
