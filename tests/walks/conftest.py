"""What walks are given: the browser, windows of it, and an archive that is served for real."""

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import APIRequestContext, Browser, FilePayload, Page, ViewportSize, expect

from app import create_app
from archive import users
from archive.base import web
from archive.base.ledger import HOUSE
from archive.base.settings import load
from tests import people
from tests.people import NOON
from tests.server import Served
from tests.walks.browsing import CHROMIUM, PATIENCE, chromium

DESK: ViewportSize = {"width": 1440, "height": 900}
PHONE: ViewportSize = {"width": 390, "height": 844}
# What a browser itself notes when a page answers 404, 409 or 422: the walks look at the page.
REFUSED = "Failed to load resource"
READING = 120  # Seconds for one paper on a machine that is busy otherwise.

Windows = Callable[..., Page]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    if not CHROMIUM.exists():
        pytest.skip("Chromium is not installed here: apt-get install chromium")
    expect.set_options(timeout=PATIENCE)
    with chromium() as opened:
        yield opened


@dataclass(frozen=True)
class Archive:
    """An archive at work: its address, and everyone of the cast has an account."""

    served: Served
    api: APIRequestContext

    @property
    def address(self) -> str:
        return self.served.address

    def receive(self, paper: FilePayload) -> int:
        """Send a paper as a program does and wait until it is read; its number."""
        sent = self.post("documents", multipart={"files": paper})["documents"][0]
        number: int = sent["id"]
        self.wait(number)
        return number

    def wait(self, number: int) -> None:
        """Until a paper is read."""
        over = time.monotonic() + READING
        while self.get(f"documents/{number}")["state"] in ("received", "reading"):
            assert time.monotonic() < over, f"document {number} was not read"
            time.sleep(0.1)

    def file(self, paper: FilePayload) -> str:
        """Send a paper as a program does, file it as suggested, give its folder's label code."""
        number = self.receive(paper)
        volume = self.post(f"documents/{number}/file", data={})["volume"]
        code: str = self.get(f"volumes/{volume}")["folders"][0]["code"]
        return code

    def get(self, path: str) -> dict[str, Any]:
        answer = self.api.get(f"{self.address}/api/v1/{path}")
        assert answer.ok, answer.text()
        told: dict[str, Any] = answer.json()
        return told

    def post(self, path: str, **body: Any) -> dict[str, Any]:
        answer = self.api.post(f"{self.address}/api/v1/{path}", **body)
        assert answer.ok, answer.text()
        told: dict[str, Any] = answer.json()
        return told


@pytest.fixture(scope="session")
def archive(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    """One archive for all walks but the first: they keep to papers of their own."""
    data = tmp_path_factory.mktemp("archive")
    key = staff(data)
    context = browser.new_context(extra_http_headers={"Authorization": f"Bearer {key}"})
    with Served(data, language="en") as served:
        yield Archive(served, context.request)
    context.close()


@pytest.fixture
def first_day(browser: Browser, tmp_path: Path) -> Iterator[Served]:
    """An archive in which nothing and nobody is yet."""
    with Served(tmp_path / "data", language="en") as served:
        yield served


@pytest.fixture
def window(browser: Browser) -> Iterator[Windows]:
    """Opens windows: window(address), window(address, language="zh-CN", phone=True)."""
    with ExitStack() as closing:
        complaints: list[str] = []

        def opened(
            address: str, *, language: str = "en-GB", phone: bool = False, script: bool = True
        ) -> Page:
            context = browser.new_context(
                base_url=address,
                locale=language,
                viewport=PHONE if phone else DESK,
                is_mobile=phone,
                has_touch=phone,
                java_script_enabled=script,
            )
            closing.callback(context.close)
            context.set_default_timeout(PATIENCE)
            context.on("console", lambda said: _note(complaints, said.type, said.text))
            context.on("weberror", lambda error: complaints.append(str(error.error)))
            return context.new_page()

        yield opened
    assert complaints == [], "the browser complained"


def _note(complaints: list[str], kind: str, text: str) -> None:
    if kind == "error" and not text.startswith(REFUSED):
        complaints.append(text)


def staff(data: Path) -> str:
    """Make the cast's accounts before the server starts; the archivist's API key."""
    app = create_app(load(data=data, language="en"))
    house: web.House = app.extensions[web.HOUSE_KEY]
    with house.database.writing() as session:
        cast = people.hire(session)
        key = users.issue_token(session, cast.archivist, "walks", by=HOUSE, at=NOON)
    house.database.close()
    return key
