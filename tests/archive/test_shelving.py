"""Shelving: a folder's home and where it stands, each move kept, two movers never overwriting."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from sqlalchemy.orm import Session

from archive import circulation, shelving, users, volumes
from archive.base import ledger
from archive.base.db import Database
from archive.base.ledger import HOUSE
from archive.shelving import MovedMeanwhile, NotWhileOut, Why
from archive.users import Role, User
from archive.volumes import Folder
from tests import stock
from tests.furnished import Furnished
from tests.pages import Browser
from tests.people import NOON, PASSWORD, Visitor

HOME, ELSEWHERE = "K01-G07-C3-G2", "K02-1"


def reader(session: Session) -> User:
    return users.create(
        session,
        login="li",
        name="李雷",
        password=users.hashed(PASSWORD),
        role=Role.STAFF,
        by=HOUSE,
        at=NOON,
    )


def ways(session: Session, folder: Folder) -> list[tuple[str, str, str]]:
    """A folder's moves, the newest first: why, from, to."""
    return [
        (move.why, move.start.code if move.start else "", move.end.code if move.end else "")
        for move in shelving.moves_of(session, folder, limit=20)
    ]


def test_a_folder_that_is_put_aside_keeps_its_home_and_is_in_the_list_of_strays(
    session: Session,
) -> None:
    folder, other = stock.folder(session), stock.folder(session, "第二公司")
    shelving.put(session, folder, ELSEWHERE, reason="整理", by=HOUSE, at=NOON)
    assert folder.home is not None
    assert folder.present is not None
    assert (folder.home.code, folder.present.code) == (HOME, ELSEWHERE)
    assert list(shelving.astray(session, after=("", 0), limit=9)) == [folder]
    assert not other.is_astray
    newest = ledger.history(session, folder.subject)[0]
    assert newest.action == "folder.moved"
    assert newest.data["note"] == "整理"
    shelving.put(session, folder, HOME, by=HOUSE, at=NOON)
    assert list(shelving.astray(session, after=("", 0), limit=9)) == []
    assert ways(session, folder) == [
        ("aside", ELSEWHERE, HOME), ("aside", HOME, ELSEWHERE), ("shelved", "", HOME),
    ]  # fmt: skip


def test_strays_are_paged_in_the_order_of_the_walk(session: Session) -> None:
    folders = [stock.folder(session, f"第{number}公司") for number in range(4)]
    for folder, place in zip(folders, ("K03", "K04", "K03", "K05"), strict=True):
        shelving.put(session, folder, place, by=HOUSE, at=NOON)
    first = shelving.astray(session, after=("", 0), limit=2)
    last = first[-1]
    assert last.present is not None
    rest = shelving.astray(session, after=(last.present.path, last.id), limit=9)
    assert [*first, *rest] == [folders[0], folders[2], folders[1], folders[3]]


def test_a_lent_folder_stands_nowhere_and_comes_back_to_its_home(session: Session) -> None:
    folder, person = stock.folder(session), reader(session)
    shelving.put(session, folder, ELSEWHERE, by=HOUSE, at=NOON)
    day = date(2026, 3, 9)
    circulation.check_out(
        session, folder, person, purpose="核对", due_on=day, today=day, by=HOUSE, at=NOON
    )
    assert (folder.present, folder.holder_id) == (None, person.id)
    with pytest.raises(NotWhileOut, match="李雷"):
        shelving.put(session, folder, HOME, by=HOUSE, at=NOON)
    shelving.shelve(session, folder, "K09", by=HOUSE, at=NOON)
    assert folder.present is None
    circulation.check_in(session, folder, by=HOUSE, at=NOON)
    assert folder.present is not None
    assert (folder.present.code, folder.holder_id) == ("K09", None)
    assert ways(session, folder)[:2] == [("returned", "", "K09"), ("lent", ELSEWHERE, "")]
    assert shelving.moves_of(session, folder, limit=1)[0].holder == "李雷"


def test_to_shelve_a_stray_at_its_home_brings_it_back(session: Session) -> None:
    folder = stock.folder(session)
    shelving.put(session, folder, ELSEWHERE, by=HOUSE, at=NOON)
    shelving.shelve(session, folder, HOME, by=HOUSE, at=NOON)
    assert not folder.is_astray
    rows = len(ledger.history(session, folder.subject))
    shelving.shelve(session, folder, HOME, by=HOUSE, at=NOON)
    assert len(ledger.history(session, folder.subject)) == rows


def test_who_moves_a_folder_that_was_moved_meanwhile_is_refused(session: Session) -> None:
    folder = stock.folder(session)
    seen = shelving.moves_of(session, folder, limit=1)[0].id
    shelving.put(session, folder, ELSEWHERE, seen=seen, by=HOUSE, at=NOON)
    for move in (shelving.put, shelving.shelve):
        with pytest.raises(MovedMeanwhile, match=ELSEWHERE):
            move(session, folder, "K03", seen=seen, by=HOUSE, at=NOON)


def test_of_many_who_move_one_folder_at_once_one_wins(database: Database, session: Session) -> None:
    folder = stock.folder(session)
    seen = shelving.moves_of(session, folder, limit=1)[0].id
    session.commit()

    def move(turn: int) -> str:
        try:
            with database.writing() as own:
                mine = volumes.folder_by_id(own, folder.id)
                shelving.put(own, mine, f"K1{turn}", seen=seen, by=HOUSE, at=NOON)
        except MovedMeanwhile:
            return "refused"
        return "moved"

    with ThreadPoolExecutor(6) as crowd:
        said = list(crowd.map(move, range(6)))
    assert sorted(said) == ["moved"] + 5 * ["refused"]
    session.expire_all()
    assert [why for why, _, _ in ways(session, folder)] == [Why.ASIDE, Why.SHELVED]


def test_at_the_door_the_second_mover_gets_a_conflict_and_the_page_shows_the_moves(
    furnished: Furnished,
) -> None:
    path = f"/folders/{furnished.places['code']}"
    keeper = Visitor(furnished.app, furnished.cast.archivist)
    seen = keeper.get(path).data["moves"][0]["id"]
    told = keeper.post(f"{path}/shelve", place="K02-1", for_now=True, reason="借道", seen=seen)
    assert (told.data["home"], told.data["present"]) == (HOME, "K02-1")
    again = keeper.post(f"{path}/shelve", place="K03-1", seen=seen)
    assert again.status == 409
    assert "王芳" in again.data["error"]
    assert [move["to"] for move in keeper.get(path).data["moves"]] == ["K02-1", HOME]
    page = Browser(furnished.app, furnished.cast.archivist)
    shown = page.get(path).text
    assert "Not at its place" in shown
    assert "借道" in shown
    refused = page.post(f"{path}/shelve", place="K03-1", seen=seen)
    assert refused.status_code == 409
    # Whoever looked sends it again: the form knows the newest move.
    newest = keeper.get(path).data["moves"][0]["id"]
    assert f'name="seen" value="{newest}"' in refused.text
