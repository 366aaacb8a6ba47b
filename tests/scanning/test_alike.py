"""The same paper scanned twice is seen to be; two papers of one form are not taken for one."""

import re
from pathlib import Path

import numpy as np
import pytest
from flask import Flask
from sqlalchemy.orm import Session

from archive import documents
from archive.base import ledger, web
from archive.base.ledger import HOUSE
from archive.documents import Document
from scanning import images, likeness
from scanning.making import searchable_path
from scanning.readingroom import ReadingRoom
from tests.pages import Browser
from tests.people import NOON, Cast, Visitor
from tests.scanning.papers import CONTRACT, drawn, np_picture, printed_pdf
from tests.scanning.spoiling import rescanned
from tests.scanning.workbench import bring, work

OTHER = ("送货单", "收货人：宁波澄海国际物流股份有限公司", "品名：轴承", "数量：275", "2024-06-12")


@pytest.fixture
def papers(in_house: web.House, room: ReadingRoom, tmp_path: Path) -> tuple[Document, Document]:
    """Two files that the bench reads alike, and whose pictures are alike by these likenesses."""
    page = np_picture(drawn(CONTRACT * 3))
    again = rescanned(page, seed=1)
    looks = [likeness.of_picture(one) for one in (page, images.straighten(again, 0.1))]
    came = []
    for number in (1, 2):
        body = printed_pdf(tmp_path / f"{number}.pdf", 1).read_bytes() + b"\n" * number
        came.append(bring(body, f"{number}.pdf").document.id)
    work(room)
    with in_house.database.writing() as session:
        for number, look in zip(came, looks, strict=True):
            document = documents.by_id(session, number)
            looks_like(session, document, look)
    with in_house.database.reading() as session:
        one, other = (documents.by_id(session, number) for number in came)
        return one, other


def looks_like(session: Session, document: Document, bits: int | None) -> None:
    """Its first page has this picture."""
    documents.page_of(session, document, 1).likeness = bits
    documents.note_looks(session, document, (), likeness.is_same_paper)


def bits_apart(one: int | None, other: int | None) -> int:
    assert one is not None
    assert other is not None
    return ((one ^ other) & (2**64 - 1)).bit_count()


@pytest.mark.parametrize("seed", range(4))
def test_a_page_scanned_again_looks_nearly_the_same(seed: int) -> None:
    page = np_picture(drawn(CONTRACT * 3))
    again = rescanned(page, seed)
    straight = images.straighten(again, images.skew(again))
    first = likeness.of_picture(page)
    assert bits_apart(first, likeness.of_picture(straight)) <= 11
    assert bits_apart(first, likeness.of_picture(np_picture(drawn(OTHER * 2)))) > 16


def test_a_bare_page_looks_like_nothing() -> None:
    assert likeness.of_picture(np.full((1754, 1240, 3), 250, np.uint8)) is None


def test_another_of_the_same_form_is_another_paper() -> None:
    text = "\n".join(CONTRACT * 2)
    assert likeness.is_same_paper(text, text.replace("恒岳", "恒丘", 1))
    other = text.replace("00417", "00583").replace("2023年11月", "2021年11月")
    assert not likeness.is_same_paper(text, other)
    assert not likeness.is_same_paper("", "")


def test_prices_of_one_list_do_not_make_two_offers_one() -> None:
    text = "\n".join((*CONTRACT, "单价 1968 元", "单价 4264 元", "单价 1230 元", "QT-{number}"))
    one, other = (text.replace("{number}", number) for number in ("618204", "930771"))
    assert likeness.is_same_paper(one, one)
    assert not likeness.is_same_paper(one, other)


def test_where_many_numbers_are_the_same_a_badly_read_page_is_known() -> None:
    numbers = " ".join(str(20240417000 + at) for at in range(6))
    text = f"{numbers} {'；'.join(CONTRACT * 2)}"
    at = range(0, len(text), 9)
    misread = "".join(
        "口" if n in at and not char.isdigit() else char for n, char in enumerate(text)
    )
    assert likeness.MOST_WORDS < likeness.of_words(text, misread) < likeness.ALIKE_WORDS
    assert likeness.is_same_paper(text, misread)


def test_the_same_paper_again_is_shown_beside_the_first(
    app: Flask, papers: tuple[Document, Document], cast: Cast
) -> None:
    one, other = papers
    clerk = Browser(app, cast.clerk)
    assert f"/documents/{other.id}/alike/{one.id}" in clerk.get(f"/documents/{other.id}/file").text
    beside = clerk.get(f"/documents/{other.id}/alike/{one.id}").text
    assert all(f"/documents/{number}/pages/1/picture" in beside for number in (one.id, other.id))


def test_papers_that_look_alike_are_told_apart_by_file_name_and_to_programs_too(
    app: Flask, papers: tuple[Document, Document], cast: Cast
) -> None:
    one, other = papers
    clerk, program = Browser(app, cast.clerk), Visitor(app, cast.clerk)
    page = clerk.get(f"/documents/{other.id}/file").text
    told = re.search(rf'/alike/{one.id}">Looks like .+?</a>\s*<small>([^<]+)', page)
    assert told
    assert one.file_name in told[1]
    assert program.post(f"/documents/{other.id}/take").data["alike"] == [one.id]


