"""The filing plan is edited: added to, put in order, retired; the used stays, the unused goes."""

import pytest
from sqlalchemy.orm import Session

from archive import categories, documents, volumes
from archive.base import ledger
from archive.base.ledger import HOUSE
from archive.categories import DocumentType, Fonds, PlanChanged, Told, removing
from archive.documents import Filing
from tests import stock
from tests.counting import counting
from tests.furnished import Furnished
from tests.pages import Browser
from tests.people import NOON, Visitor


def change(session: Session, kind: DocumentType, *, retired: bool = False, **told: object) -> None:
    """Save a type as it is seen now, but for what is told."""
    said = {name: getattr(kind, name) for name in Told.__dataclass_fields__} | told
    categories.edit_type(
        session, kind, Told(**said), retired=retired, version=kind.version, by=HOUSE, at=NOON
    )


def types(session: Session, number: int = 1) -> list[DocumentType]:
    group = categories.plan(session)[number - 1]
    session.refresh(group, ["types"])
    return group.types


def test_the_default_plan_lets_originals_only_be_looked_at(session: Session) -> None:
    assert {kind.original_stays for group in categories.plan(session) for kind in group.types} == {
        True
    }


def test_a_type_is_moved_and_the_others_make_room(session: Session) -> None:
    names = [kind.name_zh for kind in types(session)]
    last, neighbour = types(session)[-1], types(session)[1]
    seen = neighbour.version
    change(session, last, position=2)
    moved = types(session)
    assert [kind.name_zh for kind in moved] == [names[0], names[3], names[1], names[2]]
    assert [kind.position for kind in moved] == [1, 2, 3, 4]
    # Whoever saw the neighbour at its old place would move it back: they are told instead.
    with pytest.raises(PlanChanged):
        categories.edit_type(
            session, neighbour, Told(name_zh="税务登记证", position=2), retired=False,
            version=seen, by=HOUSE, at=NOON,
        )  # fmt: skip


def test_a_change_stands_in_the_ledger_before_and_after(session: Session) -> None:
    licence = types(session)[0]
    change(session, licence, retention="D30", validity_months=None)
    [row] = ledger.history(session, licence.subject)
    assert row.action == "document_type.changed"
    assert row.data["changes"] == [
        {"field": "retention", "before": "D10", "after": "D30"},
        {"field": "validity_months", "before": "12", "after": ""},
    ]
    change(session, licence)
    assert len(ledger.history(session, licence.subject)) == 1


def test_no_paper_is_filed_as_a_retired_type(session: Session) -> None:
    licence = types(session)[0]
    change(session, licence, retired=True)
    document = stock.read(session, "licence.pdf", "营业执照")
    party = stock.party(session, "华东公司")
    filing = Filing(type=licence, title="营业执照", party=party, year=2026, retention="D10")
    with pytest.raises(categories.Retired, match="营业执照"):
        documents.file(session, document, filing, by=HOUSE, at=NOON)
    assert document.volume is None
    assert categories.suggest_type(session, "licence") is None
    assert licence not in categories.offered(session)[0].offered
    change(session, licence, retired=False)
    assert documents.file(session, document, filing, by=HOUSE, at=NOON).volume


def test_no_volume_is_opened_in_a_retired_category(session: Session) -> None:
    group = categories.plan(session)[4]
    categories.edit_category(
        session, group, group.name_zh, group.name_en, retired=True, version=1, by=HOUSE, at=NOON
    )
    assert group not in categories.offered(session)
    party = stock.party(session, "华东公司")
    with pytest.raises(categories.Retired):
        volumes.open_by_hand(session, group, party, 2026, "D10", by=HOUSE, at=NOON)


def test_what_is_used_is_not_removed_and_what_is_not_is(session: Session) -> None:
    filed = stock.file(session, stock.read(session, "a.pdf", "合同"))
    assert filed.type
    with pytest.raises(removing.InUse):
        removing.remove_type(session, filed.type, by=HOUSE, at=NOON)
    with pytest.raises(removing.InUse):
        removing.remove_category(session, filed.type.category, by=HOUSE, at=NOON)
    fonds = session.get_one(Fonds, 1)
    made = categories.add_category(session, fonds, 6, "人事", by=HOUSE, at=NOON)
    kind = categories.add_type(session, made, Told(name_zh="合影"), by=HOUSE, at=NOON)
    with pytest.raises(removing.HasTypes):
        removing.remove_category(session, made, by=HOUSE, at=NOON)
    removing.remove_type(session, kind, by=HOUSE, at=NOON)
    session.flush()
    session.refresh(made)
    removing.remove_category(session, made, by=HOUSE, at=NOON)
    assert [group.number for group in categories.plan(session)] == [1, 2, 3, 4, 5]


