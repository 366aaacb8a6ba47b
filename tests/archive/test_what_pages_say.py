"""What the reader sees: headings, dates, who may, where the folder is, whole titles, language."""

import re
from pathlib import Path

import pytest
from flask import Flask, g

from archive import circulation, documents, volumes
from archive.base.db import now
from archive.base.ledger import HOUSE
from archive.base.web import API
from archive.documents import Document
from archive.routes import entrance
from archive.users import User
from scanning import quality
from scanning.errors import EmptyFile, PageTookTooLong
from tests import stock
from tests.furnished import Furnished
from tests.pages import Browser
from tests.people import Cast, Visitor

TEMPLATES = Path(__file__).parents[2] / "templates"
CODE = "91350100M000100Y43"


def clerk(furnished: Furnished) -> Browser:
    return Browser(furnished.app, furnished.cast.clerk)


def lend(furnished: Furnished) -> str:
    """The furnished folder goes out to the reader; the day it is due."""
    with furnished.house.database.writing() as session:
        folder = volumes.folder_by_code(session, str(furnished.places["code"]))
        reader = session.get_one(User, furnished.cast.reader.id)
        today = now().date()
        circulation.check_out(
            session, folder, reader, purpose="核对", due_on=today, today=today, by=HOUSE, at=now()
        )
    return today.isoformat()


def test_a_refusal_is_headed_by_what_happened(furnished: Furnished) -> None:
    person = clerk(furnished)
    looked = person.get("/ledger", kind="x", ref="x" * 5)
    assert "Not for this account" in looked.text
    archivist = Browser(furnished.app, furnished.cast.archivist)
    assert "This cannot be shown" in archivist.get("/ledger?kind=folder").text
    assert "This was not done" in person.post("/documents").text
    assert "There is nothing here" in person.get("/documents/9999/original").text


def test_days_have_one_form_on_all_pages(furnished: Furnished) -> None:
    day = lend(furnished)
    shown = Browser(furnished.app, furnished.cast.reader, language="zh")
    for path in ("/loans", "/me", "/folders", f"/folders/{furnished.places['code']}"):
        assert day in shown.get(path).text, path
    forms = re.compile(r"date(?:time)?format\('(?!short')|date(?:time)?format(?!\()")
    for page in TEMPLATES.rglob("*.html"):
        assert not forms.search(page.read_text("utf-8")), page


def test_a_hit_says_where_its_folder_is(furnished: Furnished) -> None:
    reader, program = (
        Browser(furnished.app, furnished.cast.reader),
        Visitor(furnished.app, furnished.cast.reader),
    )
    with furnished.house.database.reading() as session:
        folder = volumes.folder_by_code(session, str(furnished.places["code"]))
        number = documents.of_volume(session, folder.volume)[0].id
        place = folder.home.code if folder.home else ""
    path = f"/search/documents/{number}"
    assert place
    assert place in reader.get(path, q="总价").text
    assert program.get(path, q="总价").data["folders"][0]["loan"] is None
    day = lend(furnished)
    assert f"with 李雷 until {day}" in reader.get(path, q="总价").text
    assert f"with 李雷 until {day}" in reader.get(f"/documents/{number}").text
    assert program.get(path, q="总价").data["folders"][0]["loan"]["due_on"] == day


def test_an_empty_archive_invites_those_who_may_to_make_a_card(app: Flask, staffed: Cast) -> None:
    person, reader = Browser(app, staffed.clerk), Browser(app, staffed.reader)
    assert "There is no card yet." in reader.get("/parties").text
    assert "/parties/new" not in reader.get("/parties").text
    assert "/parties/new" in person.get("/parties").text
    assert "No card matches." in person.get("/parties", q="没有").text


def test_a_paper_in_other_hands_cannot_be_filed_by_a_click(furnished: Furnished) -> None:
    number = int(furnished.places["documents"])
    path = f"/documents/{number}/file"
    button = re.compile(r'<button class="button primary"[^>]*>File')
    assert "disabled" not in button.findall(clerk(furnished).get(path).text)[0]
    with furnished.house.database.writing() as session:
        document = session.get_one(Document, number)
        documents.take(session, document, by=furnished.cast.archivist.actor, at=now())
    page = clerk(furnished).get(path).text
    assert "disabled" in button.findall(page)[0]
    assert "王芳 has it in hand" in page


def test_a_covers_party_may_be_left_out_and_says_so(furnished: Furnished) -> None:
    page = clerk(furnished).get("/labels/covers").text
    assert re.search(r'<label for="party_name">Party <i>optional</i>', page)


def test_a_clerk_changes_a_card_and_the_ledger_keeps_both(furnished: Furnished) -> None:
    number = furnished.places["parties"]
    path = f"/parties/{number}/edit"
    assert "Change the card" in clerk(furnished).get(f"/parties/{number}").text
    program = Visitor(furnished.app, furnished.cast.clerk)
    sent = {"version": 1, "credit_code": f" {CODE.lower()} "}
    assert program.post(path, **sent).data["credit_code"] == CODE
    page = clerk(furnished).get(f"/parties/{number}").text
    assert CODE in page
    assert re.search(rf"changed the card of .+: Unified social credit code: — → {CODE}", page)
    reader = Visitor(furnished.app, furnished.cast.reader)
    assert reader.post(path, version=2, credit_code="").status == 403
    assert reader.get(f"/parties/{number}").data["credit_code"] == CODE


