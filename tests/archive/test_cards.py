"""Cards: what stands on them, whom one turns to, what is followed up, what the company defines."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import event, func, select
from sqlalchemy.orm import Session

from archive import parties
from archive.base import ledger, typed
from archive.base.errors import Invalid, Refusal
from archive.base.ledger import HOUSE
from archive.parties import Card, Definition, OwnKind, Party, Sought, Told
from tests import stock
from tests.people import NOON, Cast

CARD = Card("江苏恒岳精密机械有限公司", short_name="恒岳", credit_limit=Decimal("1286500.00"))


@pytest.fixture
def party(session: Session) -> Party:
    return parties.make(session, CARD, by=HOUSE, at=NOON)


def edit(session: Session, party: Party, card: Card, version: int | None = None) -> None:
    seen = party.version if version is None else version
    parties.edit(session, party, card, version=seen, by=HOUSE, at=NOON)


def rows(session: Session, party: Party) -> list[ledger.LedgerRow]:
    return list(ledger.history(session, party.subject))


def test_a_card_is_changed_and_the_ledger_has_each_field_before_and_after(
    session: Session, party: Party
) -> None:
    edit(session, party, replace(CARD, address="南京市", credit_limit=Decimal("0.50")))
    row = rows(session, party)[0]
    assert row.action == "party.changed"
    assert row.data["changes"] == [
        {"field": "address", "before": "", "after": "南京市"},
        {"field": "credit_limit", "before": "1286500.00", "after": "0.50"},
    ]
    session.expire_all()
    assert (party.address, party.credit_limit, party.version) == ("南京市", Decimal("0.50"), 2)


def test_a_card_that_somebody_saved_meanwhile_is_not_saved_over(
    session: Session, party: Party
) -> None:
    edit(session, party, replace(CARD, source="展会"))
    with pytest.raises(parties.CardChanged):
        edit(session, party, replace(CARD, source="推荐"), version=1)
    assert (party.source, party.version, len(rows(session, party))) == ("展会", 2, 2)


def test_a_card_cannot_take_the_name_of_another(session: Session, party: Party) -> None:
    other = stock.party(session, "上海远东国际贸易有限公司")
    with pytest.raises(parties.PartyKnown, match=str(party.number)):
        edit(session, other, Card("江苏恒岳 精密机械有限公司"))
    edit(session, party, replace(CARD, name="江苏恒岳精密机械 有限公司"))
    assert party.name == "江苏恒岳精密机械 有限公司"


def test_papers_with_a_former_name_are_still_recognised(session: Session, party: Party) -> None:
    edit(session, party, replace(CARD, name="江苏恒岳智能装备有限公司"))
    assert parties.recognise(session, name=CARD.name) is party
    assert [one.name for one in parties.former_names(session, party)] == [CARD.name]
    newcomer = stock.party(session, "另一家公司")
    edit(session, newcomer, Card("江苏恒岳精密机械有限公司"))
    # Whoever has the name now counts more than who had it.
    assert parties.recognise(session, name=CARD.name) is newcomer


@pytest.mark.parametrize(
    ("told", "kept"),
    [("１２８６５００．５", "1286500.50"), ("¥ 1,000", "1000.00"), ("", None), ("0", "0.00")],
)
def test_money_is_read_as_people_write_it(told: str, kept: str | None) -> None:
    assert typed.money(told) == (None if kept is None else Decimal(kept))


@pytest.mark.parametrize("told", ["=1+1", "1.005", "-5", "12万", "1e9", "9" * 18, "٣"])
def test_what_is_no_sum_of_money_is_refused(told: str) -> None:
    with pytest.raises(typed.NotMoney):
        typed.money(told)


@pytest.mark.parametrize(
    "told", ["2024年2月30日", "2024-13-01", "2024-05", "2024", "=TODAY()", "x"]
)
def test_what_is_no_day_is_refused(told: str) -> None:
    with pytest.raises(typed.NotADay):
        typed.day(told)


@pytest.mark.parametrize(
    "told", ["2024年2月29日", "２０２４－０２－２９", "2024/2/29", "2024.2.29"]
)
def test_a_day_is_read_as_people_write_it(told: str) -> None:
    assert typed.day(told) == date(2024, 2, 29)


ORDERED = {
    "pinyin": ["安东", "西安", "先锋", "张三", "张四"],
    "strokes": ["王二", "方五", "叶七", "李一", "黎明"],
}


@pytest.mark.parametrize("order", ORDERED)
def test_cards_are_listed_by_pinyin_and_by_strokes(session: Session, order: str) -> None:
    for name in reversed(ORDERED[order]):
        stock.party(session, name)
    listed = parties.listed(session, Sought(order=order), after=None, limit=50)
    found = [one.name for one in listed]
    if order == "pinyin":
        assert found == ORDERED[order]
    else:
        # 方 and 王 have four strokes each: which is first, the characters say.
        assert set(found[:2]) == set(ORDERED[order][:2])
        assert found[2:] == ORDERED[order][2:]


@pytest.mark.parametrize("order", parties.ORDERS)
def test_every_order_is_paged_to_its_end_from_an_index(session: Session, order: str) -> None:
    made = [stock.party(session, f"{name}{n}").id for n in range(4) for name in ("王", "李", "赵")]
    asked: list[tuple[str, Any]] = []
    connection = session.connection()
    event.listen(connection, "before_cursor_execute", lambda *told: asked.append(told[2:4]))
    seen: list[Party] = []
    while more := parties.listed(
        session, Sought(order=order), after=seen[-1].id if seen else None, limit=5
    ):
        seen += more
    assert len({one.id for one in seen}) == len(seen) == len(made)
    if order == "date":
        assert [one.id for one in seen] == sorted(made, reverse=True)
    if connection.dialect.name == "sqlite":
        listing = next(one for one in asked if "LIMIT" in one[0])
        plan = str(connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {listing[0]}", listing[1]).all())
        assert "INDEX" in plan
        assert "TEMP B-TREE" not in plan


def test_cards_are_narrowed_by_grade_nature_and_region(session: Session) -> None:
    parties.furnish(session)
    lists = parties.terms(session)
    assert [one.name_zh for one in lists["grade"]] == ["VIP", "A", "B", "C"]
    vip, east = lists["grade"][0].id, lists["region"][2].id
    first = parties.make(session, Card("甲", grade=vip, region=east), by=HOUSE, at=NOON)
    second = parties.make(session, Card("乙", grade=vip), by=HOUSE, at=NOON)
    stock.party(session, "丙")

    def found(**told: Any) -> list[Party]:
        return parties.listed(session, Sought(**told), after=None, limit=9)

    assert found(grade=vip) == [first, second]
    assert found(grade=vip, region=east) == [first]
    assert found(nature=lists["nature"][0].id) == []


def test_a_retired_grade_stays_on_its_cards_and_goes_to_no_other(session: Session) -> None:
    term = parties.add_term(session, "grade", "重要", "", by=HOUSE, at=NOON)
    holder = parties.make(session, Card("甲", grade=term.id), by=HOUSE, at=NOON)
    told = {"name_zh": "重要", "name_en": "", "position": 1, "retired": True}
    parties.edit_term(session, term, told, by=HOUSE, at=NOON)
    edit(session, holder, Card("甲", grade=term.id, note="还是重要"))
    with pytest.raises(parties.TermRetired, match="重要"):
        parties.make(session, Card("乙", grade=term.id), by=HOUSE, at=NOON)
    assert parties.terms(session)["grade"] == []


@pytest.mark.parametrize("name", ["", "  ", "重要", " 重要 "])
def test_a_list_has_each_entry_once_and_none_without_a_name(session: Session, name: str) -> None:
    parties.add_term(session, "grade", "重要", "Important", by=HOUSE, at=NOON)
    with pytest.raises(Refusal):
        parties.add_term(session, "grade", name, "", by=HOUSE, at=NOON)


def test_no_list_is_longer_than_a_page_offers(session: Session) -> None:
    for number in range(parties.MOST_TERMS):
        parties.add_term(session, "region", f"区{number}", "", by=HOUSE, at=NOON)
    with pytest.raises(parties.ListFull):
        parties.add_term(session, "region", "再一区", "", by=HOUSE, at=NOON)
    assert parties.MOST_TERMS < 200


OWN = {
    OwnKind.TEXT: ("=cmd|'/c calc'!A1", "=cmd|'/c calc'!A1"),
    OwnKind.NUMBER: ("１，２３４．５", "1234.5"),
    OwnKind.DATE: ("2024年2月29日", "2024-02-29"),
    OwnKind.CHOICE: ("纺织", "纺织"),
    OwnKind.MONEY: ("¥1,000", "1000.00"),
}


@pytest.mark.parametrize("kind", OWN)
def test_an_own_field_keeps_what_its_kind_says(
    session: Session, party: Party, kind: OwnKind
) -> None:
    given, kept = OWN[kind]
    told = Definition("行业", kind=kind, options=["机械", "纺织"])
    own = parties.define(session, told, by=HOUSE, at=NOON)
    edit(session, party, replace(CARD, own={own.id: given}))
    assert parties.own_values(session, party) == {own.id: kept}
    change = rows(session, party)[0].data["changes"]
    assert change == [{"field": own.key, "called": "行业", "before": "", "after": kept}]
    if kind != OwnKind.TEXT:
        with pytest.raises(Invalid):
            edit(session, party, replace(CARD, own={own.id: "2024年2月30日"}))


def test_a_required_own_field_is_asked_for_until_it_is_retired(
    session: Session, party: Party
) -> None:
    told = Definition("行业", is_required=True)
    own = parties.define(session, told, by=HOUSE, at=NOON)
    with pytest.raises(parties.OwnFieldEmpty, match="行业"):
        edit(session, party, replace(CARD, own={own.id: " "}))
    edit(session, party, replace(CARD, own={own.id: "机械"}))
    parties.redefine(session, own, told, retired=True, by=HOUSE, at=NOON)
    edit(session, party, replace(CARD, own={own.id: ""}, note="x"))
    assert parties.own_values(session, party) == {own.id: "机械"}


def test_a_choice_that_was_taken_away_stays_on_the_cards_that_have_it(
    session: Session, party: Party
) -> None:
    told = Definition("行业", kind=OwnKind.CHOICE, options=["机械", "纺织"])
    own = parties.define(session, told, by=HOUSE, at=NOON)
    edit(session, party, replace(CARD, own={own.id: "纺织"}))
    fewer = replace(told, options=["机械", "化工"])
    parties.redefine(session, own, fewer, retired=False, by=HOUSE, at=NOON)
    edit(session, party, replace(CARD, own={own.id: "纺织"}, note="x"))
    assert parties.own_values(session, party) == {own.id: "纺织"}
    with pytest.raises(parties.NotAnOption):
        parties.make(session, Card("乙", own={own.id: "纺织"}), by=HOUSE, at=NOON)


@pytest.mark.parametrize("options", [[], ["一"], ["一", "一 "], [str(n) for n in range(201)]])
def test_a_choice_has_at_least_two_and_no_endless_options(
    session: Session, options: list[str]
) -> None:
    with pytest.raises(Invalid):
        parties.define(
            session, Definition("x", kind=OwnKind.CHOICE, options=options), by=HOUSE, at=NOON
        )


def test_a_contact_is_changed_and_ends_but_is_never_gone(session: Session, party: Party) -> None:
    told = Told("张伟", "采购经理", phone="０２１－５５５５", email="zhang@hengyue.cn")
    held = parties.add_contact(session, party, told, by=HOUSE, at=NOON)
    assert held.phone == "021-5555"
    gone = replace(told, valid_to=date(2026, 3, 1))
    parties.edit_contact(session, party, held, gone, version=1, by=HOUSE, at=NOON)
    assert not held.is_there(date(2026, 3, 2))
    assert held.is_there(date(2026, 3, 1))
    assert rows(session, party)[0].data["changes"][0]["after"] == "2026-03-01"
    with pytest.raises(parties.CardChanged):
        parties.edit_contact(session, party, held, told, version=1, by=HOUSE, at=NOON)


@pytest.mark.parametrize(
    "told",
    [
        Told(" "),
        Told("张", email="zhang"),
        Told("张", email="a@b"),
        Told("张", valid_from=date(2026, 2, 1), valid_to=date(2026, 1, 31)),
    ],
)
def test_a_contact_that_cannot_be_is_refused(session: Session, party: Party, told: Told) -> None:
    with pytest.raises(Invalid):
        parties.add_contact(session, party, told, by=HOUSE, at=NOON)
    assert parties.contacts(session, party) == []


def test_an_event_reminds_its_owner_so_many_days_after_it(
    session: Session, party: Party, cast: Cast
) -> None:
    clerk = cast.clerk
    noted = parties.follow_up(
        session, party, "签约", date(2026, 2, 20), [60, 3, 15, 3], owner=clerk, by=HOUSE, at=NOON
    )
    days = [one.due_on for one in noted.reminders]
    assert days == [date(2026, 2, 23), date(2026, 3, 7), date(2026, 4, 21)]
    due = parties.due(session, owner=clerk, after=None, limit=2)
    assert [one.due_on for one in due] == days[:2]
    place = (due[-1].due_on, due[-1].id)
    assert [one.due_on for one in parties.due(session, owner=clerk, after=place, limit=9)] == days[
        2:
    ]
    assert parties.due(session, owner=cast.archivist, after=None, limit=9) == []
    parties.settle(session, party, due[0], "已回访", by=clerk.actor, at=NOON)
    with pytest.raises(parties.DoneAlready):
        parties.settle(session, party, due[0], "", by=clerk.actor, at=NOON)
    left = parties.due(session, owner=None, after=None, limit=9)
    assert [one.due_on for one in left] == days[1:]


def test_a_card_is_not_made_when_one_of_its_fields_cannot_be(session: Session) -> None:
    with pytest.raises(parties.NoSuchTerm):
        parties.make(session, Card("甲", grade=999), by=HOUSE, at=NOON)
    session.rollback()
    assert session.scalar(select(func.count(Party.id))) == 0
