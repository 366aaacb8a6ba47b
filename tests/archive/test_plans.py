"""Re-shelving plans: places filled by thickness, confirmed by scans, resumed, stopped; closing."""

import pytest
from sqlalchemy.orm import Session

from archive import locations, shelving
from archive.base import ledger
from archive.base.ledger import HOUSE
from archive.locations import Location
from archive.shelving import closing, fill, plans
from archive.shelving.closing import PlaceInUse, PlaceWasUsed, PlanLeadsHere, RetiredAbove
from archive.shelving.plans import (
    Choice,
    ComeAlready,
    NothingToMove,
    NotInPlan,
    OtherPlace,
    PlacesTooNarrow,
    Plan,
    PlannedElsewhere,
    PlanOver,
    PlanState,
)
from archive.volumes import Folder
from tests import stock
from tests.furnished import Furnished
from tests.pages import Browser
from tests.people import NOON, Visitor


def shelf(session: Session, thick: int = 30, many: int = 3) -> list[Folder]:
    """Folders on shelf K01."""
    made = [stock.folder(session, f"第{number}公司", "K01") for number in range(many)]
    for folder in made:
        folder.thickness_mm = thick
    return made


def plan(session: Session, *targets: Location, at: str = "K01") -> Plan:
    choice = Choice(place=locations.at_code(session, at))
    return plans.make(session, "调架", choice, targets, by=HOUSE, at=NOON)


def confirm(session: Session, made: Plan, folder: Folder, place: Location) -> None:
    plans.confirm(session, made, folder, place, by=HOUSE, at=NOON)


def test_places_are_filled_in_order_by_thickness_beside_what_stands_there(
    session: Session,
) -> None:
    folders = shelf(session)
    one, other = stock.place(session, "K02", 90), stock.place(session, "K03", 60)
    there = stock.folder(session, "老客户", "K02")
    there.thickness_mm = 50
    made = plan(session, one, other)
    assert [(step.folder, step.end) for step in plans.steps_of(session, made)] == [
        (folders[0], one), (folders[1], other), (folders[2], other),
    ]  # fmt: skip
    # A plan's folders keep their room on the way.
    stock.folder(session, "新客户", "K04")
    with pytest.raises(PlacesTooNarrow):
        plan(session, one, other, at="K04")


def test_folders_that_find_no_place_make_no_plan(session: Session) -> None:
    shelf(session)
    with pytest.raises(PlacesTooNarrow) as refused:
        plan(session, stock.place(session, "K02", 60))
    assert refused.value.params == {"need": 90, "left": 1}
    with pytest.raises(NothingToMove):
        plan(session, stock.place(session, "K02", 60), at="K09")
    assert plans.listed(session, before=None, limit=9) == []


def test_a_plan_is_worked_off_scan_by_scan_and_done_with_the_last(session: Session) -> None:
    folders = shelf(session, many=2)
    one, other = stock.place(session, "K02", 30), stock.place(session, "K03", 30)
    made = plan(session, one, other)
    with pytest.raises(OtherPlace, match="K02"):
        confirm(session, made, folders[0], other)
    assert ledger.newest(session, limit=1)[0].data == {"title": "调架", "count": 2}
    confirm(session, made, folders[0], one)
    assert (made.state, made.done) == (PlanState.OPEN, 1)
    with pytest.raises(ComeAlready):
        confirm(session, made, folders[0], one)
    with pytest.raises(NotInPlan):
        confirm(session, made, stock.folder(session, "旁人", "K05"), one)
    with pytest.raises(PlannedElsewhere):
        plan(session, stock.place(session, "K06", 900))
    confirm(session, made, folders[1], other)
    assert made.state == PlanState.DONE
    assert [folder.home for folder in folders] == [one, other]
    assert [folder.present for folder in folders] == [one, other]
    assert shelving.moves_of(session, folders[1], limit=1)[0].why == "planned"
    assert ledger.newest(session, limit=1)[0].action == "plan.done"
    with pytest.raises(PlanOver):
        confirm(session, made, folders[1], other)


def test_a_stopped_plan_leaves_the_rest_where_it_is_and_free_for_another(session: Session) -> None:
    folders = shelf(session, many=2)
    one = stock.place(session, "K02", 60)
    made = plan(session, one)
    confirm(session, made, folders[0], one)
    plans.stop(session, made, by=HOUSE, at=NOON)
    assert made.state == PlanState.STOPPED
    assert folders[1].home != one
    again = plan(session, stock.place(session, "K03", 30))
    assert [step.folder for step in plans.steps_of(session, again)] == [folders[1]]