def test_a_card_that_stays_the_same_makes_no_row(furnished: Furnished) -> None:
    program = Visitor(furnished.app, furnished.cast.clerk)
    path = f"/parties/{furnished.places['parties']}/edit"
    assert program.post(path, version=1, credit_code=CODE).data["version"] == 2
    same = program.post(path, version=2, credit_code=f"{CODE[:8]} {CODE[8:]}")
    assert same.data["version"] == 2
    page = clerk(furnished).get(f"/parties/{furnished.places['parties']}").text
    assert page.count("changed the card") == 1


def test_a_very_long_title_stands_whole_where_it_is_cut(furnished: Furnished) -> None:
    title = "关于" + "设备采购与安装调试及售后服务" * 18 + "的合同"
    with furnished.house.database.writing() as session:
        number = stock.file(session, stock.read(session, "长.pdf", "总价"), title=title).id
    furnished.follow()
    for path in (f"/documents/{number}", f"/search?q={title[:20]}", f"/search/documents/{number}"):
        page = clerk(furnished).get(path).text
        assert re.search(rf'class="long" title="{title}"', page), path


@pytest.mark.parametrize(
    ("asked", "chosen", "answered"),
    [
        (None, "", "en"),
        (None, "zh", "zh"),
        ("en", "zh", "en"),
        ("zh-CN", "en", "zh"),
        ("fr", "", "en"),
    ],
)
def test_a_program_is_answered_in_the_language_it_asks_for(
    app: Flask, staffed: Cast, asked: str | None, chosen: str, answered: str
) -> None:
    headers = {"Accept-Language": asked} if asked else {}
    staffed.clerk.language = chosen
    with app.test_request_context(f"{API}/inbox", headers=headers):
        g.person = staffed.clerk
        assert entrance.language() == answered


def test_a_program_reads_why_a_paper_failed_and_a_value_is_doubted_in_its_language(
    furnished: Furnished,
) -> None:
    blurred = {"text": quality.BLURRED, "params": {}}
    with furnished.house.database.writing() as session:
        document = stock.read(session, fields={"amount": {"value": "7", "reason": blurred}})
        document.problem = {"text": PageTookTooLong.text, "params": {"seconds": 5}}
        documents.page_of(session, document, 1).reading = stock.reading("x") | {
            "quality": [blurred]
        }
        path = f"/documents/{document.id}"
    program = Visitor(furnished.app, furnished.cast.clerk)
    program._headers["Accept-Language"] = "zh"
    told = program.get(path).data
    assert "5 秒" in told["problem"]["text"]
    assert told["fields"]["amount"]["reason"]["text"].startswith("字迹模糊")
    assert told["page"]["reading"]["quality"] == [told["fields"]["amount"]["reason"]]


def test_no_refusal_tells_a_program_of_pages_and_buttons(app: Flask, staffed: Cast) -> None:
    program = Visitor(app, staffed.clerk)
    answers = (program.get("/nowhere"), program.post("/ledger"), program.get("/inbox/next"))
    assert [one.status for one in answers] == [404, 405, 405]
    assert all("/api/v1/openapi.json" in one.data["error"] for one in answers)


def test_above_a_list_of_the_inbox_stands_how_many_papers_are_in_it(furnished: Furnished) -> None:
    with furnished.house.database.writing() as session:
        stock.receive(session)
        invoice = stock.read(session, "invoice.pdf", "发票", kind="invoice")
        away = stock.read(session, "away.pdf", "广告")
        documents.put_away(session, away, by=HOUSE, at=now())
        batch = invoice.original.batch_id
    person = clerk(furnished)
    caption = re.compile(r"<caption>(.*?)</caption>", re.DOTALL)

    def above(**sought: object) -> str:
        return str(caption.findall(person.get("/inbox", **sought).text)[0])

    assert above() == "3 papers in the inbox · 2 papers to file"
    for sought in ({"state": "away"}, {"kind": "invoice"}, {"batch": batch}):
        assert above(**sought) == "1 paper of this sort"


def test_a_file_that_is_itself_at_fault_is_not_offered_to_be_read_again(
    furnished: Furnished,
) -> None:
    with furnished.house.database.writing() as session:
        empty, slow = stock.receive(session, "empty.pdf"), stock.receive(session, "slow.pdf")
        documents.refuse(session, empty, {"text": EmptyFile.text, "params": {}}, at=now())
        late = {"text": PageTookTooLong.text, "params": {"seconds": 5}}
        documents.refuse(session, slow, late, at=now())
        paths = [f"/documents/{one.id}/retry" for one in (empty, slow)]
    person = clerk(furnished)
    inbox = person.get("/inbox").text
    assert [path in inbox for path in paths] == [False, True]
    for path, is_offered in zip(paths, (False, True), strict=True):
        page = person.get(path.replace("retry", "file")).text
        assert (path in page, path.replace("retry", "put-away") in page) == (is_offered, True)


