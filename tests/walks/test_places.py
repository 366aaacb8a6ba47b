"""Places: made in one go, looked at on a telephone, folders brought to them by scanning."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from app import create_app
from archive import categories
from archive.base import web
from archive.base.settings import load
from tests import people, stock
from tests.people import NOON, PASSWORD
from tests.server import Served
from tests.walks.browsing import choose, filled, fits, log_in
from tests.walks.conftest import Windows

pytestmark = pytest.mark.walk


@pytest.fixture
def shelved(tmp_path: Path) -> Iterator[tuple[Served, str]]:
    """An archive of its own, because a tree of places is for all; a folder at R7-C1 in it."""
    app = create_app(load(data=tmp_path / "data", language="en"))
    house: web.House = app.extensions[web.HOUSE_KEY]
    with house.database.writing() as session:
        people.hire(session)
        categories.found(session, "Q001", "测试公司", at=NOON)
        code = stock.folder(session, place="R7-C1").code
    house.database.close()
    with Served(tmp_path / "data", language="en") as served:
        yield served, code


def test_a_room_is_made_and_a_folder_is_brought_to_it_by_scanning_with_a_telephone(
    shelved: tuple[Served, str], window: Windows
) -> None:
    served, code = shelved
    page = window(served.address, phone=True)
    log_in(page, "wang", PASSWORD)
    page.goto("/locations/range")
    filled(page, pattern="R{room}-C{shelf}", room="7", shelf="1-4", capacity_mm="900")
    for level in ("zone", "rack", "side", "bay", "slot"):
        page.fill(f"[name={level}]", "")
    page.tap("text=Look first")
    expect(page.locator("h2")).to_have_text("This would make 5 places")
    page.tap("text=Make them")
    expect(page.locator(".flash")).to_have_text("5 places were made.")
    assert fits(page)
    page.goto("/plans/new")
    choose(page, "place", "R7-C1")
    filled(page, title="调架", targets="R7-C2")
    page.tap("text=Make the plan")
    page.fill("#scan", "R7-C2")
    page.keyboard.press("Enter")
    expect(page.locator(".answer")).to_contain_text("R7-C2")
    page.fill("#scan", code)
    page.keyboard.press("Enter")
    expect(page.locator(".head .state")).to_have_text("Done")
    assert fits(page)
    page.goto("/scan?code=R7-C2")
    expect(page.locator(".shelf text", has_text=code)).to_be_visible()
    expect(page.locator(".shelf .spine.here")).to_have_count(1)
