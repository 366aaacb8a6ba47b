"""Debian's Chromium, driven by Playwright, and what everyone does in it."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, FilePayload, Locator, Page, sync_playwright

CHROMIUM = Path("/usr/bin/chromium")
PATIENCE = 30_000.0  # Milliseconds until a page must show what was asked of it.
RELOADING = 120  # Seconds until a page that is opened again and again must show it.
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@contextmanager
def chromium() -> Iterator[Browser]:
    """The browser, closed again at the end."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        yield browser
        browser.close()


def log_in(page: Page, login: str, password: str) -> None:
    """Log in, on the log-in page if the present page is another."""
    if not page.url.partition("?")[0].endswith("/login"):
        page.goto("/login")
    page.fill("main [name=login]", login)
    page.fill("main [name=password]", password)
    page.click("main .primary")


def filled(page: Page, **values: str) -> None:
    """Type into the fields of the page's form, by their names."""
    for name, value in values.items():
        page.fill(f"main [name={name}]", value)


def choose(page: Page, name: str, typed: str) -> None:
    """Type the beginning of a name and take the first suggestion, as with any keyboard."""
    page.wait_for_load_state()
    page.locator(f"main [name={name}]").press_sequentially(typed, delay=20)
    page.locator(".pick li[role=option]").first.wait_for()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")


def fits(page: Page) -> bool:
    """Whether nothing of the page is wider than the window, and no table than its place."""
    # A click may still be on its way to the next page.
    page.wait_for_load_state()
    return bool(
        page.evaluate(
            """() => [document.documentElement, ...document.querySelectorAll(".wide")]
                .every(part => part.scrollWidth <= part.clientWidth)"""
        )
    )


def reload_until(page: Page, is_seen: Callable[[], bool]) -> None:
    """Open the page anew until something is seen on it, as whoever has no JavaScript does."""
    over = time.monotonic() + RELOADING
    while not is_seen():
        assert time.monotonic() < over, f"{page.url} never showed it"
        page.wait_for_timeout(200)
        page.reload()


def part(inner: Locator, outer: Locator) -> tuple[float, float, float, float]:
    """Where a thing stands in another: left, top, right, bottom as parts of its size."""
    inside, around = inner.bounding_box(), outer.bounding_box()
    assert inside and around
    left = (inside["x"] - around["x"]) / around["width"]
    top = (inside["y"] - around["y"]) / around["height"]
    width, height = inside["width"] / around["width"], inside["height"] / around["height"]
    return left, top, left + width, top + height


def send_files(page: Page, *files: FilePayload) -> None:
    """Choose files in the drop zone and wait until each was answered."""
    answered = page.locator(".sent li:is(.kept, .bad)")
    already = answered.count()
    page.set_input_files("#drop-files", list(files))
    answered.nth(already + len(files) - 1).wait_for()