def test_a_question_is_bounded_where_it_is_typed(furnished: Furnished) -> None:
    person = clerk(furnished)
    for path in ("/inbox", "/search", f"/search/documents/{furnished.places['search']}"):
        fields = re.findall(r'<input[^>]*type="search"[^>]*>', person.get(path).text)
        assert fields
        assert all('maxlength="500"' in field for field in fields), path


def test_printed_labels_are_listed_in_the_ledger_as_the_language_lists_things(
    furnished: Furnished,
) -> None:
    code = str(furnished.places["code"])
    archivist = Browser(furnished.app, furnished.cast.archivist, language="zh")
    program = Visitor(furnished.app, furnished.cast.clerk)
    assert program.post("/labels/folders", codes=f"{code}\n{code}", start=1).status == 200
    assert f"{code}、{code}" in archivist.get("/ledger").text


def test_a_paper_in_other_hands_says_beside_the_button_what_to_do(furnished: Furnished) -> None:
    number = int(furnished.places["documents"])
    with furnished.house.database.writing() as session:
        document = session.get_one(Document, number)
        documents.take(session, document, by=furnished.cast.archivist.actor, at=now())
    page = clerk(furnished).get(f"/documents/{number}/file").text
    assert re.search(r"disabled[^>]*>File.*?Take another one, or ask for it\.", page, re.DOTALL)


def test_what_became_of_sent_files_is_told_file_by_file(furnished: Furnished) -> None:
    with furnished.house.database.writing() as session:
        empty, waiting = stock.receive(session, "empty.pdf"), stock.receive(session, "new.pdf")
        documents.refuse(session, empty, {"text": EmptyFile.text, "params": {}}, at=now())
        read = stock.read(session, "read.pdf", "发票")
        numbers = [empty.id, waiting.id, read.id]
    told = clerk(furnished).get("/documents/became", of=",".join(map(str, [*numbers, "x", 10**12])))
    by_number = {one.pop("id"): one for one in told.get_json()}
    assert [by_number[number] for number in numbers] == [
        {"said": EmptyFile.text, "done": True, "bad": True},
        {"said": "Waiting", "done": False, "bad": False},
        {"said": "Read", "done": True, "bad": False},
    ]
    reader = Browser(furnished.app, furnished.cast.reader)
    assert reader.get("/documents/became", of=str(read.id)).status_code == 403


def test_a_batch_of_one_file_is_listed_by_the_files_name(furnished: Furnished) -> None:
    with furnished.house.database.writing() as session:
        stock.receive(session, "供货发票.pdf")
    assert re.search(r"<a[^>]*>供货发票\.pdf</a>", clerk(furnished).get("/batches").text)


def test_no_type_is_suggested_for_a_paper_that_nobody_could_read(furnished: Furnished) -> None:
    with furnished.house.database.writing() as session:
        document = stock.read(session, "dark.pdf", "?", kind="other")
        document.state = documents.State.FAILED
        path = f"/documents/{document.id}/file"
    page = clerk(furnished).get(path).text
    assert '<select id="type"' in page
    assert not re.search(r'<option value="[^"]+" selected>Background', page)


def test_the_first_page_of_staff_has_the_search_and_what_they_hold(furnished: Furnished) -> None:
    lend(furnished)
    page = Browser(furnished.app, furnished.cast.reader).get("/").text
    assert '<input id="words" type="search"' in page
    assert f'href="/folders/{furnished.places["code"]}"' in page
    assert '<input id="words"' not in clerk(furnished).get("/").text


def test_a_page_that_was_not_read_leads_on_to_the_others_and_the_paper_says_how_far_it_is(
    furnished: Furnished,
) -> None:
    with furnished.house.database.writing() as session:
        path = f"/documents/{stock.open_pages(session, stock.receive(session), pages=9).id}"
    page = clerk(furnished).get(path, page=5).text
    assert "This page is still being read." in page
    assert "0 / 9" in page
    assert f'rel="next" href="{path}?page=6"' in page
    assert re.search(r'<input[^>]* name="page"[^>]* max="9" value="5"', page)


def test_from_a_paper_that_was_not_read_clerks_are_led_to_where_it_is_dealt_with(
    furnished: Furnished,
) -> None:
    with furnished.house.database.writing() as session:
        empty = stock.receive(session, "empty.pdf")
        documents.refuse(session, empty, {"text": EmptyFile.text, "params": {}}, at=now())
        path = f"/documents/{empty.id}"
    for person, is_led in (
        (clerk(furnished), True),
        (Browser(furnished.app, furnished.cast.reader), False),
    ):
        page = person.get(path).text
        assert "Not read" in page
        assert (f'href="{path}/file"' in page) is is_led
