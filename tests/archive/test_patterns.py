"""Archival codes by a pattern: which can be used, what they write, and that what is out stays."""

import re
from typing import Any

import pytest
from sqlalchemy.orm import Session

from archive import categories, parties, volumes
from archive.base import ledger
from archive.base.errors import Invalid
from archive.base.ledger import HOUSE
from archive.categories import Fonds
from archive.volumes import numbering, patterns
from archive.volumes.patterns import DA_T_13, DA_T_22
from tests import stock
from tests.furnished import Furnished
from tests.pages import Browser
from tests.people import NOON, Visitor

# The shapes by practice.md §1, of the volume by DA/T 13-2022 and of the item by DA/T 22-2015.
SHAPES = {
    DA_T_13: r"[A-Z]\d{3}-(?:[A-Z]{2}(?:·[0-9A-Z]{1,8}|·[一-龥]{1,10})*|\d{3})-\d{3,5}",
    DA_T_22: r"[0-9A-Z]{4}-[A-Z]{2}·(?:19|20)\d\d-(?:Y|D30|D10)-(?:[0-9A-Z]{3}-)?\d{4}",
}


@pytest.mark.parametrize("pattern", SHAPES)
@pytest.mark.parametrize(("retention", "number"), [("Y", 1), ("D30", 12), ("D10", 9999)])
def test_the_standards_patterns_write_codes_of_the_standards_shape(
    pattern: str, retention: str, number: int
) -> None:
    code = patterns.parse(pattern).spell("Q001", 2, 2024, retention, number)
    assert re.fullmatch(SHAPES[pattern], code), code
    assert "2024" in code
    assert code.endswith(f"-{number:04}")


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("{fonds}-KH{category}·{year}·{retention}-{number:4}", "Q001-KH2·2024·D10-0012"),
        ("KH{category}/{year}/{retention}/{number}", "KH2/2024/D10/12"),
        ("客户{category}-{year}-{retention}-{number:3}号", "客户2-2024-D10-012号"),
        ("ＫＨ{category}－{year}.{retention}（{number:2}）", "KH2-2024.D10(12)"),
        (" KH{category:2}-{year}-{retention}-{number} ", "KH02-2024-D10-12"),
    ],
)
def test_a_companys_own_pattern_is_written_as_it_stands(typed: str, code: str) -> None:
    assert patterns.parse(typed).spell("Q001", 2, 2024, "D10", 12) == code


REST = "{category}-{year}-{retention}-{number}"


@pytest.mark.parametrize(
    ("typed", "refusal"),
    [
        ("", patterns.PartMissing),
        ("KH-{year}-{retention}-{number}", patterns.PartMissing),
        ("{category}-{retention}-{number}", patterns.PartMissing),
        ("{category}-{year}-{number}", patterns.PartMissing),
        ("{category}-{year}-{retention}", patterns.PartMissing),
        (f"{REST}-{{year}}", patterns.PartTwice),
        ("{category}{year}-{retention}-{number}", patterns.PartsTouch),
        ("{category}-{year}-{retention}-9{number}", patterns.PartsTouch),
        (f"{REST}7", patterns.PartsTouch),
        (f"{REST}-{{0.__class__}}", patterns.NotACodePattern),
        (f"{REST}-{{fonds.name}}", patterns.NotACodePattern),
        (f"{REST}-{{house}}", patterns.NotACodePattern),
        (f"{{{{{REST}}}}}", patterns.NotACodePattern),
        (f"{REST}-%s", patterns.NotACodePattern),
        (f"{REST}-kh", patterns.NotACodePattern),
        (f"{REST}\n-A", patterns.NotACodePattern),
        (f"{REST}-{{number:99}}", patterns.NotACodePattern),
        (f"={REST}", patterns.NotACodePattern),
        ("X" * 10_000, patterns.PatternTooLong),
        (f"{'长' * 70}{REST}", patterns.PatternTooLong),
    ],
)
def test_a_pattern_that_would_give_a_code_twice_or_says_nonsense_is_refused(
    typed: str, refusal: type[Invalid]
) -> None:
    with pytest.raises(refusal):
        patterns.parse(typed)


def test_whatever_can_be_chosen_gives_different_volumes_different_codes() -> None:
    for typed in (DA_T_13, DA_T_22, "A{number}-{category}B{retention}/{year}"):
        pattern = patterns.parse(typed)
        told = [
            (category, year, retention, number)
            for category in (1, 2, 11, 12, 21)
            for year in (2024, 2025)
            for retention in ("Y", "D10", "D30")
            for number in (1, 2, 11, 12, 111, 1112)
        ]
        assert len({pattern.spell("Q001", *one) for one in told}) == len(told)


