"""What goes wrong is told in a sentence, and nothing that was typed or wanted is lost."""

import pytest
from playwright.sync_api import expect

from tests.people import PASSWORD
from tests.walks import papers
from tests.walks.browsing import filled, log_in, send_files
from tests.walks.conftest import Archive, Windows

pytestmark = pytest.mark.walk


def test_a_text_renamed_pdf_and_a_file_sent_twice_are_told_in_sentences(
    archive: Archive, window: Windows
) -> None:
    page = window(archive.address)
    log_in(page, "chen", PASSWORD)
    page.goto("/inbox")
    send_files(page, papers.renamed_text())
    row = page.locator("#inbox tr", has_text="会议记录.pdf")
    expect(row.locator(".problem")).to_contain_text("The file is in no format that can be read.")
    twice = papers.pdf("waybill", seed=41)
    send_files(page, twice)
    send_files(page, twice)
    again = page.locator(".sent li").first
    expect(again).to_contain_text("Already here as ")
    link = page.locator("#inbox tr", has_text=twice["name"]).locator("td.lead a")
    expect(again.locator(".said a")).to_have_attribute("href", link.get_attribute("href") or "")
    expect(page.locator("#inbox tr", has_text=twice["name"])).to_have_count(1)


def test_an_empty_file_is_not_filed_but_put_away(archive: Archive, window: Windows) -> None:
    page = window(archive.address)
    log_in(page, "chen", PASSWORD)
    page.goto("/inbox")
    send_files(page, {"name": "空白.pdf", "mimeType": "application/pdf", "buffer": b""})
    row = page.locator("#inbox tr", has_text="空白.pdf")
    expect(row.locator(".problem")).to_contain_text("The file is empty.")
    expect(row.locator("td.do a")).to_have_count(0)
    row.locator("td.lead a").click()
    expect(page.locator("#filing")).to_have_count(0)
    page.click("button:has-text('Put away')")
    expect(page.locator(".flash.done")).to_contain_text("“空白.pdf” is put away.")
    expect(row).to_have_count(0)
    page.goto("/inbox?state=away")
    row.locator("button:has-text('Bring back')").click()
    expect(page.locator(".flash.done")).to_contain_text("is in the inbox again")


def test_a_label_scanned_by_whoever_is_logged_out_leads_there_after_the_log_in(
    archive: Archive, window: Windows
) -> None:
    code = archive.file(papers.pdf("licence", seed=42))
    page = window(archive.address, language="zh-CN")
    page.goto(f"/c/{code}")
    expect(page.locator("h1")).to_have_text("登录")
    log_in(page, "li", "not the password")
    expect(page.locator(".errors")).to_be_visible()
    log_in(page, "li", PASSWORD)
    expect(page).to_have_url(f"{archive.address}/folders/{code}")


def test_the_chosen_language_stays(archive: Archive, window: Windows) -> None:
    page = window(archive.address, language="zh-CN")
    page.goto("/login")
    page.click("text=English")
    expect(page.locator("h1")).to_have_text("Log in")
    log_in(page, "chen", PASSWORD)
    page.goto("/parties?q=zzz")
    expect(page.locator("h1")).to_have_text("Parties")
    page.click("text=中文")
    expect(page.locator("h1")).to_have_text("客户")
    expect(page.locator("[name=q] >> nth=1")).to_have_value("zzz")
    page.click("text=退出登录")
    log_in(page, "chen", PASSWORD)
    expect(page.locator("html")).to_have_attribute("lang", "zh-Hans")


def test_a_wrong_code_and_a_foreign_page_say_what_to_do(archive: Archive, window: Windows) -> None:
    page = window(archive.address)
    log_in(page, "li", PASSWORD)
    page.goto("/c/XXXXXXXX")
    expect(page.locator(".sentence")).to_contain_text("Scan it again, or compare it")
    page.goto("/accounts")
    expect(page.locator("h1")).to_have_text("Not for this account")
    page.goto("/no/such/page")
    expect(page.locator(".sentence")).to_contain_text("Check the address, or search.")


def test_a_filter_that_cannot_be_used_is_told_beside_what_was_typed(
    archive: Archive, window: Windows
) -> None:
    archive.file(papers.pdf("contract", seed=43))
    company = papers.drawn("contract", seed=43).party
    page = window(archive.address)
    log_in(page, "li", PASSWORD)
    page.goto("/search")
    filled(page, q="购销合同", since="soon")
    page.keyboard.press("Enter")
    expect(page.locator(".flash.refused")).to_contain_text("“soon” is not a date.")
    expect(page.locator("[name=q]")).to_have_value("购销合同")
    filled(page, since="", party_name="没有这家公司")
    page.keyboard.press("Enter")
    expect(page.locator(".flash.refused")).to_contain_text("No single card fits “没有这家公司”.")
    filled(page, party_name=company[:-2])
    page.keyboard.press("Enter")
    expect(page.locator("[name=party_name]")).to_have_value(company)
    expect(page.locator(".hit")).to_have_count(1)
