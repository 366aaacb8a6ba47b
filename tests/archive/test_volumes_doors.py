"""Volumes at the door: opened, ordered, split, closed and reopened, as page and as JSON."""

from typing import Any

import pytest

from archive import circulation, documents, volumes
from archive.base.ledger import HOUSE
from archive.documents import Document
from archive.users import User
from archive.volumes import Volume
from tests import stock
from tests.counting import counting
from tests.furnished import Furnished
from tests.pages import Browser
from tests.people import NOON, Visitor

THREE = (("五", "2024-05-31"), ("一", "2024-01-02"), ("三", "2024-03"))


@pytest.fixture
def number(furnished: Furnished) -> int:
    """A volume with papers of January, March and May, and the furnished house's own of May."""
    with furnished.house.database.writing() as session:
        for title, dated in THREE:
            paper = stock.read(session, f"{title}.pdf")
            stock.file(session, paper, title=title, dated=dated)
    return int(furnished.places["volumes"])


@pytest.fixture
def clerk(furnished: Furnished) -> Visitor:
    return Visitor(furnished.app, furnished.cast.clerk)


@pytest.fixture
def keeper(furnished: Furnished) -> Visitor:
    return Visitor(furnished.app, furnished.cast.archivist)


def titles(visitor: Visitor, number: int) -> list[str]:
    return [one["title"] for one in visitor.get(f"/volumes/{number}").data["documents"]]


def test_a_clerk_lays_a_paper_elsewhere_and_the_page_shows_it(
    furnished: Furnished, clerk: Visitor, number: int
) -> None:
    assert titles(clerk, number) == ["一", "三", "设备采购合同", "五"]
    assert clerk.post(f"/volumes/{number}/place", place=4, to=1).status == 200
    assert titles(clerk, number) == ["五", "一", "三", "设备采购合同"]
    browser = Browser(furnished.app, furnished.cast.clerk)
    answer = browser.post(f"/volumes/{number}/place", place="1", to="4", document="99")
    assert answer.status_code == 409
    assert "Somebody changed the order" in answer.text
    assert clerk.post(f"/volumes/{number}/place", place=9, to=1).status == 422
    assert clerk.post(f"/volumes/{number}/sort").status == 200
    assert titles(clerk, number) == ["一", "三", "设备采购合同", "五"]


def test_a_closed_volume_tells_the_next_step_of_all_that_it_does_not_do(
    clerk: Visitor, keeper: Visitor, number: int
) -> None:
    papers = keeper.get(f"/volumes/{number}").data["documents"]
    assert clerk.post(f"/volumes/{number}/close").status == 403
    assert keeper.post(f"/volumes/{number}/close").data["state"] == "closed"
    told = keeper.get(f"/volumes/{number}").data
    assert (told["compiled_by"], bool(told["compiled_on"])) == ("王芳", True)
    for path, body in (
        (f"/volumes/{number}/close", {}),
        (f"/volumes/{number}/place", {"place": 1, "to": 2}),
        (f"/volumes/{number}/sort", {}),
        (f"/volumes/{number}/describe", {"title": "新"}),
        (f"/documents/{papers[0]['id']}/move", {"volume": told["code"], "why": "错"}),
    ):
        reply = keeper.post(path, **body)
        assert (reply.status, "eopen" in reply.data["error"] or "order" in reply.data["error"]) == (
            409, True,
        ), path  # fmt: skip
    assert keeper.post(f"/volumes/{number}/reopen", why=" ").status == 422
    assert keeper.post(f"/volumes/{number}/reopen", why="缺页").data["state"] == "reopened"
    assert keeper.post(f"/volumes/{number}/reopen", why="缺页").status == 409


def test_a_paper_is_moved_by_its_new_volumes_code_and_found_by_its_old_one(
    furnished: Furnished, clerk: Visitor, number: int
) -> None:
    name = "上海远东国际贸易有限公司"
    opened = clerk.post(
        "/volumes/new", party_name=stock.HENGYUE, category=2, year=2023, retention="D10",
        thickness=30,
    )  # fmt: skip
    assert opened.status == 200
    again = clerk.post(
        "/volumes/new", party_name=stock.HENGYUE, category=2, year=2023, retention="D10",
        thickness=30,
    )  # fmt: skip
    assert (again.status, opened.data["code"] in again.data["error"]) == (409, True)
    nobody = clerk.post(
        "/volumes/new", party_name=name, category=2, year=2023, retention="D10", thickness=30
    )
    assert nobody.status == 422
    paper = clerk.get(f"/volumes/{number}").data["documents"][0]
    code = opened.data["code"].lower()
    moved = clerk.post(f"/documents/{paper['id']}/move", volume=f" {code} ", why="归错年度")
    assert moved.data["code"] == f"{opened.data['code']}-001"
    assert clerk.get(f"/documents/{paper['id']}").data["formerly"] == [paper["code"]]
    assert clerk.get(f"/volumes/{number}").data["moved_out"] == [
        {"code": paper["code"], "now": moved.data["code"], "document": paper["id"]}
    ]
    furnished.follow()
    found = clerk.get("/search", q=paper["code"]).data["hits"]
    assert paper["id"] in [hit["document"] for hit in found]
    page = Browser(furnished.app, furnished.cast.clerk).get(f"/documents/{paper['id']}").text
    assert f"it was {paper['code']}: “归错年度”" in page
    assert clerk.post(f"/documents/{paper['id']}/move", volume="Q9", why="错").status == 404


