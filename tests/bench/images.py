"""How well pages are judged and straightened: verdicts, skew, turns, the back's print, photos.

python -m tests.bench.images [--pages N] [--drawn N] [--turns N] [--seed N] [--json]

Takes N of the shared scans (JUANZONG_SHARED, or ../shared beside the repository) and N of the
drawn pages of tests.bench.sheets, spoils them in known ways, and counts what is noticed. The
verdict's and the skew's figures do not read the spoilt pages again, the photos' those alone that
were not found; the orientation's do what a page's reading does first, the back's print is measured
by the whole reading.
"""

import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from PIL import Image

from scanning import bleed, engines, images, originals, photos, pipeline, quality
from scanning.images import Picture
from scanning.reading import PageReading
from tests import given
from tests.bench import forms, sheets, tables
from tests.scanning.spoiling import (
    TABLES,
    blurred,
    cut_off,
    dark,
    dull,
    faint,
    photographed,
    shaken,
)  # fmt: skip

RIGHT = 0.2  # degrees
# How given scans must be turned to stand upright, seen by eye; all others stand already.
LAIN = {"r088": 90, "r305": 270, "s17_quote_rot270": 270, "s18_lease_fold_rot180": 180}
STRENGTHS = (0.0, 0.25, 0.45)  # of the front's print: how dark the back's shows through
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
    for degrees in (8, 12):
        lean = [_leaning_page(page, degrees) for page in good]
        yield {"spoilt": f"leaning by {degrees}°", "pages": len(lean), "said": sum(lean)}
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


def _leaning_page(page: Read, degrees: float) -> bool:
    taken = images.straighten(page.page, degrees)
    skew = images.skew(taken)
    told = quality.verdict(taken, images.straighten(taken, skew), page.reading.lines, 0, skew)
    return any(one["text"] in {quality.SKEWED, quality.ASKEW} for one in told)


def _cut_page(page: Read, side: str) -> bool:
    cut, lines = cut_off(page.page, page.reading.lines, side)
    told = quality.verdict(cut, cut, lines, page.reading.dpi, 0)
    return any(one["text"] == quality.CUT for one in told)


def skews(of: str, pages: Iterable[Picture], turns: int) -> dict[str, Any]:
    """How near the measured angle is to the one by which a straight page was turned."""
    chance = np.random.default_rng(11)
    wrong = []
    for page in pages:
        for angle in np.round(chance.uniform(-8, 8, turns), 2):
            turned = images.straighten(images.shrink(page, 2_000), float(angle))
            wrong.append(abs(images.skew(turned) + angle))
    right = sum(error <= RIGHT for error in wrong)
    share = round(right / len(wrong), 4)
    return {"skew of": of, "turned": len(wrong), "within 0.2°": right, "share": share}


def orientations(of: str, uprights: Iterable[tuple[str, Picture]]) -> dict[str, Any]:
    """Of each upright page, lain four ways: how often it is stood up again."""
    reader = engines.reader(engines.DEFAULT)
    told = Counter[bool]()
    missed = []
    for name, upright in uprights:
        for turn in (0, 90, 180, 270):
            is_right = (reader.upright(images.turn(upright, turn)) + turn) % 360 == 0
            told[is_right] += 1
            missed += [] if is_right else [f"{name} by {turn}°"]
    return {"orientation of": of, "turned": told.total(), "right": told[True],
            "share": round(told[True] / told.total(), 4), "missed": ", ".join(missed)}  # fmt: skip


def stood_up(paths: list[Path]) -> Iterator[tuple[str, Picture]]:
    for path in paths:
        yield path.stem, images.turn(originals.load(path, 1).picture, LAIN.get(path.stem, 0))


def leaning(seed: int, most: int) -> Iterator[tuple[str, Picture]]:
    """Drawn pages, each lying a little askew."""
    chance = np.random.default_rng(seed)
    for sheet in sheets.some(seed, most):
        yield sheet.name, images.straighten(sheet.picture, float(chance.uniform(-3, 3)))


