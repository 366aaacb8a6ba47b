"""The main walk: from the one-time link to a folder that went out and came back."""

from io import BytesIO
from pathlib import Path

import pytest
from playwright.sync_api import FilePayload, Page, expect

from labels.decode import decode
from tests.people import PASSWORD
from tests.server import Served
from tests.walks import papers
from tests.walks.browsing import choose, filled, log_in, part, send_files
from tests.walks.conftest import Archive, Windows

pytestmark = pytest.mark.walk

READING = 180_000.0  # Milliseconds for a handful of scans on a machine that is busy otherwise.
SENTENCE = "质量保证期为验收合格之日起十二个月"
SLACK = 0.01  # Of the page's width or height: half a line.
GIVEN = ("real/r324.jpg", "real/r173.jpg")


def test_from_the_one_time_link_to_a_folder_that_came_back(
    first_day: Served, window: Windows
) -> None:
    page = window(first_day.address)
    _the_link_makes_the_first_administrator_once(page, first_day.welcome)
    _the_administrator_makes_accounts(page)
    page.click("text=Log out")
    log_in(page, "wang", PASSWORD)
    scan = papers.scan(seed=3)
    _files_are_dropped_and_chosen_and_read(page, scan)
    _a_line_and_its_box_light_up_together(page)
    _turning_the_page_keeps_what_was_typed(page)
    code = _papers_are_filed_in_one_click_each(page)
    _the_printed_label_leads_to_the_folder(page, code)
    _a_sentence_is_found_and_marked_where_it_stands(page, scan)
    _a_folder_goes_out_once_and_comes_back(page, code)
    _the_ledger_tells_it_all_and_is_sound(page)


def test_the_given_scans_are_read_like_any_other(
    archive: Archive, window: Windows, scans: Path
) -> None:
    page = window(archive.address)
    log_in(page, "chen", PASSWORD)
    page.goto("/inbox")
    given = [_given(scans / name) for name in GIVEN]
    send_files(page, *given)
    for file in given:
        _is_read(page, file["name"])
        page.locator("#inbox tr", has_text=file["name"]).locator(".lead a").click()
        expect(page.locator(".page rect").nth(9)).to_be_attached()
        page.go_back()


def _the_link_makes_the_first_administrator_once(page: Page, link: str) -> None:
    page.goto(link)
    filled(page, login="zhao", name="赵敏", password=PASSWORD, again="another one 42")
    page.click("main .primary")
    expect(page.locator(".errors")).to_contain_text("The two passwords differ.")
    expect(page.locator("[name=name]")).to_have_value("赵敏")
    filled(page, password=PASSWORD, again=PASSWORD)
    page.click("main .primary")
    expect(page.locator(".flash.done")).to_contain_text("The archive is yours to fill.")
    page.goto(link)
    expect(page.locator(".sentence")).to_contain_text("This link was already used")


def _the_administrator_makes_accounts(page: Page) -> None:
    page.goto("/accounts")
    for login, name, role in (("wang", "王芳", "archivist"), ("li", "李雷", "staff")):
        page.click("text=New account")
        filled(page, login=login, name=name, password=PASSWORD)
        page.select_option("[name=role]", role)
        page.click("main .primary")
        expect(page.locator(".flash.done")).to_have_text(f"{name} can log in now.")
        page.click(".tabs >> text=Accounts")


def _files_are_dropped_and_chosen_and_read(page: Page, scan: FilePayload) -> None:
    page.click(".tabs >> text=Inbox")
    expect(page.locator("#inbox .empty")).to_be_visible()
    page.locator("[data-drop]").drop({"files": [papers.two_pages()]})
    expect(page.locator(".sent .kept")).to_be_visible()
    send_files(page, scan)
    send_files(page, papers.scan("licence", seed=4, turned=90))
    # The list below fills by itself, and tells how far each paper is.
    expect(page.locator("#inbox tbody tr")).to_have_count(3)
    expect(page.locator("#inbox").get_by_role("progressbar").first).to_be_visible()
    for name in ("合同附运单", scan["name"], "扫描件-4"):
        _is_read(page, name)
    expect(page.locator("#inbox caption")).to_have_text("3 papers in the inbox · 3 papers to file")
    # What became of each file stands beside its name too.
    expect(page.locator(".sent .said")).to_have_text(["Read"] * 3)


def _is_read(page: Page, name: str) -> None:
    """Wait without touching the page until the list says so."""
    row = page.locator("#inbox tr", has_text=name)
    expect(row.locator(".state.good")).to_be_visible(timeout=READING)


def _a_line_and_its_box_light_up_together(page: Page) -> None:
    page.locator("#inbox tr", has_text="合同附运单").locator(".lead a").click()
    line = page.locator(".lines li", has_text="合同编号").first
    box = page.locator(f"#{line.get_attribute('id')}".replace("line-", "box-"))
    expect(box).not_to_have_class("lit")
    line.hover()
    expect(box).to_have_class("lit")
    page.mouse.move(0, 0)
    expect(box).not_to_have_class("lit")
    box.hover()
    expect(line).to_have_class("lit")


