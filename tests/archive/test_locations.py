"""Places: found by their codes however those are typed; noted as used while there is no tree."""

from typing import Any

import pytest
from sqlalchemy.orm import Session

from archive import locations
from archive.base import ledger
from archive.base.ledger import HOUSE
from archive.locations import (
    Level,
    Location,
    NoSuchLocation,
    NotAPlace,
    PlaceRange,
    UnknownPlace,
    pattern,
    ranges,
)
from archive.locations.pattern import NotAPattern, NotASpan
from archive.locations.ranges import NothingNew, PlaceTaken, TooManyPlaces
from tests import stock
from tests.counting import counting
from tests.furnished import Furnished
from tests.pages import Browser
from tests.people import NOON, Visitor


@pytest.mark.parametrize("typed", ["", "-", "K01-", "库房1", "K01--2", "K01 G2", "A" * 60, "\0"])
def test_what_has_not_the_shape_of_a_place_is_refused(session: Session, typed: str) -> None:
    with pytest.raises(NotAPlace):
        locations.at_code(session, typed)


def test_in_an_archive_without_a_tree_a_place_is_noted_as_it_is_first_used(
    session: Session,
) -> None:
    first, second = (locations.at_code(session, code) for code in ("K02-1", "K1"))
    assert locations.at_code(session, " ｋ02－1 ") == first
    assert list(locations.below(session, None, limit=9)) == [first, second]
    assert (first.level, first.parent_id) == (None, None)
    # Without a tree nobody knows whether these are one place.
    assert locations.at_code(session, "K01") not in (first, second)


def test_a_place_that_is_not_there_is_refused(session: Session) -> None:
    with pytest.raises(NoSuchLocation):
        locations.by_id(session, 99)


def make(session: Session, text: str, capacity: int = 900, **typed: str) -> PlaceRange:
    told = {Level(level): numbers for level, numbers in typed.items()}
    wanted = ranges.want(text, told, capacity_mm=capacity)
    return ranges.make(session, wanted, by=HOUSE, at=NOON)


def codes(session: Session, parent: Location | None = None) -> list[str]:
    return [place.code for place in locations.below(session, parent, limit=99)]


def tree(session: Session) -> None:
    """Room K01: racks 1–2, sides A–B, shelves 1–3."""
    make(session, "K{room:2}-G{rack:2}-{side:A}-C{shelf}", room="1", rack="1-2", side="A-B",
         shelf="1-3")  # fmt: skip


def test_a_range_is_a_tree_in_the_order_of_the_walk(session: Session) -> None:
    tree(session)
    room = locations.at_code(session, "K01")
    assert codes(session) == ["K01"]
    assert codes(session, room) == ["K01-G01", "K01-G02"]
    leaves = locations.leaves_below(session, room, limit=99)
    assert [leaf.code for leaf in leaves][:4] == [
        "K01-G01-A-C1", "K01-G01-A-C2", "K01-G01-A-C3", "K01-G01-B-C1",
    ]  # fmt: skip
    assert len(leaves) == 12
    assert {leaf.capacity_mm for leaf in leaves} == {900}
    assert [one.code for one in locations.above(session, leaves[3])] == [
        "K01", "K01-G01", "K01-G01-B",
    ]  # fmt: skip
    assert leaves[0].level == Level.SHELF
    row = ledger.newest(session, before=None, limit=1)[0]
    assert (row.action, row.data) == (
        "location.made", {"count": 19, "first": "K01-G01-A-C1", "last": "K01-G02-B-C3"},
    )  # fmt: skip


