"""`make bench`: every measurement in turn, its table on the screen and in .bench/."""

import platform
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

HOUSE = Path(__file__).parents[2]
MEASUREMENTS = (
    ("Reading", ("tests.bench.reading",)),
    ("Lines in order", ("tests.bench.order",)),
    ("Pictures: verdicts, skew, turns, photos", ("tests.bench.images", "--pages", "24")),
    ("What runs the models", ("tests.bench.runtimes", "--pages", "8")),
    ("From scans to searchable PDF", ("tests.bench.stack",)),
    ("Fields", ("tests.bench.fields",)),
    ("Papers scanned twice", ("tests.bench.alike",)),
    ("Stacks of a hundred sheets", ("tests.bench.stacks", "--seeds", "1", "2", "--given")),
    ("First pages, with no sheet between", ("tests.bench.firsts", "--held-out")),
    ("Finding, 10,000 pages", ("tests.bench.finding", "--pages", "10000")),
    ("Two thousand papers filed by twenty at once", ("tests.bench.numbering",)),
    ("Forty scans at once", ("tests.bench.intake",)),
    ("Forty scans and ten kills", ("tests.bench.killed",)),
)


def main() -> int:
    folder = HOUSE / ".bench"
    folder.mkdir(exist_ok=True)
    table = folder / f"{datetime.now(UTC):%Y%m%d-%H%M%S}.txt"
    failed = 0
    with table.open("w", encoding="utf-8") as file:
        for text in _measured():
            print(text, flush=True)
            print(text, file=file, flush=True)
            failed += text.endswith("FAILED\n")
    print(f"written to {table.relative_to(HOUSE)}")
    return 1 if failed else 0


def _measured() -> Iterator[str]:
    yield f"{platform.platform()}, Python {platform.python_version()}\n"
    for title, module in MEASUREMENTS:
        done = subprocess.run(
            [sys.executable, "-m", *module], cwd=HOUSE, capture_output=True, text=True, check=False
        )
        ending = f"{done.stderr[-2000:]}\nFAILED\n" if done.returncode else ""
        yield f"## {title}\n\n{done.stdout}{ending}"


if __name__ == "__main__":
    sys.exit(main())