def _turning_the_page_keeps_what_was_typed(page: Page) -> None:
    page.fill("[name=title]", "设备购销合同及运单")
    page.click("text=Next page")
    expect(page.locator(".pager")).to_contain_text("Page 2 of 2")
    expect(page.locator(".lines")).to_contain_text("公路货物运输托运单")
    expect(page.locator("[name=title]")).to_have_value("设备购销合同及运单")


def _papers_are_filed_in_one_click_each(page: Page) -> str:
    """The label code of the first paper's folder."""
    page.click("main .primary")
    expect(page.locator(".flash.done")).to_contain_text("Filed as Q001-")
    for kind in ("购销合同", "营业执照"):
        expect(page.locator("h1")).to_have_text(kind)
        page.click("main .primary")
        expect(page.locator(".flash.done")).to_contain_text("Filed as Q001-")
    # Nothing waits any more: the last paper is shown as it stands in the archive.
    expect(page.locator("h1")).to_have_text("营业执照")
    page.click(".tabs >> text=Folders")
    expect(page.locator("tbody tr")).to_have_count(3)
    page.click("tbody tr:last-child .lead a")
    expect(page.locator(".folder .tab")).to_be_visible()
    return page.url.rpartition("/")[2]


def _the_printed_label_leads_to_the_folder(page: Page, code: str) -> None:
    page.click("text=Print the label")
    with page.expect_download() as downloading:
        page.click("main .primary")
    label = papers.picture_of(Path(downloading.value.path()).read_bytes())
    photo = BytesIO()
    label.save(photo, "PNG")
    [seen] = decode(photo.getvalue())
    assert seen.text.endswith(f"/c/{code}")
    page.goto(seen.text)
    expect(page).to_have_url(f"{page.url.partition('/folders/')[0]}/folders/{code}")
    expect(page.locator(".folder .tab")).to_contain_text("Q001-")


def _a_sentence_is_found_and_marked_where_it_stands(page: Page, scan: FilePayload) -> None:
    page.fill("#find", SENTENCE)
    page.keyboard.press("Enter")
    expect(page.locator(".hit mark").first).to_be_visible()
    page.get_by_role("link", name="购销合同", exact=True).click()
    expect(page.locator(".marked mark")).to_have_text(SENTENCE)
    shown = part(page.locator(".page rect"), page.locator(".page img"))
    drawn = papers.place(papers.drawn("contract", seed=3), SENTENCE)
    assert all(abs(seen - true) < SLACK for seen, true in zip(shown, drawn, strict=True)), (
        shown,
        drawn,
    )


def _a_folder_goes_out_once_and_comes_back(page: Page, code: str) -> None:
    late = page.context.new_page()
    for one in (page, late):
        one.goto(f"/c/{code}")
        expect(one.locator(".folder .state")).to_have_text("Not shelved yet")
        choose(one, "borrower_name", "李")
        expect(one.locator("[name=borrower_name]")).to_have_value("李雷")
        one.fill("[name=purpose]", "核对付款条款")
    page.click("main .primary")
    expect(page.locator(".flash.done")).to_contain_text("Lent to 李雷 until")
    expect(page.locator(".folder .state")).to_have_text("Lent")
    late.click("main .primary")
    expect(late.locator(".errors")).to_contain_text("李雷 has this folder until")
    late.close()
    page.fill("[name=note]", "首页有折痕")
    page.click("main .primary")
    expect(page.locator(".flash.done")).to_contain_text("Back from 李雷.")
    told = page.locator(".history li p")
    expect(told.nth(0)).to_have_text(f"took folder {code} back from 李雷: “首页有折痕”")
    expect(told.nth(1)).to_contain_text(f"lent folder {code} to 李雷 until")
    expect(told.nth(2)).to_have_text(f"printed labels (1): {code}")
    expect(told.nth(3)).to_contain_text(f"with folder {code}")


def _the_ledger_tells_it_all_and_is_sound(page: Page) -> None:
    page.click(".tabs >> text=Ledger")
    told = page.locator(".history").inner_text()
    for sentence in (
        "founded the fonds",
        "made the account wang",
        "received 合同附运单-1.pdf",
        "read 合同附运单-1.pdf; pages: 2",
        "filed “设备购销合同及运单”",
        "printed labels (1): ",
        "to 李雷 until",
        "back from 李雷",
    ):
        assert sentence in told
    page.click("text=Verify the whole chain")
    expect(page.locator(".answer.good")).to_contain_text("The ledger is sound")


def _given(path: Path) -> FilePayload:
    kind = "image/jpeg" if path.suffix == ".jpg" else "image/png"
    return {"name": path.name, "mimeType": kind, "buffer": path.read_bytes()}