def test_nothing_is_taken_from_a_folder_that_is_out(
    furnished: Furnished, clerk: Visitor, number: int
) -> None:
    paper = clerk.get(f"/volumes/{number}").data["documents"][0]
    with furnished.house.database.writing() as session:
        circulation.check_out(
            session, volumes.folder_by_code(session, paper["folder"]),
            session.get_one(User, furnished.cast.reader.id), purpose="核对", due_on=NOON.date(),
            today=NOON.date(), by=HOUSE, at=NOON,
        )  # fmt: skip
        other = stock.file(session, stock.read(session, "x.pdf"), year=2020).volume
        assert other is not None
        code = other.code
    for path, body in (
        (f"/documents/{paper['id']}/move", {"volume": code, "why": "错"}),
        (f"/volumes/{number}/split", {"thickness": 20}),
    ):
        reply = clerk.post(path, **body)
        assert (reply.status, "李雷" in reply.data["error"]) == (409, True)


def test_a_volume_that_is_too_full_is_split_at_the_door(
    furnished: Furnished, clerk: Visitor, number: int
) -> None:
    assert clerk.post(f"/volumes/{number}/split", thickness=20).status == 409
    papers = clerk.get(f"/volumes/{number}").data["documents"]
    for paper in papers:
        counted = clerk.post(f"/documents/{paper['id']}/paper-pages", paper_pages=90)
        assert counted.data["pages_differ"] is True
    page = Browser(furnished.app, furnished.cast.clerk).get(f"/volumes/{number}").text
    assert "Too full" in page
    assert "4 papers have other pages on paper than were scanned" in page
    assert clerk.post(f"/volumes/{number}/split", thickness=20).status == 200
    parts = clerk.get(f"/volumes/{number}").data["folders"]
    assert [(one["part"], one["parts"], one["papers"], one["pages"]) for one in parts] == [
        (1, 2, 2, 180), (2, 2, 2, 180),
    ]  # fmt: skip


def test_a_paper_is_filed_with_what_its_catalogue_needs(
    furnished: Furnished, clerk: Visitor, keeper: Visitor, number: int
) -> None:
    told: dict[str, Any] = {
        "party_name": stock.HENGYUE, "responsible": "王芳", "paper_pages": 3, "is_copy": True,
        "order_number": "PO-7", "secrecy": "core", "remark": "传真", "year": 2024, "title": "迟",
        "dated": "2024-01-01",
    }  # fmt: skip
    path = f"/documents/{furnished.places['documents']}/file"
    assert clerk.post(path, **told).status == 422
    keeper.post(f"/volumes/{number}/close")
    code = keeper.get(f"/volumes/{number}").data["code"]
    wrong = clerk.post(path, **told | {"original_at": "财务部", "volume": code, "year": 2020})
    assert wrong.status == 422
    filed = clerk.post(path, **told | {"original_at": "财务部", "volume": code}).data
    assert filed["code"] == f"{code}-005"
    kept = {name: filed[name] for name in ("responsible", "paper_pages", "order_number", "secrecy")}
    assert kept == {name: told[name] for name in kept}
    assert (filed["is_copy"], filed["original_at"], filed["position"]) == (True, "财务部", 5)


@pytest.fixture
def thousand(furnished: Furnished) -> int:
    """A volume with a thousand papers."""
    with furnished.house.database.writing() as session:
        filing = stock.filing(session)
        volume = volumes.taking(
            session, filing.type.category, filing.party, 2019, "D10", by=HOUSE, at=NOON
        )
        folder = volumes.folders_of(session, volume)[0]
        session.add_all(made(volume, folder.id, place) for place in range(1, 1001))
        volume.items = volume.pages = volume.last_item = 1000
        return volume.id


def made(volume: Volume, folder: int, place: int) -> Document:
    paper = Document(
        state="filed", title=f"第{place}件", party_id=volume.party_id, type_id=5, folder_id=folder,
        position=place, dated=f"2019-{place % 12 + 1:02}",
    )  # fmt: skip
    paper.place_in(volume, place)
    return paper


def test_a_volume_of_a_thousand_papers_is_paged_and_asks_no_more_than_a_small_one(
    furnished: Furnished, clerk: Visitor, number: int, thousand: int
) -> None:
    asked = []
    for volume in (number, thousand):
        with counting(furnished.house) as questions:
            assert clerk.get(f"/volumes/{volume}").status == 200
        asked.append(len(questions))
    assert asked[1] <= asked[0]
    after, seen = 0, 0
    while after is not None:
        told = clerk.get(f"/volumes/{thousand}", after=after).data
        seen, after = seen + len(told["documents"]), told["next"]
    assert seen == 1000
    with counting(furnished.house) as questions:
        assert clerk.post(f"/volumes/{thousand}/sort").status == 200
    assert len(questions) < 40
    with counting(furnished.house) as questions:
        assert clerk.post(f"/volumes/{thousand}/place", place=1000, to=1).status == 200
    assert len(questions) < 40
    with furnished.house.database.reading() as session:
        volume_ = session.get_one(Volume, thousand)
        rest = documents.of_volume(session, volume_, limit=1000)
        assert [paper.position for paper in rest] == list(range(1, 1001))
