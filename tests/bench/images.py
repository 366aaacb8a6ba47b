"""How well pages are judged and straightened: verdicts, skew, turns, squared photos.

python -m tests.bench.images [--pages N] [--turns N] [--json]

Takes the shared scans (JUANZONG_SHARED, or ../shared beside the repository), spoils them in known
ways, and counts what is noticed. The verdict's, the skew's and the photo's figures do not read the
spoilt pages again; the orientation's do what a page's reading does first.
"""

import argparse
import json
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from scanning import engines, images, originals, photos, pipeline, quality
from scanning.images import Picture
from scanning.reading import PageReading
from tests import given
from tests.scanning.spoiling import (
    blurred,
    cut_off,
    dark,
    dull,
    faint,
    photographed,
    shaken,
)  # fmt: skip

RIGHT = 0.2  # degrees
LEAST_SIDE = 1_600  # pixels: smaller ones are parts of pages, and no blur of A4 blurs them


@dataclass(frozen=True)
class Read:
    """A page as it was read: upright before it was straightened, and after."""

    name: str
    upright: Picture
    page: Picture
    reading: PageReading

    def verdict(
        self, spoil: Callable[[Picture], Picture] | None = None, dpi: int | None = None
    ) -> set[str]:
        """What is said of the page; with `spoil`, of what that makes of it."""
        upright, page = (spoil(one) if spoil else one for one in (self.upright, self.page))
        told = quality.verdict(
            upright, page, self.reading.lines, self.reading.dpi if dpi is None else dpi,
            self.reading.skew,
        )  # fmt: skip
        return {one["text"] for one in told}


def read(path: Path) -> Read:
    reading = pipeline.read_page(path, 1)
    picture = originals.load(path, 1).picture
    upright = images.turn(picture, reading.rotation)
    return Read(path.name, upright, images.straighten(upright, reading.skew), reading)


def verdicts(pages: list[Read]) -> Iterator[dict[str, Any]]:
    """For each way of spoiling: on how many of the pages it is said, and of how many before."""
    good = [page for page in pages if not page.verdict() and max(page.page.shape) >= LEAST_SIDE]
    ways: dict[str, tuple[str, Callable[[Picture], Picture]]] = {
        "blurred": (quality.BLURRED, blurred),
        "shaken": (quality.BLURRED, shaken),
        "too dark": (quality.DARK, dark),
        "too pale": (quality.FAINT, faint),
        "dull": (quality.DULL, dull),
    }
    told = sum(bool(page.verdict()) for page in pages)
    yield {"spoilt": "not at all", "pages": len(pages), "said": told}
    for way, (said, spoil) in ways.items():
        hits = sum(said in page.verdict(spoil) for page in good)
        yield {"spoilt": way, "pages": len(good), "said": hits}
    for way, spoil in MILDLY.items():
        alarms = sum(bool(page.verdict(spoil)) for page in good)
        yield {"spoilt": f"mildly: {way}", "pages": len(good), "said": alarms}
    lean = [_leaning_page(page) for page in good]
    yield {"spoilt": "leaning by 12°", "pages": len(lean), "said": sum(lean)}
    for side in ("left", "bottom"):
        cuts = [_cut_page(page, side) for page in good]
        yield {"spoilt": f"cut off, {side}", "pages": len(cuts), "said": sum(cuts)}
    low = [quality.LOW in page.verdict(dpi=150) for page in good]
    yield {"spoilt": "150 dots an inch, said", "pages": len(low), "said": sum(low)}


def _noise(picture: Picture) -> Picture:
    noise = np.random.default_rng(1).normal(0, 6, picture.shape)
    return np.clip(picture + noise, 0, 255).astype(np.uint8)


def _compressed(picture: Picture) -> Picture:
    _, data = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, 40])
    return np.asarray(cv2.imdecode(data, cv2.IMREAD_COLOR), np.uint8)


