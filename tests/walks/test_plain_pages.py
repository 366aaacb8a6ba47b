"""Without JavaScript, and without a mouse."""

import re

import pytest
from playwright.sync_api import expect

from tests.people import PASSWORD
from tests.walks import papers
from tests.walks.browsing import log_in, reload_until
from tests.walks.conftest import Archive, Windows

pytestmark = pytest.mark.walk


def test_a_paper_is_sent_filed_lent_and_returned_without_javascript(
    archive: Archive, window: Windows
) -> None:
    page = window(archive.address, script=False)
    log_in(page, "wang", PASSWORD)
    page.goto("/inbox")
    page.set_input_files("#drop-files", [papers.pdf("contract", seed=31)])
    page.click("text=Send")
    expect(page.locator(".flash")).to_have_text("1 file is safe and will be read now.")
    row = page.locator("#inbox tr", has_text=papers.drawn("contract", seed=31).name)
    reload_until(page, row.get_by_role("link", name="File").is_visible)
    row.get_by_role("link", name="File").click()
    page.click("main .primary")
    filed = page.locator(".flash").first.inner_text()
    code = re.search(r"Q001-\S+(?=-\d{3}\.)", filed)
    assert code, filed
    page.goto("/folders")
    page.locator("tr", has_text=code[0]).locator(".lead a").click()
    page.fill("[name=borrower_name]", "李雷")
    page.fill("[name=purpose]", "核对付款条款")
    page.click("form[action$=check-out] .primary")
    expect(page.locator(".flash")).to_contain_text("Lent to 李雷 until")
    page.click("form[action$=return] .primary")
    expect(page.locator(".flash")).to_contain_text("Back from 李雷.")


def test_everything_is_reached_with_the_keyboard_and_a_hand_scanner(
    archive: Archive, window: Windows
) -> None:
    code = archive.file(papers.pdf("invoice", seed=32))
    page = window(archive.address)
    keyboard = page.keyboard
    page.goto("/")
    keyboard.type("wang")
    keyboard.press("Tab")
    keyboard.type(PASSWORD)
    keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Today")
    page.wait_for_load_state()  # Keys are heard as soon as the page's script has run.
    keyboard.press("/")
    expect(page.locator("#find")).to_be_focused()
    keyboard.type("价税合计")
    keyboard.press("Enter")
    expect(page.locator(".hit mark").first).to_have_text("价税合计")
    page.get_by_role("link", name="Scan", exact=True).focus()
    keyboard.press("Enter")
    expect(page.locator("#scan")).to_be_focused()
    keyboard.type(f"{archive.address}/c/{code}\n", delay=2)
    expect(page).to_have_url(f"{archive.address}/folders/{code}")
    page.goto("/")
    # On the start page the scanner needs no field to be chosen.
    keyboard.type(f"{code.lower()}\n", delay=2)
    expect(page).to_have_url(f"{archive.address}/folders/{code}")
    page.wait_for_load_state()
    page.locator("[name=borrower_name]").focus()
    keyboard.type("li", delay=20)
    page.locator("[role=option]").first.wait_for()
    keyboard.press("ArrowDown")
    keyboard.press("Enter")
    keyboard.press("Tab")
    expect(page.locator("[name=due_on]")).to_be_focused()
    page.locator("[name=purpose]").focus()
    keyboard.type("核对\n")
    expect(page.locator(".folder .state")).to_have_text("Lent")