def backs(seed: int, most: int) -> Iterator[dict[str, Any]]:
    """What of a page's printed lines is read exactly, read simply and as pages are read, and what
    is read that the page does not say."""
    reader = engines.reader(engines.DEFAULT)
    fronts = list(sheets.papers(forms.HELD_OUT[:most], seed))
    for strength in STRENGTHS:
        told = Counter[str]()
        for front, back in zip(fronts, fronts[1:] + fronts[:1], strict=True):
            page = sheets.showing_through(front.picture, back.picture, strength)
            simply = [line.text for line in reader.read(page)]
            reading = _as_read(page)
            told["evened"] += any(step.startswith(bleed.EVENED) for step in reading.steps)
            read = [line.text for line in reading.lines]
            for way, texts in (("simply", simply), ("as read", read)):
                whole, said = _closed("".join(texts)), _closed("".join(front.said))
                told[f"found, {way}"] += sum(_closed(line) in whole for line in front.said)
                told[f"too much, {way}"] += sum(
                    len(text) for text in map(_closed, texts) if len(text) > 2 and text not in said
                )
        lines = sum(len(front.said) for front in fronts)
        yield {
            "back shows through": f"{strength:.0%}",
            "pages": len(fronts),
            "lines": lines,
            **told,
        }


def _as_read(page: Picture) -> PageReading:
    with tempfile.NamedTemporaryFile(suffix=".png") as file:
        Image.fromarray(page).save(file.name)
        return pipeline.read_page(Path(file.name), 1)


def _closed(text: str) -> str:
    return "".join(text.split())


def photographs(paths: list[Path]) -> Iterator[dict[str, Any]]:
    """Scans must be let be, however they lie; the same photographed on a table must be found, and
    what is not found must be asked for once more."""
    pictures = [originals.load(path, 1).picture for path in paths]
    turned = [images.turn(one, turn) for one in pictures for turn in (0, 90, 180, 270)]
    touched = sum(photos.sheet(one) is not None for one in turned)
    yield {"pages": "scans, four ways", "seen": len(turned), "squared": touched}
    for table in TABLES:
        seen = [photographed(one, table, seed) for seed, one in enumerate(pictures)]
        found = [(photos.sheet(photo), corners) for photo, corners in seen]
        off = [np.abs(np.array(one) - true).max() for one, true in found if one is not None]
        near = sum(error <= 0.015 for error in off)
        lost = [photo for (photo, _), (one, _) in zip(seen, found, strict=True) if one is None]
        asked = sum(bool(_as_read(photo).quality) for photo in lost)
        yield {"pages": f"photos, {table} table", "seen": len(seen), "squared": len(off),
               "within 1.5 %": near, "of the others asked for again": asked}  # fmt: skip


def main() -> None:
    # The seed is that of the drawn pages.
    wanted = tables.options(__doc__, pages=12, drawn=24, turns=4, seed=43).parse_args()
    cv2.setNumThreads(1)
    every = [given.SCANS / one["file"] for one in given.listed()]
    some = every[:: max(1, len(every) // wanted.pages)][: wanted.pages]
    pages = [read(path) for path in some]
    drawn = (one.picture for one in sheets.some(wanted.seed, wanted.drawn))
    found = {
        "verdicts": list(verdicts(pages)),
        "skew": [
            skews("given scans", (page.page for page in pages), wanted.turns),
            skews("drawn pages", drawn, wanted.turns),
        ],
        "orientation": [
            orientations("given scans", stood_up(some)),
            orientations("drawn pages", leaning(wanted.seed, wanted.drawn)),
        ],
        "backs": list(backs(wanted.seed, wanted.drawn)),
        "photos": list(photographs(some)),
    }
    print(tables.tables(found, as_json=wanted.json))


if __name__ == "__main__":
    main()
