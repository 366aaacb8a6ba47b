"""Many papers filed in one step: each whole or not at all, and each tells where it went."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import select

from archive import documents, volumes
from archive.base import ledger
from archive.base.db import now
from archive.base.errors import Refusal
from archive.base.ledger import HOUSE
from archive.documents import Document, State
from archive.users import User
from archive.volumes import Volume, VolumeState
from tests import stock
from tests.furnished import Furnished
from tests.pages import Browser
from tests.people import NOON, Visitor


@pytest.fixture
def clerk(furnished: Furnished) -> Visitor:
    return Visitor(furnished.app, furnished.cast.clerk)


@pytest.fixture
def waiting(furnished: Furnished) -> list[int]:
    """Three papers of the inbox; of the first, the reader saw party and date."""
    seen = {"party": {"value": stock.HENGYUE}, "signed_on": {"value": "2023-05-31"}}
    with furnished.house.database.writing() as session:
        papers = [stock.read(session, "1.pdf", "甲", fields=seen)]
        papers += [stock.read(session, f"{n}.pdf", "乙") for n in (2, 3)]
        return [paper.id for paper in papers]


def test_each_paper_is_filed_as_it_is_guessed_or_told(clerk: Visitor, waiting: list[int]) -> None:
    first, second, third = waiting
    told = clerk.post(
        "/inbox/together",
        documents=f"{first}, {second} {third}",
        **{f"d{second}-party_name": stock.HENGYUE, f"d{second}-year": 2023},
    )
    assert (told.status, told.data["filed"], told.data["refused"]) == (200, 2, 1)
    one, two, three = told.data["documents"]
    assert one["code"].endswith("2023·D10-0001-001")
    assert two["code"].endswith("2023·D10-0001-002")
    assert one["folder"] == two["folder"] != ""
    assert (three["filed"], three["code"]) == (False, "")
    assert three["why"].startswith("Say whom the paper is about")


def test_what_is_refused_leaves_nothing_behind_and_hinders_no_other(
    furnished: Furnished, clerk: Visitor, waiting: list[int]
) -> None:
    first, second, third = waiting
    new = "上海新来有限公司"
    with furnished.house.database.writing() as session:
        holder = session.get_one(User, furnished.cast.archivist.id)
        taken = session.get_one(Document, third)
        documents.take(session, taken, by=holder.actor, at=now())
    told = clerk.post(
        "/inbox/together",
        documents=f"{third},{second},{first}",
        # A new card, and then a volume that is none: the card is not made either.
        **{f"d{second}-party_name": new, f"d{second}-volume": "Q001-999"},
    ).data
    assert [one["filed"] for one in told["documents"]] == [False, False, True]
    assert "王芳" in told["documents"][0]["why"]
    assert "no volume with this number" in told["documents"][1]["why"]
    assert not clerk.get("/parties", q=new).data["parties"]
    assert clerk.get(f"/documents/{second}").data["state"] == "read"
    again = clerk.post("/inbox/together", documents=str(first))
    assert (again.status, "already filed" in again.data["documents"][0]["why"]) == (422, True)


def test_wrong_values_are_named_by_their_field(clerk: Visitor, waiting: list[int]) -> None:
    first = waiting[0]
    told = clerk.post(
        "/inbox/together", documents=str(first),
        **{f"d{first}-year": "99999", f"d{first}-title": "x" * 301, f"d{first}-type": "a"},
        **{f"d{first}-dated": "2024年2月30日", f"d{first}-amount": "viel"},
    )  # fmt: skip
    assert told.status == 422
    errors = told.data["documents"][0]["errors"]
    assert set(errors) == {"year", "title", "type", "dated", "amount"}
    assert "2024年2月30日" in errors["dated"][0]


@pytest.mark.parametrize(
    ("chosen", "status"),
    [("", 422), ("x", 422), ("-1", 422), ("99999999", 404), ("9" * 30, 422),
     (",".join(map(str, range(1, 60))), 422)],
)  # fmt: skip
def test_what_names_no_papers_is_refused(clerk: Visitor, chosen: str, status: int) -> None:
    reply = clerk.post("/inbox/together", documents=chosen)
    assert (reply.status, bool(reply.data["error"])) == (status, True)


def test_a_clerk_ticks_papers_and_files_them_on_one_page(
    furnished: Furnished, waiting: list[int]
) -> None:
    first, second, _ = waiting
    browser = Browser(furnished.app, furnished.cast.clerk)
    assert f'name="document" value="{first}"' in browser.get("/inbox").text
    page = browser.get("/inbox/together", document=[first, second]).text
    assert f'name="d{first}-title"' in page
    done = browser.post("/inbox/together", documents=f"{first},{second}")
    assert done.status_code == 200
    assert "1 paper is filed. 1 paper is not" in done.text
    assert f'value="{second}"' in done.text
    assert "No paper is chosen" in browser.get("/inbox/together").text
    assert browser.post("/inbox/together", documents="x").status_code == 422
    # What was filed meanwhile is told at once, and is not among those to be sent.
    late = browser.get("/inbox/together", document=[first, second]).text
    assert "This document is already filed as" in late
    assert f'name="documents" value="{second}"' in late
    assert Browser(furnished.app, furnished.cast.reader).get("/inbox/together").status_code == 403


def test_twenty_who_file_together_at_once_leave_no_gap(furnished: Furnished) -> None:
    with furnished.house.database.writing() as session:
        waiting = [stock.read(session, f"{n}.pdf", f"第{n}件").id for n in range(100)]
        held = session.scalars(select(Volume.items)).one()
    told = {f"d{number}-party_name": stock.HENGYUE for number in waiting}
    years = {f"d{number}-year": 2024 for number in waiting}

    def file(turn: int) -> int:
        clerk = Visitor(furnished.app)
        clerk._headers = keys[turn]
        mine = waiting[turn * 5 : turn * 5 + 5]
        sent = ",".join(map(str, mine))
        return int(clerk.post("/inbox/together", documents=sent, **told, **years).data["filed"])

    keys = [Visitor(furnished.app, furnished.cast.clerk)._headers for _ in range(20)]
    with ThreadPoolExecutor(20) as crowd:
        assert sum(crowd.map(file, range(20))) == 100
    with furnished.house.database.reading() as session:
        volume = session.scalars(select(Volume)).one()
        papers = documents.of_volume(session, volume, limit=200)
        assert sorted(paper.item or 0 for paper in papers) == list(range(1, held + 101))
        assert [paper.position for paper in papers] == list(range(1, held + 101))
        assert ledger.verify(session).ok


def test_of_a_move_and_a_close_at_once_either_comes_first_and_the_counts_stay_right(
    furnished: Furnished,
) -> None:
    database = furnished.house.database
    with database.writing() as session:
        papers = [stock.file(session, stock.read(session, f"{n}.pdf", f"{n}")) for n in range(12)]
        numbers = [paper.id for paper in papers]
        source, other = (
            papers[0].volume_id,
            stock.file(session, stock.read(session, "x.pdf"), year=2020).volume_id,
        )
        items = session.get_one(Volume, source).items

    def act(turn: int) -> bool:
        try:
            with database.writing() as session:
                volume = session.get_one(Volume, source)
                if turn == 6:
                    volumes.close(session, volume, today=NOON.date(), by=HOUSE, at=NOON)
                else:
                    paper = documents.by_id(session, numbers[turn])
                    target = session.get_one(Volume, other)
                    documents.refile(session, paper, target, "错", by=HOUSE, at=NOON)
        except Refusal:
            return False
        return True

    with ThreadPoolExecutor(12) as crowd:
        went = list(crowd.map(act, range(12)))
    moved = sum(went) - 1
    with database.reading() as session:
        volume, there = session.get_one(Volume, source), session.get_one(Volume, other)
        assert went[6]
        assert volume.state == VolumeState.CLOSED
        assert (volume.items, there.items) == (items - moved, 1 + moved)
        assert len(documents.of_volume(session, volume)) == volume.items
        assert all(paper.state == State.FILED for paper in documents.of_volume(session, there))
        assert ledger.verify(session).ok
