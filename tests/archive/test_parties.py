"""Parties: one card for one name, found by what people type."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from archive import parties
from archive.base.db import Database
from archive.base.errors import Invalid
from archive.base.ledger import HOUSE
from archive.parties import Party, PartyKnown
from tests.people import NOON

HENGYUE = "江苏恒岳精密机械有限公司"
CODE = "91310115MA1K3YJ12C"


def card(session: Session, name: str, credit_code: str = "") -> Party:
    return parties.create(session, name, credit_code=credit_code, by=HOUSE, at=NOON)


@pytest.mark.parametrize(
    "again",
    [
        "江苏恒岳（南京）机械有限公司",
        "江苏恒岳(南京)机械有限公司",
        " 江苏 恒岳 (南京) 机械有限公司 ",
        "江苏恒岳【南京】机械有限公司",
        "江苏恒岳\u3000（南京）\t机械有限公司",
    ],
)
def test_a_company_has_one_card_however_its_name_is_spaced(session: Session, again: str) -> None:
    first = card(session, "江苏恒岳（南京）机械有限公司")
    with pytest.raises(PartyKnown, match=str(first.number)):
        card(session, again)
    assert parties.recognise(session, name=again) == first


def test_width_and_case_make_no_other_company(session: Session) -> None:
    first = card(session, "ABC Trading Co., Ltd.")
    for again in (
        "ａｂｃ　ｔｒａｄｉｎｇ　ｃｏ．，ｌｔｄ．",
        "abc trading co ltd",
        "ABC-Trading Co.,Ltd",
    ):
        assert parties.recognise(session, name=again) == first


def test_another_company_gets_the_next_number(session: Session) -> None:
    assert [card(session, name).number for name in (HENGYUE, "上海远东", "宁波港")] == [1, 2, 3]


def test_of_many_who_make_one_card_at_once_one_does_and_no_number_is_lost(
    database: Database, session: Session
) -> None:
    session.commit()

    def make(number: int) -> bool:
        try:
            with database.writing() as own:
                card(own, HENGYUE if number % 2 else f"公司{number}")
        except PartyKnown:
            return False
        return True

    with ThreadPoolExecutor(8) as crowd:
        made = sum(crowd.map(make, range(24)))
    assert made == 13
    numbers = session.scalars(select(Party.number).order_by(Party.number)).all()
    assert list(numbers) == list(range(1, 14))


@pytest.mark.parametrize("name", ["", "   ", "\u3000", "\0"])
def test_a_card_needs_a_name(session: Session, name: str) -> None:
    with pytest.raises(Invalid):
        card(session, name)


def test_a_name_of_signs_alone_is_a_name(session: Session) -> None:
    made = card(session, "???")
    assert parties.recognise(session, name="???") == made
    assert card(session, "!!!") != made


@pytest.mark.parametrize(
    "typed", ["恒岳", "jshy", "JSHY", "jshyjmjx", "精密 机械", CODE[:6], "９１３１"]
)
def test_a_card_is_found_by_part_of_its_name_its_initials_or_its_code(
    session: Session, typed: str
) -> None:
    made = card(session, HENGYUE, CODE)
    card(session, "上海远东国际贸易有限公司")
    assert parties.typed(session, typed) == [made]


@pytest.mark.parametrize("typed", ["%", "_", "\\", "x" * 300, "'; --", "恒%精"])
def test_what_is_typed_is_no_pattern(session: Session, typed: str) -> None:
    card(session, HENGYUE, CODE)
    assert parties.typed(session, typed) == []


def test_of_two_cards_with_one_code_the_first_is_recognised(session: Session) -> None:
    first = card(session, "甲公司", CODE)
    card(session, "乙公司", CODE)
    first.name = "甲甲公司"  # A row that was changed need not be the first that is found.
    session.flush()
    assert parties.recognise(session, credit_code=CODE) == first


def test_a_paper_is_recognised_by_its_code_before_its_name(session: Session) -> None:
    made, other = card(session, HENGYUE, CODE), card(session, "上海远东国际贸易有限公司")
    assert parties.recognise(session, name="上海远东国际贸易有限公司", credit_code=CODE) == made
    assert parties.recognise(session, name="上海远东国际贸易有限公司") == other
    assert parties.recognise(session, credit_code=" 9131 0115 MA1K3YJ12C ".lower()) == made
    assert parties.recognise(session) is None


def test_a_credit_code_that_fails_its_check_is_doubtful_but_kept(session: Session) -> None:
    wrong = CODE[:-1] + ("D" if CODE[-1] != "D" else "E")
    made = card(session, HENGYUE, wrong)
    assert made.credit_code == wrong
    assert parties.is_doubtful(wrong)
    assert not parties.is_doubtful("")
    assert not parties.is_doubtful("91350100M000100Y43")


@pytest.mark.parametrize(
    "code", ["x", "九一三五", "9" * 40, "\0", "９１３５０１００Ｍ０００１００Ｙ４３"]
)
def test_no_credit_code_breaks_the_check(session: Session, code: str) -> None:
    assert parties.is_doubtful(code) in (True, False)
    assert len(card(session, HENGYUE, code).credit_code) <= 18


def test_the_cards_are_paged_in_the_order_of_their_initials(session: Session) -> None:
    names = ["张三", "安东", "北方", "百度", "AAA", "赵四", "中原"]
    made = {card(session, name).name for name in names}
    seen: list[Party] = []
    while more := parties.listed(session, "", after=seen[-1].id if seen else None, limit=2):
        seen += more
    assert {party.name for party in seen} == made
    assert len(seen) == len(made)
    assert [party.initials for party in seen] == sorted(party.initials for party in seen)


def test_a_very_long_name_is_cut_and_found_again(session: Session) -> None:
    made = card(session, "龘" * 500)
    assert len(made.name) == 200
    assert parties.recognise(session, name="龘" * 500) == made
