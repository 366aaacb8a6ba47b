"""Forty scans dropped in at once: does anything fail, are both cores busy, does the server answer?

python -m tests.bench.intake [--json]    needs the given scans (JUANZONG_SHARED or ../shared)
"""

import statistics
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psutil

from tests import given
from tests.bench import tables
from tests.server import Server

COUNT = 40
PAUSE_SECONDS = 0.25
MOST_SECONDS = 900
FINDING_SECONDS = 30


def measure() -> dict[str, Any]:
    """Drop the scans in, ask pages meanwhile, wait until everything can be found."""
    files = scans()
    with tempfile.TemporaryDirectory() as folder, Server(Path(folder) / "data") as server:
        began = time.perf_counter()
        with Watch(server) as watch:
            with ThreadPoolExecutor(4) as hands:
                states = list(hands.map(server.upload, files))
            uploaded = time.perf_counter() - began
            documents = server.wait_until_read(MOST_SECONDS)
            read = time.perf_counter() - began
            busy, took = list(watch.busy), list(watch.took)
            # The last ones read are the last ones found: without them the worst would look better.
            found = watch.wait_until_found(len(documents))
        return {
            "scans": len(files),
            "refused at the door": sum(status not in (200, 201) for status in states),
            "documents": len(documents),
            "failed": sum(one["state"] == "failed" for one in documents),
            "uploaded after s": round(uploaded, 1),
            "read after s": round(read, 1),
            "cores busy": round(statistics.mean(busy), 2),
            "findable": found,
            "findable after read, s p50": round(statistics.median(watch.late), 2),
            "findable after read, s worst": round(max(watch.late), 2),
            "page ms p50": round(statistics.median(took) * 1e3),
            "page ms p95": round(statistics.quantiles(took, n=20)[-1] * 1e3),
            "page ms worst": round(max(took) * 1e3),
        }


class Watch:
    """Asks the inbox, a search and the first page in turn, and looks how busy the machine is."""

    def __init__(self, server: Server) -> None:
        self._server, self._over = server, threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)
        self.took: list[float] = []
        self.busy: list[float] = []
        self.late: list[float] = []
        self._found: set[int] = set()

    def __enter__(self) -> "Watch":
        psutil.cpu_percent(percpu=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def wait_until_found(self, documents: int) -> int:
        """How many papers were found; all, unless some are not within the time for finding."""
        over = time.monotonic() + FINDING_SECONDS
        while len(self.late) < documents and time.monotonic() < over:
            time.sleep(PAUSE_SECONDS)
        return len(self.late)

    def _look(self) -> None:
        while not self._over.wait(PAUSE_SECONDS):
            for path in ("/inbox", "/search?q=%E5%90%88%E5%90%8C", "/"):
                began = time.perf_counter()
                self._server.get(path)
                self.took.append(time.perf_counter() - began)
            self._search_for_new()
            self.busy.append(sum(psutil.cpu_percent(percpu=True)) / 100)

    def _search_for_new(self) -> None:
        """Search for each paper that was read, by its name, until it is found."""
        read = {one["id"]: one for one in self._server.inbox() if one["read_at"]}
        for number in read.keys() - self._found:
            asked = quote(read[number]["file_name"])
            hits = self._server.get(f"/search?q={asked}")["hits"]
            if any(hit["document"] == number for hit in hits):
                self._found.add(number)
                passed = datetime.now(UTC) - datetime.fromisoformat(read[number]["read_at"])
                self.late.append(passed.total_seconds())


def scans() -> list[Path]:
    """The given scans, as many as are asked for."""
    return [given.SCANS / one["file"] for one in given.listed()][:COUNT]


def main() -> int:
    """Print the figures; 1 when a paper was refused, failed or cannot be found."""
    wanted = tables.options(__doc__).parse_args()
    figures = measure()
    print(tables.figures(figures, as_json=wanted.json))
    lost = figures["refused at the door"] or figures["failed"]
    return 1 if lost or figures["findable"] < figures["scans"] else 0


if __name__ == "__main__":
    raise SystemExit(main())