def test_a_room_grows_later_and_what_is_there_stays(session: Session) -> None:
    tree(session)
    before = locations.at_code(session, "K01-G02").id
    pattern = "K{room:2}-G{rack:2}-{side:A}-C{shelf}"
    grown = make(session, pattern, room="1", rack="2-3", side="A-B", shelf="1-3")
    assert grown.made == 9
    assert codes(session, locations.at_code(session, "K01")) == ["K01-G01", "K01-G02", "K01-G03"]
    assert locations.at_code(session, "K01-G02").id == before
    slots = make(session, pattern + "-G{slot}", 300, room="1", rack="1", side="A", shelf="1",
                 slot="1-3")  # fmt: skip
    assert slots.made == 3
    # Its slots have the width now.
    assert locations.at_code(session, "K01-G01-A-C1").capacity_mm == 0
    with pytest.raises(NothingNew):
        make(session, pattern, room="1", rack="1-3", side="A", shelf="1")


def test_a_place_that_was_noted_before_comes_to_its_place_in_the_tree(session: Session) -> None:
    folder = stock.folder(session, place="K01-G02-A-C3")
    other = locations.at_code(session, "B7")
    tree(session)
    assert folder.home is not None
    session.refresh(folder.home)
    assert [one.code for one in locations.above(session, folder.home)] == [
        "K01", "K01-G02", "K01-G02-A",
    ]  # fmt: skip
    assert codes(session) == ["B7", "K01"]
    assert other.level is None


def test_with_a_tree_an_unknown_place_is_refused_with_the_nearest_and_zeros_may_be_left_out(
    session: Session,
) -> None:
    tree(session)
    assert locations.at_code(session, "k1-g2-b-c3").code == "K01-G02-B-C3"
    with pytest.raises(UnknownPlace) as refused:
        locations.at_code(session, "K01-G02-B-C4")
    assert "K01-G02-B-C" in str(refused.value.params["nearest"])
    with pytest.raises(UnknownPlace):
        locations.at_code(session, "Z9")
    assert [one.code for one in locations.typed(session, "k1-g1-a")] == [
        "K01-G01-A", "K01-G01-A-C1", "K01-G01-A-C2", "K01-G01-A-C3",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("K{room:2}-Q{zone}-L{rack:2}-J{bay:2}-{side:A}-C{shelf:2}-G{slot:2}",
         "K01-Q1-L03-J02-A-C04-G05"),
        ("K{room:2}-G{rack:2}-C{shelf}-G{slot}", "K01-G03-C4-G5"),
        ("{room:A}{x}", None), ("K{room}{rack}", None), ("K{room}-{room}", None), ("", None),
        ("K01", None), ("K{room}-", None), ("库{room}", None), ("-{room}", None),
        ("{room:9}", None), ("{" * 50, None), ("K{room}-VERYLONG{rack}", None),
    ],
)  # fmt: skip
def test_a_pattern_makes_codes_or_is_refused(text: str, codes: str | None) -> None:
    typed = {"room": "1", "zone": "1", "rack": "3", "bay": "2", "side": "A", "shelf": "4",
             "slot": "5"}  # fmt: skip
    told = {Level(level): number for level, number in typed.items()}
    if codes is None:
        with pytest.raises(NotAPattern):
            ranges.want(text, told, capacity_mm=0)
    else:
        wanted = ranges.want(text, told, capacity_mm=0)
        assert wanted.code(len(wanted.parts) - 1, -1) == codes


@pytest.mark.parametrize(
    ("typed", "letters", "numbers"),
    [
        ("1-12", False, (1, 12)), (" １ － １２ ", False, (1, 12)), ("3", False, (3, 3)),
        ("1至6", False, (1, 6)), ("A-C", True, (1, 3)), ("b", True, (2, 2)), ("1-2", True, (1, 2)),
        ("0", False, None), ("3-1", False, None), ("-", False, None), ("1-99999", False, None),
        ("A", False, None), ("27", True, None), ("1,2", False, None), ("²", False, (2, 2)),
        ("٣", False, None),
    ],
)  # fmt: skip
def test_numbers_are_read_as_people_write_them(
    typed: str, letters: bool, numbers: tuple[int, int] | None
) -> None:
    if numbers is None:
        with pytest.raises(NotASpan):
            pattern.numbers_in(typed, letters=letters)
    else:
        found = pattern.numbers_in(typed, letters=letters)
        assert (found[0], found[-1]) == numbers


