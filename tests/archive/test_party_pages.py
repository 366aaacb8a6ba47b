"""The pages of parties: what is typed there, what is refused beside its field, where one is led."""

import pytest

from archive import parties
from archive.base.ledger import HOUSE
from archive.parties import Definition, OwnKind
from tests import stock
from tests.furnished import Furnished
from tests.pages import Browser
from tests.people import NOON, Visitor

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
FORMULA = "=HYPERLINK(1)"


@pytest.fixture
def clerk(furnished: Furnished) -> Visitor:
    return Visitor(furnished.app, furnished.cast.clerk)


def define(furnished: Furnished, name: str, kind: OwnKind) -> str:
    with furnished.house.database.writing() as session:
        return parties.define(session, Definition(name, kind=kind), by=HOUSE, at=NOON).key


def test_a_card_keeps_what_a_page_sends_and_shows_it(furnished: Furnished, clerk: Visitor) -> None:
    money, day = define(furnished, "保证金", OwnKind.MONEY), define(furnished, "起", OwnKind.DATE)
    browser = Browser(furnished.app, furnished.cast.clerk)
    typed = {
        "name": "上海新来有限公司", "kind": "company", "credit_limit": "１,２８６,５００",
        "source": FORMULA, "address": "南京，江宁", money: "5000", day: "2024年2月29日",
        "keeper_name": "李雷", "nature": "0", "grade": "1", "region": "0",
    }  # fmt: skip
    answer = browser.post("/parties/new", **typed)
    assert answer.status_code == 303, answer.text
    number = answer.location.rpartition("/")[2]
    told = clerk.get(f"/parties/{number}").data
    assert (told["credit_limit"], told["address"]) == ("1286500.00", "南京，江宁")
    assert (told["source"], told["grade"]["name_zh"]) == (FORMULA, "VIP")
    assert told["own"] == {money: "5000.00", day: "2024-02-29"}
    assert told["keeper"]["name"] == "李雷"
    assert "¥ 1,286,500.00" in browser.get(f"/parties/{number}").text
    again = browser.get(f"/parties/{number}/edit").text
    assert 'value="1286500.00"' in again
    assert 'value="2024-02-29"' in again
    saved = clerk.post(f"/parties/{number}/edit", version=1, note="x")
    assert (saved.status, saved.data["own"]) == (200, told["own"])


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", "客" * 300),
        ("name", ""),
        ("credit_limit", FORMULA),
        ("credit_limit", "1.005"),
        ("credit_limit", "9" * 400),
        ("kind", "tree"),
        ("grade", 999),
        ("keeper_name", "没有这个人"),
        ("note", "注" * 2001),
        ("day", "2024年2月30日"),
    ],
)
def test_what_cannot_be_is_refused_beside_its_field_and_nothing_is_saved(
    furnished: Furnished, clerk: Visitor, field: str, value: object
) -> None:
    name = define(furnished, "起", OwnKind.DATE) if field == "day" else field
    reply = clerk.post("/parties/new", **({"name": "上海新来有限公司"} | {name: value}))
    assert (reply.status, list(reply.data["fields"])) == (422, [name])
    assert clerk.get("/parties", q="新来").data["parties"] == []


def test_a_page_that_is_too_old_is_refused_with_what_was_typed_still_in_it(
    furnished: Furnished, clerk: Visitor
) -> None:
    path = f"/parties/{furnished.places['parties']}/edit"
    assert clerk.post(path, version=1, source="展会").status == 200
    assert clerk.post(path, version=1, source="推荐").status == 409
    assert clerk.post(path, source="推荐").status == 422
    page = Browser(furnished.app, furnished.cast.clerk).post(
        path, version="1", name=stock.HENGYUE, kind="company", source="推荐",
        nature="0", grade="0", region="0",
    )  # fmt: skip
    assert page.status_code == 409
    assert 'value="推荐"' in page.text
    assert "Someone saved this card" in page.text


def test_a_merged_cards_number_leads_to_the_remaining_one(furnished: Furnished) -> None:
    with furnished.house.database.writing() as session:
        other = stock.party(session, "江苏恒岳精密机械股份有限公司").id
    kept = furnished.places["parties"]
    keeper = Visitor(furnished.app, furnished.cast.archivist)
    groups = keeper.get("/parties/duplicates").data["same_name"]
    assert [one["id"] for one in groups[0]["parties"]] == [kept, other]
    path = f"/parties/{kept}/merge"
    assert keeper.post(path, version=1, other_version=1).status == 422
    assert keeper.post(path, other=kept, version=1, other_version=1).status == 409
    merged = keeper.post(path, other=other, version=1, other_version=1, name="other")
    assert merged.data["name"] == "江苏恒岳精密机械股份有限公司"
    browser = Browser(furnished.app, furnished.cast.reader)
    answer = browser.get(f"/parties/{other}")
    assert (answer.status_code, answer.location) == (303, f"/parties/{kept}")
    assert keeper.get(f"/parties/{other}").data["id"] == kept
    assert "江苏恒岳精密机械股份有限公司" in browser.get(f"/parties/{kept}/merged").text


def test_who_may_not_write_cards_sees_whom_to_ask_for_and_no_more(furnished: Furnished) -> None:
    path = f"/parties/{furnished.places['parties']}"
    reader = Visitor(furnished.app, furnished.cast.reader)
    told = reader.get(path).data
    assert told["contacts"] == [{"id": 1, "name": "张伟", "post": "采购经理"}]
    assert not {"credit_limit", "note", "own"} & set(told)
    page = Browser(furnished.app, furnished.cast.reader).get(path).text
    assert "张伟" in page
    assert "021-5555 0100" not in page
    assert "021-5555 0100" in Browser(furnished.app, furnished.cast.clerk).get(path).text
