"""The film-strip in the browser: a stack is dropped, put in order, and one of its papers filed."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.people import PASSWORD
from tests.walks import papers
from tests.walks.browsing import fits, log_in, reload_until, send_files
from tests.walks.conftest import PHONE, Archive, Windows

pytestmark = pytest.mark.walk

READING = 180_000.0  # Milliseconds for a few pages on a machine that is busy otherwise.

THUMB = 40  # pixels that a thumb hits
AT_HAND = ".tools :is(.row .button, summary):visible"
TOOLS = (
    "split", "join", "earlier", "later", "to-before", "to-next", "turn", "set-aside", "restore",
    "undo", "move", "cover", "separator",
)  # fmt: skip


def test_a_stack_is_dropped_put_in_order_and_filed(archive: Archive, window: Windows) -> None:
    page = window(archive.address)
    log_in(page, "wang", PASSWORD)
    _a_stack_is_dropped(page)
    _a_doubt_is_answered_with_one_click(page)
    _papers_are_joined_and_split_with_keys(page)
    _a_page_is_dragged_behind_another(page)
    _steps_are_undone(page)
    _what_is_set_aside_is_dimmed_and_comes_back(page)
    _a_paper_is_filed_and_stays(page)


def test_a_strip_is_worked_without_javascript(archive: Archive, window: Windows) -> None:
    page = window(archive.address, script=False)
    log_in(page, "chen", PASSWORD)
    page.goto("/inbox")
    page.set_input_files("#drop-files", [papers.two_pages(152), papers.pdf("contract", 153)])
    page.click(".stack summary")
    page.fill("[name=name]", "手工")
    page.click("text=Send")
    expect(page.locator("h1")).to_have_text("手工")
    reload_until(page, lambda: _leaf(page, 1).is_visible() and not _is_busy(page))
    expect(_papers(page)).to_have_count(2)
    _leaf(page, 2).locator("[type=radio]").check()
    page.click("button:has-text('Split before it')")
    expect(_papers(page)).to_have_count(3)
    expect(page.locator(".flash")).to_have_text("Split")
    expect(_leaf(page, 2).locator("[type=radio]")).to_be_checked()
    page.click("button:has-text('To the paper before')")
    expect(_papers(page)).to_have_count(2)
    page.click("[value=undo]")
    expect(_papers(page)).to_have_count(3)
    page.click("button:has-text('Undo: Split')")
    expect(_papers(page)).to_have_count(2)


def test_a_strip_fits_on_a_telephone(archive: Archive, window: Windows) -> None:
    page = window(archive.address, phone=True)
    log_in(page, "chen", PASSWORD)
    page.goto("/inbox")
    send_files(page, papers.two_pages(154), papers.pdf("invoice", 155))
    send_files(page, papers.pdf("waybill", 154), papers.pdf("licence", 155))
    links = page.locator(".strip-link")
    expect(links).to_have_count(2)
    links.last.click()  # the way to the first batch is still there
    expect(page.locator("#strip[data-busy]")).to_have_count(0, timeout=READING)
    assert fits(page)
    _leaf(page, 2).locator("img").tap()
    page.locator("button:has-text('Split before it')").tap()
    expect(_papers(page)).to_have_count(3)
    _tools_are_one_row(page)
    page.locator(".tools summary").tap()
    _all_tools_are_whole(page)
    page.locator("button:has-text('Set aside')").tap()
    expect(page.locator(".leaf.role-removed")).to_have_count(1)
    page.locator(".tools summary").tap()
    page.locator("[value=undo]").tap()
    expect(page.locator(".leaf.role-removed")).to_have_count(0)
    page.locator(".tools summary").focus()
    page.keyboard.press("Enter")
    page.locator("#place").focus()
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Shift+Tab")
    assert page.locator(".tools .row :focus").count() == 1
    page.goto("/batches")
    assert fits(page)
    expect(page.locator(".table .lead").first).to_contain_text("Batch")


def _tools_are_one_row(page: Page) -> None:
    """What is done most is at hand, whole, and leaves nine tenths of the screen to the pages."""
    expect(page.locator("[value=undo]")).to_be_visible()
    assert not _cut_off(page)
    box = page.locator(".tools").bounding_box()
    assert box
    assert box["height"] <= PHONE["height"] / 10
    tall = [one.bounding_box() for one in page.locator(AT_HAND).all()]
    assert len(tall) >= 4
    assert all(one and one["height"] >= THUMB for one in tall)
    assert len({one["y"] for one in tall if one}) == 1


def _all_tools_are_whole(page: Page) -> None:
    for name in TOOLS:
        tool = page.locator(f".tools [value={name}]")
        tool.scroll_into_view_if_needed()
        expect(tool).to_be_in_viewport(ratio=1)
        box = tool.bounding_box()
        assert box
        assert box["height"] >= THUMB, name
    assert not _cut_off(page)


def _cut_off(page: Page) -> list[str]:
    """The tools of which not all is seen."""
    cut: list[str] = page.locator(AT_HAND).evaluate_all(
        """tools => tools.filter(tool => {
            const own = tool.getBoundingClientRect();
            const bar = tool.closest(".tools").getBoundingClientRect();
            return own.left < bar.left || own.right > bar.right || own.right > innerWidth
                || tool.scrollWidth > tool.clientWidth || tool.scrollHeight > tool.clientHeight;
        }).map(tool => tool.textContent.trim())"""
    )
    return cut


def _a_stack_is_dropped(page: Page) -> None:
    page.goto("/inbox")
    page.click(".stack summary")
    page.fill("[name=name]", "早上的信")
    page.fill("[name=sheets]", "4")
    send_files(page, papers.two_pages(151), papers.pdf("invoice", 151), papers.pdf("licence", 151))
    page.click(".strip-link")
    expect(page.locator("h1")).to_have_text("早上的信")
    expect(page.locator("#strip[data-busy]")).to_have_count(0, timeout=READING)
    expect(_papers(page)).to_have_count(3)
    expect(page.locator("#strip .flash")).to_have_count(0)
    expect(page.locator(".leaf img").first).to_have_js_property("complete", True)


def _a_doubt_is_answered_with_one_click(page: Page) -> None:
    page.keyboard.press("n")
    doubtful = page.locator(".leaf.doubtful")
    expect(doubtful.locator("[type=radio]")).to_be_focused()
    doubtful.locator("text=Split here").click()
    expect(_papers(page)).to_have_count(4)
    expect(doubtful).to_have_count(0)
    page.click("[value=undo]")
    expect(_papers(page)).to_have_count(3)
    expect(doubtful).to_have_count(1)


def _papers_are_joined_and_split_with_keys(page: Page) -> None:
    _leaf(page, 1).locator("[type=radio]").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("j")
    expect(_papers(page)).to_have_count(2)
    expect(_leaf(page, 3).locator("[type=radio]")).to_be_focused()
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("s")
    expect(_papers(page)).to_have_count(3)
    expect(page.locator(".said")).to_have_text("Split")


def _a_page_is_dragged_behind_another(page: Page) -> None:
    page.set_viewport_size({"width": 1280, "height": 1800})
    last, first = _leaf(page, 4), _leaf(page, 1)
    name = last.get_attribute("data-page")
    start, end = last.locator("img").bounding_box(), first.locator("img").bounding_box()
    assert start and end
    page.mouse.move(start["x"] + 60, start["y"] + 80)
    page.mouse.down()
    page.mouse.move(end["x"] + end["width"] - 30, end["y"] + 80, steps=8)
    expect(first).to_have_class(re.compile("gap-after"))
    page.mouse.up()
    expect(_leaf(page, 2)).to_have_attribute("data-page", name or "")
    expect(_papers(page)).to_have_count(2)


def _steps_are_undone(page: Page) -> None:
    page.locator("[type=radio]:checked").focus()
    for name in ("Moved", "Split", "Joined"):
        expect(page.locator("[value=undo]")).to_contain_text(f"Undo: {name}")
        page.keyboard.press("u")
    expect(page.locator("[value=undo]")).to_have_count(0)
    expect(_papers(page)).to_have_count(3)


def _what_is_set_aside_is_dimmed_and_comes_back(page: Page) -> None:
    page.click("text=More")
    _leaf(page, 2).locator("img").click()
    page.keyboard.press("x")
    expect(_leaf(page, 2)).to_have_class(re.compile("role-removed"))
    expect(_leaf(page, 2).locator(".at")).to_contain_text("Set aside")
    page.keyboard.press("r")
    expect(_leaf(page, 2)).to_have_class(re.compile("role-content"))


def _a_paper_is_filed_and_stays(page: Page) -> None:
    expect(page.locator("#strip[data-busy]")).to_have_count(0, timeout=READING)
    _papers(page).nth(1).locator("h2 a").click()
    page.locator(".filing .primary").click()
    expect(page.locator(".flash").first).to_contain_text("Filed as Q001-")
    page.goto("/batches")
    page.click("text=早上的信")
    page.wait_for_load_state()
    _leaf(page, 3).locator("img").click()
    page.keyboard.press("j")
    expect(page.locator("#strip [role=alert]")).to_contain_text("which is filed")
    expect(_papers(page)).to_have_count(3)


def _papers(page: Page) -> Locator:
    return page.locator(".paper:not(.loose)")


def _is_busy(page: Page) -> bool:
    return page.locator("#strip[data-busy]").count() > 0


def _leaf(page: Page, place: int) -> Locator:
    return page.locator(".leaf").nth(place - 1)
