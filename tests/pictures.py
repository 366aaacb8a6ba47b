"""Every page as a picture: `make pictures` writes .pictures/index.html and what it shows.

The sample archive is made in a temporary folder and served; the pages are taken as wide as a desk,
a tablet and a telephone have them, in both languages, by day and by night; then those of an archive
on its first day.
"""

import json
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any, Literal

from playwright.sync_api import Browser, Page, expect

from labels.demo import PASSWORD
from tests.server import PROGRAM, Served, environment
from tests.walks import papers
from tests.walks.browsing import chromium, log_in, send_files

TARGET = Path(".pictures")
HEIGHTS = {1440: 900, 768: 1024, 390: 844}


@dataclass(frozen=True)
class Look:
    """How a page is looked at."""

    width: int
    language: Literal["zh", "en"]
    light: Literal["light", "dark"] = "light"

    @property
    def name(self) -> str:
        return f"{self.width}-{self.language}-{self.light}"


DESK, PHONE = Look(1440, "zh"), Look(390, "zh")
LOOKS = (
    DESK,
    Look(1440, "en"),
    Look(1440, "zh", "dark"),
    Look(768, "en"),
    PHONE,
    Look(390, "en", "dark"),
)
FIRST_DAY = ("home", "inbox", "folders", "volumes", "parties", "loans", "ledger", "search")

# The pages by name; {lent} and its like are codes and numbers of the sample archive.
PAGES = {
    "home": "/",
    "inbox": "/inbox",
    "review": "/documents/{to_file}/file",
    "review-scan": "/documents/{scan}/file",
    "review-failed": "/documents/{unreadable}/file",
    "paper": "/documents/2",
    "search": "/search",
    "hits": "/search?q=预付款 质量保证",
    "no-hits": "/search?q=这里没有的字句",
    "found": "/search/documents/2?q=合同总价的30%25作为预付款",
    "found-scan": "/search/documents/{scan}?q=违约金",
    "scan": "/scan",
    "folder": "/folders/{shelved}",
    "folder-lent": "/folders/{lent}",
    "folder-overdue": "/folders/{overdue}",
    "folders": "/folders",
    "labels": "/labels/folders?code={shelved}&code={lent}",
    "volumes": "/volumes",
    "volume": "/volumes/2",
    "parties": "/parties",
    "party": "/parties/2",
    "party-new": "/parties/new",
    "loans": "/loans",
    "ledger": "/ledger",
    "accounts": "/accounts",
    "account": "/accounts/4",
    "account-new": "/accounts/new",
    "mine": "/me",
    "handbook": "/handbook",
    "nothing-here": "/folders/00000000",
}


def main() -> None:
    """Make the archives, take the pictures, write the page that shows them."""
    shutil.rmtree(TARGET, ignore_errors=True)
    TARGET.mkdir()
    with tempfile.TemporaryDirectory(prefix="juanzong-pictures-") as folder, chromium() as browser:
        with Served(Path(folder) / "first-day") as served:
            _take_first_day(browser, served)
        told = _fill(Path(folder) / "sample")
        with Served(Path(folder) / "sample") as served:
            places = _places(browser, served, told)
            for look in LOOKS:
                _take(browser, served, look, places)
            _take_refusal(browser, served, places)
    _write_index()


def _fill(data: Path) -> dict[str, Any]:
    """The sample archive; what `juanzong demo` tells of it."""
    made = subprocess.run(
        [*PROGRAM, "demo", "--json"], env=environment(data=str(data)), check=True,
        stdout=subprocess.PIPE,
    )  # fmt: skip
    told: dict[str, Any] = json.loads(made.stdout)
    return told


def _places(browser: Browser, served: Served, told: Mapping[str, Any]) -> dict[str, object]:
    """What stands for {lent} and its like; a scan and a file that is none come in meanwhile."""
    with _window(browser, served, DESK) as page:
        log_in(page, "wang", PASSWORD)
        page.goto("/inbox")
        for paper in (papers.scan(seed=8), papers.renamed_text()):
            send_files(page, paper)
        expect(page.locator("#inbox [data-busy]")).to_have_count(0, timeout=120_000)
    documents, codes = told["documents"], told["folders"]
    return {
        "to_file": documents - 6, "scan": documents + 1, "unreadable": documents + 2,
        "lent": codes[0], "overdue": codes[4], "shelved": codes[8],
    }  # fmt: skip


def _take_first_day(browser: Browser, served: Served) -> None:
    welcome = served.welcome
    for look in (DESK, PHONE):
        with _window(browser, served, look) as page:
            for name, path in {"login": "/login", "welcome": welcome}.items():
                _keep(page, name, path, look)
    with _window(browser, served, DESK) as page:
        page.goto(welcome)
        for field, value in {"login": "zhao", "name": "赵敏"}.items():
            page.fill(f"[name={field}]", value)
        for field in ("password", "again"):
            page.fill(f"[name={field}]", PASSWORD)
        page.click("main button.primary")
        for look in (DESK, PHONE):
            page.set_viewport_size({"width": look.width, "height": HEIGHTS[look.width]})
            for name in FIRST_DAY:
                _keep(page, f"{name}-empty", PAGES[name], look)


def _take(browser: Browser, served: Served, look: Look, places: Mapping[str, object]) -> None:
    with _window(browser, served, look) as page:
        log_in(page, "zhao", PASSWORD)
        for name, path in PAGES.items():
            _keep(page, name, path.format_map(places), look)


def _take_refusal(browser: Browser, served: Served, places: Mapping[str, object]) -> None:
    """What a form looks like when it was refused, and what paper gets."""
    with _window(browser, served, DESK) as page:
        log_in(page, "zhao", PASSWORD)
        page.goto(f"/folders/{places['shelved']}")
        page.fill("[name=borrower_name]", "没有这个人")
        page.fill("[name=purpose]", "核对付款条款")
        page.click("form[action$=check-out] .primary")
        page.screenshot(path=TARGET / f"lending-refused.{DESK.name}.png", full_page=True)
        page.emulate_media(media="print")
        for name in ("folder", "found", "volume"):
            _keep(page, f"{name}-printed", PAGES[name].format_map(places), DESK)


@contextmanager
def _window(browser: Browser, served: Served, look: Look) -> Iterator[Page]:
    context = browser.new_context(
        base_url=served.address,
        viewport={"width": look.width, "height": HEIGHTS[look.width]},
        locale={"zh": "zh-CN", "en": "en-GB"}[look.language],
        color_scheme=look.light,
        has_touch=look.width < 1000,
        is_mobile=look.width < 500,
    )
    yield context.new_page()
    context.close()


def _keep(page: Page, name: str, path: str, look: Look) -> None:
    page.goto(path, wait_until="networkidle")
    page.screenshot(path=TARGET / f"{name}.{look.name}.png", full_page=True)


def _write_index() -> None:
    shown = "\n".join(
        f'<figure><a href="{escape(path.name)}"><img src="{escape(path.name)}" loading="lazy"></a>'
        f"<figcaption>{escape(path.stem)}</figcaption></figure>"
        for path in sorted(TARGET.glob("*.png"))
    )
    style = (
        "body{font:1rem sans-serif;display:flex;flex-wrap:wrap;gap:1rem;margin:1rem}"
        "figure{margin:0;width:20rem}img{width:100%;border:1px solid #999}"
    )
    page = f"<!doctype html><meta charset=utf-8><title>Juanzong</title><style>{style}</style>"
    (TARGET / "index.html").write_text(f"{page}\n{shown}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
