"""Forty scans dropped in while the server is killed at ten random moments: is anything lost?

python -m tests.bench.killed [--seed N] [--json]    needs the given scans
"""

import http.client
import random
import tempfile
import time
from collections import Counter
from contextlib import suppress
from pathlib import Path
from typing import Any

from tests.bench import tables
from tests.bench.intake import scans
from tests.server import Server

KILLS = 10
LEAST_SECONDS, MOST_SECONDS = 0.2, 30.0
READING_SECONDS = 900


def measure(seed: int) -> dict[str, Any]:
    """Send papers, kill at a random moment, start again; those not answered are sent again."""
    waiting, moments = scans(), random.Random(seed)
    names = sorted(file.name for file in waiting)
    killed_after = []
    with tempfile.TemporaryDirectory() as folder, Server(Path(folder) / "data") as server:
        began = time.perf_counter()
        for _ in range(KILLS):
            until = time.monotonic() + moments.uniform(LEAST_SECONDS, MOST_SECONDS)
            _send(server, waiting, until, moments)
            time.sleep(max(0.0, until - time.monotonic()))
            killed_after.append(_read_so_far(server))
            server.kill()
            server.start()
        _send(server, waiting, time.monotonic() + READING_SECONDS, moments)
        found = server.wait_until_read(READING_SECONDS)
        verdict = server.post("/ledger/verify")[1]
        return {
            "scans": len(names),
            "kills": KILLS,
            "read when killed": killed_after,
            "each there once": sorted(one["file_name"] for one in found) == names,
            "states": dict(Counter(one["state"] for one in found)),
            "pages unread": sum(one["pages"] - one["pages_done"] for one in found),
            "ledger whole": verdict["ok"],
            "seconds": round(time.perf_counter() - began, 1),
        }


def _send(server: Server, waiting: list[Path], until: float, moments: random.Random) -> None:
    """A few papers at irregular times, so that kills fall into the sending too."""
    while waiting and time.monotonic() < until:
        # A line that breaks off with the killed server answered nothing: the paper is sent again.
        with suppress(OSError, http.client.HTTPException):
            if server.upload(waiting[0]) not in (200, 201):
                raise RuntimeError(f"{waiting[0].name} was refused")
            waiting.pop(0)
        time.sleep(moments.uniform(0, 0.5))


def _read_so_far(server: Server) -> int:
    return sum(one["state"] == "read" for one in server.inbox())


def main() -> int:
    """Print the figures; 1 when anything was lost or came twice."""
    wanted = tables.options(__doc__, seed=37).parse_args()
    figures = measure(wanted.seed)
    print(tables.figures(figures, as_json=wanted.json))
    whole = figures["each there once"] and figures["states"] == {"read": figures["scans"]}
    return 0 if whole and not figures["pages unread"] and figures["ledger whole"] else 1


if __name__ == "__main__":
    raise SystemExit(main())
