"""Debian's Chromium, driven by Playwright, and what everyone does in it."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, FilePayload, Page, sync_playwright

CHROMIUM = Path("/usr/bin/chromium")
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
    """Log in where the page asks for it, else on the log-in page."""
    if page.locator("main [name=password]").count() == 0:
        page.goto("/login")
    page.fill("main [name=login]", login)
    page.fill("main [name=password]", password)
    page.click("main .primary")


def send_files(page: Page, *files: FilePayload) -> None:
    """Choose files in the drop zone and wait until each was answered."""
    answered = page.locator(".sent li:is(.kept, .bad)")
    already = answered.count()
    page.set_input_files("#drop-files", list(files))
    answered.nth(already + len(files) - 1).wait_for()
