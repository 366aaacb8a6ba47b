"""The same steps on a telephone, in Chinese."""

from io import BytesIO

import pytest
from playwright.sync_api import FilePayload, Page, expect

from labels import sheets
from labels.draw import Label, draw
from labels.print import DEFAULT_SHEET
from tests.people import PASSWORD
from tests.walks import papers
from tests.walks.browsing import choose, fits, log_in
from tests.walks.conftest import Archive, Windows

pytestmark = pytest.mark.walk


def test_a_paper_photographed_with_a_telephone_is_filed_and_its_folder_lent(
    archive: Archive, window: Windows
) -> None:
    page = window(archive.address, language="zh-CN", phone=True)
    log_in(page, "wang", PASSWORD)
    page.goto("/inbox")
    expect(page.locator("label.camera")).to_be_visible()
    page.set_input_files("#drop-camera", [papers.scan("waybill", seed=21)])
    expect(page.locator(".sent .said")).to_have_text("已接收")
    row = page.locator("#inbox tr", has_text="扫描件-21")
    row.get_by_role("link", name="归档").click(timeout=120_000)
    assert fits(page)
    page.tap("main .primary")
    expect(page.locator(".flash").first).to_contain_text("Q001-")
    page.goto("/folders")
    assert fits(page)
    page.locator("tbody .lead a").first.tap()
    choose(page, "borrower_name", "李")
    page.fill("[name=purpose]", "核对付款条款")
    assert fits(page)
    _is_within_a_thumbs_reach(page)
    page.tap("form[action$=check-out] .primary")
    expect(page.locator(".folder .state")).to_have_text("已借出")
    assert fits(page)
    page.tap("form[action$=return] .primary")
    expect(page.locator(".folder .state")).to_have_text("未上架")


def test_a_sentence_is_found_on_a_telephone_and_the_filters_stay_folded(
    archive: Archive, window: Windows
) -> None:
    archive.file(papers.pdf("contract", seed=22))
    page = window(archive.address, language="zh-CN", phone=True)
    log_in(page, "li", PASSWORD)
    page.fill("#find", "逾期一日按合同总价的万分之五")
    page.keyboard.press("Enter")
    expect(page.locator("#category")).to_be_hidden()
    page.tap(".narrow summary")
    expect(page.locator("#category")).to_be_visible()
    assert fits(page)
    page.locator(".hit h2 a").first.tap()
    expect(page.locator(".page rect").first).to_be_in_viewport()
    assert fits(page)


def test_a_photo_of_a_label_finds_its_folder(archive: Archive, window: Windows) -> None:
    code = archive.file(papers.pdf("licence", seed=23))
    page = window(archive.address, language="zh-CN", phone=True)
    log_in(page, "wang", PASSWORD)
    page.goto("/scan")
    page.set_input_files("#photo", [_photo(f"{archive.address}/c/{code}")])
    expect(page).to_have_url(f"{archive.address}/folders/{code}")
    page.goto("/scan")
    page.set_input_files("#photo", [papers.scan("licence", seed=23)])
    expect(page.locator(".sentence")).to_contain_text("二维码")


def test_no_page_is_wider_than_the_telephone(archive: Archive, window: Windows) -> None:
    page = window(archive.address, language="zh-CN", phone=True)
    log_in(page, "zhao", PASSWORD)
    expect(page.locator(".tabs a").first).to_be_attached()
    links = [link.get_attribute("href") for link in page.locator(".tabs a, .foot a").all()]
    assert {"/inbox", "/folders", "/accounts", "/ledger"} <= set(links)
    for link in filter(None, links):
        page.goto(link)
        assert fits(page), link


def _is_within_a_thumbs_reach(page: Page) -> None:
    button = page.locator("form[action$=check-out] .primary").bounding_box()
    assert button
    assert button["height"] >= 48
    assert button["width"] >= 300


def _photo(url: str) -> FilePayload:
    """A sheet with a label on a desk, the telephone held a little askew."""
    printed = BytesIO()
    draw([Label("", url, "", "客户资质与背景", ())], sheets.find(DEFAULT_SHEET), printed)
    desk = (120, 104, 88)
    sheet = papers.picture_of(printed.getvalue()).rotate(7, expand=True, fillcolor=desk)
    target = BytesIO()
    sheet.resize((sheet.width // 2, sheet.height // 2)).save(target, "JPEG", quality=70)
    return {"name": "照片.jpg", "mimeType": "image/jpeg", "buffer": target.getvalue()}