@pytest.mark.parametrize(
    ("numbers", "main"),
    [
        (("HT-2024-1", "HT 2024 1"), "Attach as a better scan"),
        (("HT-2024-1", "HT-2024-2"), "Keep both"),
        (("HT-2024-1", ""), None),
    ],
)
def test_the_main_button_is_what_is_likelier(
    app: Flask, in_house: web.House, staffed: Cast, papers: tuple[Document, Document],
    numbers: tuple[str, str], main: str | None,
) -> None:  # fmt: skip
    first, second = papers
    with in_house.database.writing() as session:
        for paper, number in zip(papers, numbers, strict=True):
            documents.by_id(session, paper.id).number = number
            documents.by_id(session, paper.id).fields = {}
    page = Browser(app, staffed.clerk).get(f"/documents/{second.id}/alike/{first.id}").text
    assert re.findall(r'class="button primary">([^<]+?)\s*<', page) == ([main] if main else [])


def test_both_are_kept_and_nobody_is_asked_again(
    app: Flask, in_house: web.House, papers: tuple[Document, Document], cast: Cast
) -> None:
    one, other = papers
    clerk = Browser(app, cast.clerk)
    path = f"/documents/{other.id}/alike/{one.id}/keep"
    assert [clerk.post(path).status_code for _ in range(2)] == [303, 303]
    assert "/alike/" not in clerk.get(f"/documents/{one.id}/file").text
    with in_house.database.reading() as session:
        told = [row.action for row in ledger.history(session, one.subject)]
    assert told.count("document.kept_both") == 1


def test_a_paper_is_not_compared_with_itself(
    in_house: web.House, papers: tuple[Document, Document]
) -> None:
    one, _ = papers
    with in_house.database.writing() as session:
        known = documents.by_id(session, one.id)
        with pytest.raises(documents.NotWithItself):
            documents.keep_both(session, known, known, by=HOUSE, at=NOON)


def test_likeness_is_found_to_eleven_bits_and_no_further(
    app: Flask, in_house: web.House, papers: tuple[Document, Document]
) -> None:
    one, other = papers
    for bits, seen in ((0, True), (11, True), (12, False)):
        spread = sum(1 << (place * 5) for place in range(bits))
        with in_house.database.writing() as session:
            for document, look in ((one, 1 << 40), (other, (1 << 40) ^ spread)):
                known = documents.by_id(session, document.id)
                looks_like(session, known, look)
        with app.test_request_context(), in_house.database.reading() as session:
            found = documents.lookalikes(session, documents.by_id(session, one.id))
            assert bool(found) is seen


def test_a_better_scan_is_attached_from_the_page_and_brought_back(
    app: Flask, papers: tuple[Document, Document], cast: Cast
) -> None:
    known, scan = papers
    clerk = Browser(app, cast.clerk)
    # Whichever is opened, the one that came later is the new scan.
    beside = clerk.get(f"/documents/{known.id}/alike/{scan.id}").text
    path = f"/documents/{scan.id}/alike/{known.id}/attach"
    assert path in beside
    assert 'name="older" value="0"' in beside
    assert clerk.post(path, older=0).location == f"/documents/{known.id}/file"
    assert f"/documents/{scan.id}" in clerk.get(f"/documents/{known.id}/file").text
    older = clerk.get(f"/documents/{scan.id}").text
    assert "This is an older scan" in older
    assert "Correct" not in clerk.get(f"/documents/{scan.id}/file").text
    assert f'name="older" value="{scan.id}"' in clerk.get(f"/documents/{known.id}").text
    undo = f"/documents/{known.id}/older-scan"
    assert clerk.post(undo, older=scan.id).status_code == 303
    assert "This is an older scan" not in clerk.get(f"/documents/{scan.id}").text


def test_a_program_attaches_and_is_told_why_not(
    app: Flask, papers: tuple[Document, Document], cast: Cast
) -> None:
    known, scan = papers
    clerk = Visitor(app, cast.clerk)
    path = f"/documents/{scan.id}/alike/{known.id}"
    seen = clerk.get(path).data
    assert [one["id"] for one in seen["documents"]] == [known.id, scan.id]
    assert [one["dpi"] for one in seen["pages"]] == [150, 150]
    assert seen["refusal"] is None
    assert Visitor(app, cast.reader).post(f"{path}/attach").status == 403
    told = clerk.post(f"{path}/attach")
    assert (told.status, told.data["corrections"]) == (200, 0)
    assert [one["scan_of"] for one in told.data["documents"]] == [None, known.id]
    assert clerk.get(f"/documents/{known.id}").data["older_scans"] == [scan.id]
    again = clerk.post(f"{path}/attach")
    assert (again.status, "kept as it was" in again.data["error"]) == (409, True)
    assert "kept as it was" in clerk.get(path).data["refusal"]


def test_the_searchable_pdf_is_of_the_scan_that_is_shown(
    app: Flask, in_house: web.House, papers: tuple[Document, Document], cast: Cast
) -> None:
    known, scan = papers
    clerk = Visitor(app, cast.clerk)
    pdf = f"/api/v1/documents/{known.id}/searchable.pdf"
    before = clerk.client.get(pdf, headers=clerk._headers).data
    clerk.post(f"/documents/{scan.id}/alike/{known.id}/attach")
    with in_house.database.reading() as session:
        shown = documents.by_id(session, known.id)
        place = searchable_path(in_house.files, shown)
        assert place.parent == searchable_path(in_house.files, scan).parent
    assert clerk.client.get(pdf, headers=clerk._headers).status_code == 200
    assert place.exists()
    clerk.post(f"/documents/{known.id}/older-scan")
    assert clerk.client.get(pdf, headers=clerk._headers).data == before
