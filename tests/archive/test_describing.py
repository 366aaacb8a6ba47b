"""A filed paper's description is corrected: with its trace, one at a time, as its volume lets."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy.orm import Session

from archive import categories, documents, volumes
from archive.base import ledger
from archive.base.errors import Refusal
from archive.base.ledger import HOUSE
from archive.documents import Description, Document
from archive.volumes import VolumeClosed
from tests import stock
from tests.furnished import Furnished
from tests.pages import Browser
from tests.people import NOON, Visitor


@pytest.fixture
def paper(session: Session) -> Document:
    return stock.file(session, stock.read(session), title="设备采购合同", number="HT-1")


def told(paper: Document, **other: Any) -> Description:
    """What is said of it now, but for this."""
    assert paper.type
    kept = {name: getattr(paper, name) for name in documents.FIELD_NAMES if name != "type"}
    return Description(**{"type": paper.type} | kept | other)


def correct(session: Session, paper: Document, version: int = 1, **other: Any) -> Any:
    return documents.describe(
        session, paper, told(paper, **other), version=version, by=HOUSE, at=NOON
    )


def test_each_field_is_told_before_and_after_and_the_rest_stays(
    session: Session, paper: Document
) -> None:
    code, volume = paper.code, paper.volume
    correct(session, paper, title="设备采购合同（正本）", dated="2024年5月", secrecy="core")
    assert (paper.title, paper.dated, paper.number) == ("设备采购合同（正本）", "2024-05", "HT-1")
    assert (paper.code, paper.volume, paper.version) == (code, volume, 2)
    row = ledger.history(session, paper.subject, limit=1)[0]
    assert row.action == "document.described"
    assert {one["field"] for one in row.data["changes"]} == {"title", "dated", "secrecy"}
    assert volume
    assert str(volume.subject) in row.subjects


def test_what_is_said_again_leaves_no_trace(session: Session, paper: Document) -> None:
    rows = len(ledger.history(session, paper.subject, limit=50))
    assert not correct(session, paper)
    assert paper.version == 1
    assert len(ledger.history(session, paper.subject, limit=50)) == rows


@pytest.mark.parametrize(
    ("other", "refusal"),
    [
        ({"dated": "2024年2月30日"}, "NotADate"),
        ({"amount": "many"}, "NotAnAmount"),
        ({"is_copy": True, "original_at": " "}, "WhereIsTheOriginal"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_saved(
    session: Session, paper: Document, other: dict[str, Any], refusal: str
) -> None:
    with pytest.raises(Refusal) as refused:
        correct(session, paper, title="另一个", **other)
    assert type(refused.value).__name__ == refusal
    assert paper.title == "设备采购合同"


def test_whoever_saves_over_anothers_correction_is_told(session: Session, paper: Document) -> None:
    correct(session, paper, title="一")
    with pytest.raises(documents.DescribedMeanwhile):
        correct(session, paper, title="二")
    assert paper.title == "一"


def test_a_type_of_another_category_has_no_place_there(session: Session, paper: Document) -> None:
    assert paper.type
    others = [c for c in categories.plan(session) if c.id != paper.type.category_id]
    with pytest.raises(documents.OtherCategory):
        correct(session, paper, type=others[0].types[0])
    sibling = next(kind for kind in paper.type.category.types if kind.id != paper.type_id)
    correct(session, paper, type=sibling)
    assert paper.type_id == sibling.id


def test_in_a_closed_volume_only_what_its_catalogue_does_not_say_is_corrected(
    session: Session, paper: Document
) -> None:
    assert paper.volume
    volumes.close(session, paper.volume, today=stock.TODAY, by=HOUSE, at=NOON)
    correct(session, paper, lapses_on=date(2027, 3, 1))
    assert paper.lapses_on == date(2027, 3, 1)
    with pytest.raises(VolumeClosed):
        correct(session, paper, 2, title="改题")


def test_only_a_filed_paper_has_a_description_to_correct(session: Session) -> None:
    waiting = stock.read(session)
    kind = stock.filing(session).type
    with pytest.raises(Refusal, match="not filed yet"):
        documents.describe(
            session, waiting, Description(type=kind, title="x"), version=1, by=HOUSE, at=NOON
        )


@pytest.fixture
def number(furnished: Furnished) -> int:
    with furnished.house.database.writing() as session:
        return stock.file(session, stock.read(session, "新.pdf"), title="设备采购合同").id


def test_by_json_what_is_left_out_stays_and_the_index_follows(
    furnished: Furnished, number: int
) -> None:
    clerk = Visitor(furnished.app, furnished.cast.clerk)
    path = f"/documents/{number}/description"
    said = clerk.post(path, version=1, title="轴承采购补充协议")
    assert (said.status, said.data["title"], said.data["version"]) == (200, "轴承采购补充协议", 2)
    assert clerk.post(path, version=1, title="迟了").status == 409
    for wrong in ({"title": ""}, {"title": "长" * 301}, {"type": 10**9}, {"secrecy": "top"}):
        refused = clerk.post(path, version=2, **wrong)
        assert refused.status == 422
        assert set(refused.data["fields"]) == set(wrong)
    assert clerk.post(path, title="没有版本").status == 422
    furnished.follow()
    hits = clerk.get("/search", q="轴承采购补充").data["hits"]
    assert [hit["document"] for hit in hits] == [number]


def test_on_the_page_it_is_corrected_and_its_history_tells(
    furnished: Furnished, number: int
) -> None:
    clerk = Browser(furnished.app, furnished.cast.clerk)
    assert f"/documents/{number}/description" in clerk.get(f"/documents/{number}").text
    shown = clerk.get(f"/documents/{number}/description").text
    assert 'value="设备采购合同"' in shown
    with furnished.house.database.reading() as session:
        kind = documents.by_id(session, number).type_id
    sent = {"type": kind, "title": "改后题名", "version": 1, "secrecy": "core"}
    page = clerk.post(f"/documents/{number}/description", **sent | {"dated": "2024-02-30"})
    assert page.status_code == 422
    assert "改后题名" in page.text
    assert clerk.post(f"/documents/{number}/description", **sent).status_code == 303
    told = clerk.get(f"/documents/{number}").text
    assert "Title: 设备采购合同 → 改后题名" in told
    assert "Secrecy: Trade secret → Core trade secret" in told


def test_a_reader_corrects_nothing(furnished: Furnished, number: int) -> None:
    reader = Visitor(furnished.app, furnished.cast.reader)
    assert reader.post(f"/documents/{number}/description", version=1, title="x").status == 403
    with furnished.house.database.reading() as session:
        assert documents.by_id(session, number).title == "设备采购合同"