def opened(session: Session, name: str) -> volumes.Volume:
    told = stock.filing(session, name)
    return volumes.taking(session, told.type.category, told.party, 2026, "D10", by=HOUSE, at=NOON)


def fonds(session: Session) -> Fonds:
    return categories.every_fonds(session)[0]


def test_another_pattern_counts_for_new_volumes_and_numbers_run_on(session: Session) -> None:
    first = opened(session, "甲公司")
    own = "KH{category}-{year}-{retention}-{number:3}"
    patterns.choose(session, fonds(session), own, seen=DA_T_13, by=HOUSE, at=NOON)
    second = opened(session, "乙公司")
    assert first.code.endswith("·2026·D10-0001")
    assert second.code == f"KH{second.category.number}-2026-D10-002"
    row = ledger.history(session, fonds(session).subject, limit=1)[0]
    assert (row.action, row.data["before"]) == ("fonds.pattern_chosen", DA_T_13)
    assert row.data["after"] == own


def test_whoever_chooses_after_another_is_told(session: Session) -> None:
    patterns.choose(session, fonds(session), DA_T_22, seen=DA_T_13, by=HOUSE, at=NOON)
    with pytest.raises(patterns.PatternChanged):
        patterns.choose(session, fonds(session), DA_T_13, seen=DA_T_13, by=HOUSE, at=NOON)


def test_a_code_that_an_older_pattern_gave_is_not_given_again(session: Session) -> None:
    own = "A{category}-{year}-{retention}-{number}"
    first = opened(session, "甲公司")
    first.code = f"A{first.category.number}-2026-D10-2"
    patterns.choose(session, fonds(session), own, seen=DA_T_13, by=HOUSE, at=NOON)
    with pytest.raises(numbering.CodeTaken):
        opened(session, "乙公司")


def test_the_preview_tells_what_the_next_volumes_are_called(session: Session) -> None:
    known, category = opened(session, "甲公司"), stock.filing(session).type.category
    pattern = patterns.parse(DA_T_13)
    told = patterns.next_codes(session, [category], pattern, 2026, "D10")
    assert told == [(category, known.code.replace("-0001", "-0002"))]
    parties.create(session, "乙公司", by=HOUSE, at=NOON)
    assert opened(session, "乙公司").code == told[0][1]


def keeper(furnished: Furnished) -> Visitor:
    return Visitor(furnished.app, furnished.cast.archivist)


def test_the_page_tries_a_pattern_and_saves_nothing(furnished: Furnished) -> None:
    browser = Browser(furnished.app, furnished.cast.archivist)
    assert "/code-patterns/1" in browser.get("/code-patterns").text
    tried = browser.get("/code-patterns/1?pattern=KH{category}-{year}-{retention}-{number:3}").text
    assert re.search(r"KH1-20\d\d-D10-001", tried)
    wrong = browser.get("/code-patterns/1?pattern=KH{category}-{year}-{number}").text
    assert "The pattern lacks {retention}" in wrong
    sent = {"pattern": DA_T_22, "seen": DA_T_13, "do": "preview"}
    assert browser.post("/code-patterns/1", **sent).status_code == 200
    told = keeper(furnished).post("/code-patterns/1", **sent)
    assert re.fullmatch(r"Q001-ZY·20\d\d-D10-KH1-0001", told.data["next"][0]["code"])
    assert keeper(furnished).get("/code-patterns").data["fonds"][0]["pattern"] == DA_T_13


def test_a_pattern_is_chosen_by_page_and_json_with_the_same_refusals(furnished: Furnished) -> None:
    archivist = keeper(furnished)
    refused = archivist.post("/code-patterns/1", pattern="{house}", seen=DA_T_13)
    assert (refused.status, set(refused.data["fields"])) == (422, {"pattern"})
    browser = Browser(furnished.app, furnished.cast.archivist)
    page = browser.post("/code-patterns/1", pattern="{0.__class__}", seen=DA_T_13)
    assert page.status_code == 422
    assert "cannot stand in a pattern" in page.text
    chosen = archivist.post("/code-patterns/1", pattern=DA_T_22, seen=DA_T_13)
    assert (chosen.status, chosen.data["pattern"]) == (200, DA_T_22)
    assert archivist.post("/code-patterns/1", pattern=DA_T_13, seen=DA_T_13).status == 409
    assert archivist.post("/code-patterns/999", pattern=DA_T_13, seen=DA_T_22).status == 404


@pytest.mark.parametrize("person", ["clerk", "reader"])
def test_only_who_keeps_the_archive_chooses(furnished: Furnished, person: str) -> None:
    other: Any = Visitor(furnished.app, getattr(furnished.cast, person))
    assert other.get("/code-patterns").status == 403
    assert other.post("/code-patterns/1", pattern=DA_T_22, seen=DA_T_13).status == 403