MILDLY: dict[str, Callable[[Picture], Picture]] = {
    "JPEG of quality 40": _compressed,
    "noise": _noise,
    "a fifth darker": lambda picture: (picture * 0.8).astype(np.uint8),
    "a little soft": lambda picture: blurred(picture, 0.06),
}


def _leaning_page(page: Read) -> bool:
    taken = images.straighten(page.page, 12)
    skew = images.skew(taken)
    told = quality.verdict(taken, images.straighten(taken, skew), page.reading.lines, 0, skew)
    return any(one["text"] == quality.SKEWED for one in told)


def _cut_page(page: Read, side: str) -> bool:
    cut, lines = cut_off(page.page, page.reading.lines, side)
    told = quality.verdict(cut, cut, lines, page.reading.dpi, 0)
    return any(one["text"] == quality.CUT for one in told)


def skews(pages: list[Read], turns: int) -> dict[str, Any]:
    """How near the measured angle is to the one by which a straight page was turned."""
    chance = np.random.default_rng(11)
    wrong = []
    for page in pages:
        for angle in np.round(chance.uniform(-8, 8, turns), 2):
            turned = images.straighten(images.shrink(page.page, 2_000), float(angle))
            wrong.append(abs(images.skew(turned) + angle))
    right = sum(error <= RIGHT for error in wrong)
    return {"turned": len(wrong), "within 0.2°": right, "share": round(right / len(wrong), 4)}


def orientations(paths: list[Path]) -> dict[str, Any]:
    """Each page, turned four ways, must be turned to what the first way was turned to."""
    reader = engines.reader(engines.DEFAULT)
    told = Counter[bool]()
    for path in paths:
        picture = originals.load(path, 1).picture
        first = reader.upright(picture)
        for turn in (90, 180, 270):
            found = reader.upright(images.turn(picture, turn))
            told[(found + turn - first) % 360 == 0] += 1
    return {"turned": told.total(), "right": told[True]}


def photographs(paths: list[Path]) -> Iterator[dict[str, Any]]:
    """Scans must be let be, however they lie; the same photographed on a table must be found."""
    pictures = [originals.load(path, 1).picture for path in paths]
    turned = [images.turn(one, turn) for one in pictures for turn in (0, 90, 180, 270)]
    touched = sum(photos.sheet(one) is not None for one in turned)
    yield {"pages": "scans, four ways", "seen": len(turned), "squared": touched}
    for table in ("dark", "wood", "grey", "light"):
        seen = [photographed(one, table, seed) for seed, one in enumerate(pictures)]
        found = [(photos.sheet(photo), corners) for photo, corners in seen]
        off = [np.abs(np.array(one) - true).max() for one, true in found if one is not None]
        near = sum(error <= 0.015 for error in off)
        yield {"pages": f"photos, {table} table", "seen": len(seen), "squared": len(off),
               "within 1.5 %": near}  # fmt: skip


def table(rows: list[dict[str, Any]]) -> str:
    head = list(dict.fromkeys(key for row in rows for key in row))
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    lines += ["| " + " | ".join(str(row.get(key, "")) for key in head) + " |" for row in rows]
    return "\n".join(lines)


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    asked.add_argument("--pages", type=int, default=12)
    asked.add_argument("--turns", type=int, default=4)
    asked.add_argument("--json", action="store_true")
    wanted = asked.parse_args()
    cv2.setNumThreads(1)
    every = [given.SCANS / one["file"] for one in given.listed()]
    some = every[:: max(1, len(every) // wanted.pages)][: wanted.pages]
    pages = [read(path) for path in some]
    found = {
        "verdicts": list(verdicts(pages)),
        "skew": [skews(pages, wanted.turns)],
        "orientation": [orientations(some)],
        "photos": list(photographs(some)),
    }
    if wanted.json:
        print(json.dumps(found, ensure_ascii=False))
        return
    print("\n\n".join(table(rows) for rows in found.values()))


if __name__ == "__main__":
    main()
