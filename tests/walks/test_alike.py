"""The same paper scanned again: seen beside the first, attached as the better scan, and undone."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.people import PASSWORD
from tests.walks import papers
from tests.walks.browsing import fits, log_in
from tests.walks.conftest import Archive, Windows

pytestmark = pytest.mark.walk
SEED = 61
PIXEL = 1.0


def test_a_better_scan_takes_a_filed_ones_place_and_is_undone(
    archive: Archive, window: Windows
) -> None:
    known = archive.receive(papers.scan(seed=SEED))
    code = archive.post(f"documents/{known}/file", data={})["code"]
    better = archive.receive(papers.pdf(seed=SEED))
    page = window(archive.address)
    log_in(page, "chen", PASSWORD)
    page.goto(f"/documents/{better}/file")
    page.click("text=Looks like")
    _both_are_seen_as_wide_and_grow_together(page)
    _on_a_telephone_each_value_says_whose_it_is(window(archive.address, phone=True), page.url)
    page.click("text=Attach as a better scan")
    expect(page).to_have_url(re.compile(rf"/documents/{known}$"))
    expect(page.get_by_text("The better scan is shown now")).to_be_visible()
    expect(page.locator("main .head")).to_contain_text(code)
    expect(page.locator("main")).to_contain_text(f"扫描件-{SEED}-0.jpg")
    _the_older_scan_is_kept(page, f"扫描件-{SEED}-0.jpg")
    page.once("dialog", lambda dialog: dialog.accept())
    page.click("text=Undo the better scan")
    expect(page.get_by_text("The older scan is shown again")).to_be_visible()
    assert archive.get(f"documents/{better}")["state"] == "read"


def _both_are_seen_as_wide_and_grow_together(page: Page) -> None:
    shown = page.locator(".beside img")
    expect(shown).to_have_count(2)
    assert fits(page)
    for _ in range(2):
        widths = [one["width"] for one in (box.bounding_box() for box in shown.all()) if one]
        assert abs(widths[0] - widths[1]) < PIXEL
        page.keyboard.press("+")


def _on_a_telephone_each_value_says_whose_it_is(page: Page, address: str) -> None:
    log_in(page, "chen", PASSWORD)
    page.goto(address)
    assert fits(page)
    expect(page.locator("thead")).to_be_hidden()
    said = [cell.get_attribute("data-label") for cell in page.locator("tbody td").all()]
    assert said == ["Here already", "New scan"] * (len(said) // 2)


def _the_older_scan_is_kept(page: Page, name: str) -> None:
    page.click(f"text={name}")
    expect(page.get_by_text("This is an older scan")).to_be_visible()
    expect(page.locator("main .page img")).to_be_visible()
    page.go_back()
