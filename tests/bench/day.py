"""A day of an archive's intake: does memory grow, is anything lost, is the queue fair?

python -m tests.bench.day [--pages N] [--json]    needs the given scans

The given scans are cycled, each time altered (lighter, smaller, slightly turned), so that no two
files are alike. One clerk drops all of them in; another brings a single paper now and then, and
must not wait for the first one's end.
"""

import random
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path
from statistics import median
from typing import Any

from PIL import Image, ImageEnhance

from tests.bench import memory, tables
from tests.bench.intake import scans
from tests.server import Server

FIRST = 100  # pages after which memory is taken as what it should stay
EVERY = 50  # pages between two papers of the other clerk
LOOKS = 100  # at memory, a second apart, of which the middle one is told
READING_SECONDS = 30  # for one page, generously
LOOKING_SECONDS = 10  # between two looks at how far the reading is


def measure(pages: int) -> dict[str, Any]:
    """Bring the pages in, look at memory after the first hundred and at the end."""
    with tempfile.TemporaryDirectory() as folder, Server(Path(folder) / "data") as server:
        key = server.add("other", "clerk")
        altered = _altered(pages + pages // EVERY, Path(folder))
        own = [next(altered) for _ in range(pages)]
        began = time.perf_counter()
        with ThreadPoolExecutor(2) as hands:
            refused = sum(status not in (200, 201) for status in hands.map(server.upload, own))
        with _Memory(server.process_id) as used:
            waits = _bring_now_and_then(server, key, list(altered), pages, used)
            found = server.wait_until_read(READING_SECONDS * pages)
        return {
            "pages": pages,
            "refused at the door": refused,
            "documents": len(found),
            "failed": sum(one["state"] == "failed" for one in found),
            "pages a minute": round(60 * len(found) / (time.perf_counter() - began), 1),
            f"MB after {FIRST} ({memory.KIND})": round(used.first),
            f"MB at the end ({memory.KIND})": round(used.last),
            f"MB at most ({memory.KIND})": round(used.most),
            "other clerk's papers": pages // EVERY,
            "of these read": len(waits),
            "other clerk waited, s worst": round(max(waits, default=0.0), 1),
            "ledger whole": server.post("/ledger/verify")[1]["ok"],
        }


def _bring_now_and_then(
    server: Server, key: str, papers: list[Path], pages: int, used: "_Memory"
) -> list[float]:
    """Bring the other clerk's papers while the queue is long; how long each took to be read."""
    numbers = []
    for turn, paper in enumerate(papers, 1):
        while (done := _read(server)) < min(turn * EVERY, pages - EVERY):
            used.reached(done)
            time.sleep(LOOKING_SECONDS)
        numbers.append(server.upload_as(key, paper))
    server.wait_until_read(READING_SECONDS * pages)
    told = [server.get(f"/documents/{number}") for number in numbers]
    return [
        (_moment(one["read_at"]) - _moment(one["received_at"])).total_seconds()
        for one in told if one["read_at"]
    ]  # fmt: skip


def _moment(told: str) -> datetime:
    return datetime.fromisoformat(told)


def _read(server: Server) -> int:
    return sum(one["state"] == "read" for one in server.inbox())


def _altered(count: int, folder: Path) -> Iterator[Path]:
    chance, given = random.Random(37), [file for file in scans() if file.suffix != ".pdf"]
    for number in range(count):
        image = Image.open(given[number % len(given)]).convert("RGB")
        scale = chance.uniform(0.9, 1.0)
        image = image.resize((round(image.width * scale), round(image.height * scale)))
        image = image.rotate(chance.uniform(-1, 1), fillcolor="white", expand=True)
        image = ImageEnhance.Brightness(image).enhance(chance.uniform(0.9, 1.05))
        target = folder / f"scan-{number:05d}.jpg"
        image.save(target, quality=80)
        yield target


class _Memory(memory.Watch):
    """What the server and everything it started take together, in MB.

    It goes up and down with the pages in hand, so that only the middle of many looks tells.
    """

    def __init__(self, process: int) -> None:
        super().__init__(process, seconds=1)
        self._from = 0

    def reached(self, pages: int) -> None:
        if pages >= FIRST and not self._from:
            self._from = len(self.looks)

    @property
    def first(self) -> float:
        return median(self.looks[self._from :][:LOOKS] or [0.0])

    @property
    def last(self) -> float:
        return median(self.looks[-LOOKS:] or [0.0])


def main() -> None:
    wanted = tables.options(__doc__, pages=3_000).parse_args()
    print(tables.figures(measure(wanted.pages), as_json=wanted.json))


if __name__ == "__main__":
    main()
