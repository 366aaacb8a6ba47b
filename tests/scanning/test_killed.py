"""A server that is killed at any moment of an intake: after it, every paper is there once."""

import random
import time
from pathlib import Path

import pytest
from pypdf import PdfReader, PdfWriter

from tests.scanning.papers import printed_pdf
from tests.server import Server

PAPERS, PAGES, KILLS = 12, 3, 4
READING_SECONDS = 300  # on a machine that does other things too


def papers(folder: Path) -> list[Path]:
    """Papers with a text layer, quick to read, each with bytes of its own."""
    pattern = PdfReader(printed_pdf(folder / "pattern.pdf", PAGES))
    made = []
    for number in range(PAPERS):
        writer = PdfWriter(clone_from=pattern)
        writer.add_metadata({"/Subject": f"paper {number}"})
        made.append(folder / f"paper-{number}.pdf")
        writer.write(made[-1])
    return made


def upload(server: Server, waiting: list[Path], until: float) -> None:
    """Send papers, those first that were not answered yet, until the moment has come."""
    while waiting and time.monotonic() < until:
        assert server.upload(waiting[0]) in (200, 201)
        waiting.pop(0)


@pytest.mark.slow
def test_a_server_killed_at_four_moments_of_an_intake_loses_nothing(tmp_path: Path) -> None:
    waiting = papers(tmp_path)
    moments = random.Random(37)
    with Server(tmp_path / "data", workers="2") as server:
        for _ in range(KILLS):
            upload(server, waiting, time.monotonic() + moments.uniform(0.1, 2.5))
            server.kill()
            server.start()
        upload(server, waiting, time.monotonic() + 60)
        read = server.wait_until_read(READING_SECONDS)
        verdict = server.post("/ledger/verify")[1]
        assert sorted(one["file_name"] for one in read) == sorted(
            f"paper-{number}.pdf" for number in range(PAPERS)
        )
        assert {(one["state"], one["pages"], one["pages_done"]) for one in read} == {
            ("read", PAGES, PAGES)
        }
        assert [one["problem"] for one in read] == [None] * PAPERS
        assert verdict["ok"]
        assert found(server) == PAPERS


def found(server: Server) -> int:
    """How many papers can be found, once the index is level."""
    total = 0
    for _ in range(50):
        total = int(server.get("/search?q=%E8%AE%BE%E5%A4%87%E9%87%87%E8%B4%AD")["total"])
        if total == PAPERS:
            break
        time.sleep(0.2)
    return total