def test_the_plan_offers_no_more_types_than_one_list_shows(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    there = sum(len(group.types) for group in categories.plan(session))
    monkeypatch.setattr("archive.categories.editing.MOST_TYPES", there)
    first = types(session)[0]
    with pytest.raises(categories.PlanFull):
        categories.add_type(session, first.category, Told(name_zh="护照"), by=HOUSE, at=NOON)
    session.rollback()
    change(session, types(session)[1], retired=True)
    categories.add_type(session, first.category, Told(name_zh="护照"), by=HOUSE, at=NOON)
    with pytest.raises(categories.PlanFull):
        change(session, types(session)[1], retired=False)


def test_two_who_edit_at_once_lose_nothing(furnished: Furnished) -> None:
    keeper = Visitor(furnished.app, furnished.cast.archivist)
    told = keeper.get("/filing-plan").data["fonds"][0]["categories"][0]["types"][0]
    address = f"/filing-plan/types/{told['id']}"
    said = keeper.post(address, version=told["version"], name_en="Licence")
    assert (said.status, said.data["name_en"]) == (200, "Licence")
    assert said.data["validity_months"] == 12  # what a program leaves out stays
    assert said.data["is_required"]
    late = keeper.post(address, version=told["version"], name_en="Permit")
    assert late.status == 409
    assert "changed this part of the filing plan" in late.data["error"]


@pytest.mark.parametrize(
    ("told", "field"),
    [
        ({"name_zh": "名" * 300}, "name_zh"),
        ({"name_zh": "护照", "position": -1}, "position"),
        ({"name_zh": "护照", "validity_months": 0}, "validity_months"),
        ({"name_zh": "护照", "retention": "D99"}, "retention"),
        ({"name_zh": ""}, "name_zh"),
    ],
)
def test_a_wrong_value_is_said_beside_its_field(
    furnished: Furnished, told: dict[str, object], field: str
) -> None:
    keeper = Visitor(furnished.app, furnished.cast.archivist)
    refused = keeper.post("/filing-plan/categories/1/types/new", **told)
    assert refused.status == 422
    assert list(refused.data["fields"]) == [field]


def test_a_number_is_given_once_and_widths_are_made_even(furnished: Furnished) -> None:
    keeper = Visitor(furnished.app, furnished.cast.archivist)
    address = "/filing-plan/fonds/1/categories/new"
    assert keeper.post(address, number=2, name_zh="另一类").status == 409
    made = keeper.post(address, number="６", name_zh="=cmd|'/c calc'!A1")
    assert (made.status, made.data["number"]) == (201, 6)
    assert made.data["name_zh"] == "=cmd|'/c calc'!A1"
    again = f"/filing-plan/categories/{made.data['id']}/types/new"
    assert keeper.post(again, name_zh="ＡＢ").data["name_zh"] == "AB"
    assert keeper.post(again, name_zh="ab").status == 409


def test_only_who_keeps_the_archive_edits_the_plan(furnished: Furnished) -> None:
    for person in (furnished.cast.reader, furnished.cast.clerk):
        asked = Visitor(furnished.app, person)
        assert asked.get("/filing-plan").status == 200
        assert asked.post("/filing-plan/types/1/remove").status == 403
        assert asked.post("/filing-plan/categories/1/types/new", name_zh="护照").status == 403


def test_the_plan_is_edited_in_the_browser(furnished: Furnished) -> None:
    browser = Browser(furnished.app, furnished.cast.archivist)
    answer = browser.post(
        "/filing-plan/categories/1/types/new", name_zh="护照", name_en="Passport", position="1",
        kind="identity", retention="D10", secrecy="internal",
    )  # fmt: skip
    assert answer.status_code == 303
    page = browser.get("/filing-plan").text
    assert page.index("Passport") < page.index("Business licence")
    assert "may leave" in page
    used = browser.post("/filing-plan/categories/1/remove")
    assert used.status_code == 409
    assert "Remove those first" in used.text or "Retire it instead" in used.text


def test_the_plan_asks_as_many_questions_however_long_it_is(furnished: Furnished) -> None:
    keeper = Visitor(furnished.app, furnished.cast.archivist)
    with counting(furnished.house) as few:
        keeper.get("/filing-plan")
    with furnished.house.database.writing() as session:
        for number in range(6, 16):
            fonds = session.get_one(Fonds, 1)
            group = categories.add_category(
                session, fonds, number, f"类{number}", by=HOUSE, at=NOON
            )
            categories.add_type(session, group, Told(name_zh="文"), by=HOUSE, at=NOON)
    with counting(furnished.house) as many:
        keeper.get("/filing-plan")
    assert len(many) == len(few)
