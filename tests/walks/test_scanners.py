"""A clerk with a scanner: a stack in the feeder, two sheets on the glass, one thought better of."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from scanning.devices import scanners
from tests.people import PASSWORD
from tests.server import Served
from tests.walks.browsing import fits, log_in
from tests.walks.conftest import Windows, staff

pytestmark = [
    pytest.mark.walk,
    pytest.mark.skipif(
        not scanners.available(), reason="scanimage is missing: apt-get install sane-utils"
    ),
]


READING_MS = 120_000  # ten pages, also on a busy machine


@pytest.fixture
def setup(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """SANE with its pretended scanner and nothing else."""
    folder = tmp_path / "sane.d"
    folder.mkdir()
    (folder / "dll.conf").write_text("test\n")
    (folder / "test.conf").write_text('number_of_devices 1\ntest-picture "Color pattern"\n')
    monkeypatch.setenv("SANE_CONFIG_DIR", str(folder))
    return folder


@pytest.fixture
def served(setup: Path, tmp_path: Path) -> Iterator[Served]:
    staff(tmp_path / "data")
    with Served(tmp_path / "data", language="en") as served:
        yield served


def desk(window: Windows, served: Served, *, phone: bool = False) -> Page:
    """The clerk, before the list of scanners."""
    page = window(served.address, phone=phone)
    log_in(page, "chen", PASSWORD)
    page.get_by_role("link", name="Scanners").click()
    return page


def choose(page: Page, source: str) -> None:
    """The form of the only scanner, set to be quick."""
    page.get_by_role("link", name="Scan with it").click()
    page.select_option("main [name=source]", label=source)
    page.select_option("main [name=resolution]", "75")
    page.select_option("main [name=paper]", "A5")


def test_a_clerk_scans_a_stack_and_two_sheets(served: Served, window: Windows) -> None:
    page = desk(window, served)
    choose(page, "Feeder, one side")
    page.fill("main [name=sheets]", "10")
    page.fill("main [name=name]", "March mail")
    page.get_by_role("button", name="Begin to scan").click()
    expect(page.locator(".came")).to_have_text("10 pages have come")
    expect(page.locator(".came-in img")).to_have_count(10)
    assert "10 sheets in your hand" in page.inner_text("main")
    assert fits(page)
    page.get_by_role("button", name="Finish").click()
    page.get_by_role("link", name="To the batch").click()
    expect(page.locator("main")).to_contain_text("March mail")
    # The pages appear in the strip as they are read.
    expect(page.locator("main img")).to_have_count(10, timeout=READING_MS)

    page.get_by_role("link", name="Scanners").click()
    page.get_by_role("link", name="Scan with it").click()
    assert page.input_value("main [name=resolution]") == "75", "set as last time"
    page.select_option("main [name=source]", label="Flatbed glass")
    page.get_by_role("button", name="Preview of the glass").click()
    expect(page.locator("main figure img")).to_be_visible()
    page.get_by_role("button", name="Begin to scan").click()
    expect(page.locator(".came")).to_have_text("1 page has come")
    page.get_by_role("button", name="Scan the next page").click()
    expect(page.locator(".came")).to_have_text("2 pages have come")
    page.get_by_role("button", name="Finish").click()
    page.get_by_role("link", name="To the batch").click()
    expect(page.locator("main img")).to_have_count(2, timeout=READING_MS)


def test_a_scan_is_cancelled_on_a_phone(served: Served, window: Windows) -> None:
    page = desk(window, served, phone=True)
    page.on("dialog", lambda dialog: dialog.accept())
    choose(page, "Flatbed glass")
    assert fits(page)
    page.get_by_role("button", name="Begin to scan").click()
    expect(page.locator(".came")).to_have_text("1 page has come")
    assert fits(page)
    page.get_by_role("button", name="Cancel").click()
    expect(page.locator(".flash.done")).to_contain_text("nothing of it is kept")
    expect(page.locator("main table caption")).to_have_text(
        "Scanners of this server and its network"
    )


def test_a_clerk_without_a_scanner_reads_what_to_do(
    setup: Path, served: Served, window: Windows
) -> None:
    (setup / "dll.conf").write_text("")
    page = desk(window, served)
    expect(page.locator("main .empty")).to_contain_text("No scanner is found. Switch it on")
