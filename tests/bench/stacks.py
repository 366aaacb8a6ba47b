"""How truly stacks are taken apart, how many misses are silent, and what a page costs.

python -m tests.bench.stacks [--seeds 1 2 3] [--sheets 100] [--dpi 150] [--wear 0.5] [--given]
    [--one-sided] [--parted 1.0] [--unread] [--json]
"""

import argparse
import json
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import cv2

from scanning.reading import PageReading
from scanning.stacks.signs import PageSigns, signs
from scanning.stacks.splitting import Settings, Split, split
from tests import given
from tests.scanning.stacks import Page, Plan, meaning, scan


@dataclass
class Tally:
    """What came of one stack."""

    truth: list[Page] = field(default_factory=list)
    signs: list[PageSigns] = field(default_factory=list)
    readings: list[PageReading] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)


def measure(plan: Plan, *, unread: bool) -> dict[str, Any]:
    """Scan a stack, look at each page, take it apart, compare."""
    tally = Tally()
    for number, scanned in enumerate(scan(plan), 1):
        began = time.process_time()
        tally.signs.append(signs(scanned.picture, plan.dpi))
        tally.seconds.append(time.process_time() - began)
        tally.truth.append(scanned.page)
        tally.readings.append(scanned.page.reading(number))
    readings = () if unread else tally.readings
    found = split(tally.signs, meaning, readings, Settings(two_sided=plan.two_sided))
    return figures(tally, found) | {"seed": plan.seed, "wear": plan.wear}


def figures(tally: Tally, found: Split) -> dict[str, Any]:
    wrong = misses(tally.truth, found)
    doubted = {doubt.at for doubt in found.doubts} | {one.at for one in found.suggestions}
    silent = [at for at in wrong if not near(at, doubted, found)]
    return {
        "pages": len(tally.truth),
        "right": round(1 - len(wrong) / len(tally.truth), 4),
        "misses": [(at, tally.truth[at].note, found.roles[at].value) for at in wrong],
        "silent": len(silent),
        "doubts": [
            (doubt.at, tally.truth[doubt.at].note, str(doubt.said)[:40]) for doubt in found.doubts
        ],
        "suggested": suggested(tally.truth, found),
        "CPU ms a page": round(1e3 * sum(tally.seconds) / len(tally.seconds)),
        "worst": round(1e3 * max(tally.seconds)),
    }


def misses(truth: list[Page], found: Split) -> list[int]:
    """Pages with another role, or in another paper, than in truth."""
    given = {at: number for number, paper in enumerate(found.papers) for at in paper.pages}
    firsts = beginnings(truth)
    begun = {paper.pages[0] for paper in found.papers}
    wrong = []
    for at, page in enumerate(truth):
        is_right = found.roles[at].value == page.role
        if page.role == "content" and is_right:
            # The right paper: it begins where the true one begins.
            is_right = found.papers[given[at]].pages[0] == firsts[page.paper]
            is_right &= (at in begun) == (firsts[page.paper] == at)
        if not is_right:
            wrong.append(at)
    return wrong


def beginnings(truth: list[Page]) -> dict[int | None, int]:
    """Each paper's first page."""
    firsts: dict[int | None, int] = {}
    for at, page in enumerate(truth):
        if page.role == "content":
            firsts.setdefault(page.paper, at)
    return firsts


def near(at: int, doubted: set[int], found: Split) -> bool:
    """Whether a clerk who looks at the doubts sees this page: it, or the sheet that should have
    parted its paper, is doubted."""
    paper = next((one for one in found.papers if at in one.pages), None)
    return bool(doubted & ({at} if paper is None else {at, *range(paper.pages[0] - 2, at + 1)}))


def suggested(truth: list[Page], found: Split) -> dict[str, int]:
    """The reader's own suggestions: those at a first page are right."""
    begun = {one.at for one in found.suggestions} | {paper.pages[0] for paper in found.papers}
    firsts = set(beginnings(truth).values())
    right = sum(one.at in firsts for one in found.suggestions)
    wrong = len(found.suggestions) - right
    return {"right": right, "wrong": wrong, "overlooked": len(firsts - begun)}


def given_scans() -> tuple[Path, ...]:
    """The given scans of whole pages; none where there are none."""
    told = given.listed() if given.are_here() else []
    return tuple(given.SCANS / one["file"] for one in told if one["page_like"])


def main() -> None:
    """The command line."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 3])
    arguments.add_argument("--sheets", type=int, default=100)
    arguments.add_argument("--dpi", type=int, default=150)
    arguments.add_argument("--wear", type=float, default=0.5)
    arguments.add_argument("--parted", type=float, default=1.0)
    arguments.add_argument("--one-sided", action="store_true")
    arguments.add_argument("--given", action="store_true", help="with the given scans among them")
    arguments.add_argument("--unread", action="store_true", help="without what a reader reads")
    arguments.add_argument("--json", action="store_true", help="every miss and doubt too")
    wanted = arguments.parse_args()
    cv2.setNumThreads(1)
    scans = given_scans() if wanted.given else ()
    for seed in wanted.seeds:
        plan = Plan(
            seed, wanted.sheets, wanted.dpi, not wanted.one_sided, wanted.wear, wanted.parted, scans
        )
        measured = measure(plan, unread=wanted.unread)
        if not wanted.json:
            measured |= {name: len(measured[name]) for name in ("misses", "doubts")}
        print(json.dumps(measured, ensure_ascii=False), flush=True)


if __name__ == "__main__":
    main()