def test_fill_keeps_room_for_what_is_away_and_the_picture_shows_it(session: Session) -> None:
    first, second, third = shelf(session)
    place = stock.place(session, "K01", 100)
    shelving.put(session, third, "K02", by=HOUSE, at=NOON)
    session.flush()
    full = fill.of(session, [place])[place.id]
    assert (full.folders, full.standing_mm, full.awaited_mm, full.free_mm) == (2, 60, 30, 10)
    shown = fill.picture(session, place)
    assert shown is not None
    assert [(spine.x, spine.is_here) for spine in shown.compartments[0].spines] == [
        (0, True), (30, True), (60, False),
    ]  # fmt: skip
    assert (shown.width, shown.compartments[0].free_mm) == (100, 10)
    place.capacity_mm = 40
    assert fill.picture(session, place) is not None
    too_full = fill.of(session, [place])[place.id]
    assert too_full.free_mm == -50
    assert {first.present_id, second.present_id} == {place.id}


def test_a_place_is_retired_only_when_empty_and_removed_only_when_never_used(
    session: Session,
) -> None:
    folder = stock.folder(session, place="K01")
    place, fresh = stock.place(session, "K01"), stock.place(session, "K02")
    with pytest.raises(PlaceInUse):
        closing.retire(session, place, by=HOUSE, at=NOON)
    shelving.shelve(session, folder, "K03", by=HOUSE, at=NOON)
    with pytest.raises(PlaceWasUsed):
        closing.remove(session, place, by=HOUSE, at=NOON)
    closing.retire(session, place, by=HOUSE, at=NOON)
    with pytest.raises(locations.PlaceRetired):
        locations.at_code(session, "K01")
    closing.use_again(session, place, by=HOUSE, at=NOON)
    assert locations.at_code(session, "K01") == place
    closing.remove(session, fresh, by=HOUSE, at=NOON)
    assert [one.code for one in locations.below(session, None, limit=9)] == ["K01", "K03"]
    assert ledger.newest(session, limit=1)[0].action == "location.removed"


def test_a_place_to_which_a_plan_leads_or_below_a_retired_one_stays_as_it_is(
    session: Session,
) -> None:
    shelf(session, many=1)
    target = stock.place(session, "K02", 900)
    made = plan(session, target)
    with pytest.raises(PlanLeadsHere):
        closing.retire(session, target, by=HOUSE, at=NOON)
    plans.stop(session, made, by=HOUSE, at=NOON)
    child = Location(code="K02-1", folded="K2-1", parent_id=target.id, path=target.path + "000001.")
    session.add(child)
    session.flush()
    closing.retire(session, target, by=HOUSE, at=NOON)
    session.refresh(child)
    assert child.retired_at is not None
    with pytest.raises(RetiredAbove):
        closing.use_again(session, child, by=HOUSE, at=NOON)


def test_at_the_door_a_place_is_scanned_then_its_folders(furnished: Furnished) -> None:
    keeper = Visitor(furnished.app, furnished.cast.archivist)
    path = f"/plans/{furnished.places['plans']}"
    step = keeper.get(path).data["steps"][0]
    assert (step["from"], step["to"], step["state"]) == ("K01-G07-C3-G2", "K07", "waiting")
    first = keeper.post(f"{path}/scan", code=step["folder"])
    assert (first.status, "label of the place" in first.data["error"]) == (422, True)
    assert keeper.post(f"{path}/scan", code="k07").data["place"] == "K07"
    wrong = keeper.post(f"{path}/scan", code=step["folder"], place="K08")
    assert wrong.status == 409
    page = Browser(furnished.app, furnished.cast.archivist)
    assert "Scan the folders that you put there" in page.get(path, place="K07").text
    done = keeper.post(f"{path}/scan", code=step["folder"], place="K07")
    assert (done.data["state"], done.data["step"]["state"]) == ("done", "done")
    assert keeper.get(f"/folders/{step['folder']}").data["home"] == "K07"
    again = keeper.post(f"{path}/scan", code=step["folder"], place="K07")
    assert again.status == 409
    assert keeper.post(f"{path}/stop").status == 409
    assert Visitor(furnished.app, furnished.cast.clerk).post(f"{path}/stop").status == 403