def test_more_places_than_are_made_in_one_go_are_refused_before_any_is_counted_out() -> None:
    text = "K{room}-{rack}-{shelf}-{slot}"
    told = dict.fromkeys((Level.ROOM, Level.RACK, Level.SHELF, Level.SLOT), "1-9999")
    with pytest.raises(TooManyPlaces):
        ranges.want(text, told, capacity_mm=0)


def test_a_code_that_is_at_another_level_is_refused_and_nothing_is_made(session: Session) -> None:
    make(session, "K{room}-{rack}", room="1", rack="1-3")
    with pytest.raises(PlaceTaken):
        make(session, "K{room}-{bay}", room="1", bay="3-5")
    assert codes(session, locations.at_code(session, "K1")) == ["K1-1", "K1-2", "K1-3"]


def test_the_door_previews_makes_and_keeps_the_pattern(furnished: Furnished) -> None:
    keeper = Visitor(furnished.app, furnished.cast.archivist)
    told: dict[str, Any] = {
        "pattern": "B{room:2}-L{rack:2}-C{shelf}", "room": "1", "rack": "1-12", "shelf": "1-7",
        "capacity_mm": 900,
    }  # fmt: skip
    looked = keeper.post("/locations/range", dry_run=True, **told)
    assert (looked.status, looked.data["new"]) == (200, 1 + 12 + 84)
    assert looked.data["levels"][-1] == {
        "level": "shelf", "count": 84, "first": "B01-L01-C1", "last": "B01-L12-C7",
    }  # fmt: skip
    assert keeper.get("/locations", q="B01").data["locations"] == []
    assert keeper.post("/locations/range", **told).status == 201
    page = Browser(furnished.app, furnished.cast.archivist)
    assert told["pattern"] in page.get("/locations/range").text
    wrong = keeper.post("/locations/range", **told | {"rack": "", "slot": "1", "shelf": "x"})
    assert (wrong.status, set(wrong.data["fields"])) == (422, {"rack", "slot", "shelf"})
    shown = page.post("/locations/range", dry_run="1", **told | {"shelf": "5-9"})
    assert "B01-L12-C9" in shown.text
    assert keeper.get("/scan", code="ｂ1－l12－c7").data["location"] == "B01-L12-C7"
    refused = keeper.post(f"/folders/{furnished.places['code']}/shelve", place="B01-L13-C1")
    assert refused.status == 422
    assert "B01-L12-C1" in refused.data["error"]


def test_fifty_thousand_slots_are_made_and_browsed_level_by_level(
    furnished: Furnished,
) -> None:
    text = "K{room:2}-L{rack:2}-{side:A}-J{bay}-C{shelf}-G{slot:2}"
    with furnished.house.database.writing() as session:
        made = make(session, text, 300, room="11", rack="1-12", side="A-B", bay="1-6",
                    shelf="1-7", slot="1-50")  # fmt: skip
        assert made.made == 1 + 12 + 24 + 144 + 1008 + 50_400
        room = locations.at_code(session, "K11").id
    reader = Visitor(furnished.app, furnished.cast.reader)
    asked: list[int] = []
    for path in ("/locations", f"/locations/{room}", "/locations?q=K11-L12-B-J6-C7"):
        bare, _, typed = path.partition("?q=")
        with counting(furnished.house) as statements:
            reply = reader.get(bare, **({"q": typed} if typed else {}))
        assert reply.status == 200
        assert len(reply.data["locations"]) <= 100
        asked.append(len(statements))
    assert max(asked) < 20
    told = reader.get("/locations", q="K11").data["locations"][0]
    assert told["capacity_mm"] == 300 * 50_400
