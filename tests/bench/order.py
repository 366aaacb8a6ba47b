"""How truly a page's lines are put in order, their places known: no engine reads here.

python -m tests.bench.order [--seeds N …] [--json] [--misses FOLDER]

Draws each page of tests.bench.arranged, shakes the lines' boxes as an engine does, leans them by
what straightening leaves, finds the rulings on the picture and lays the lines out. "Wrong" is the
edit distance to the true text over its length; "torn" counts lines that go on with a sentence and
do not follow the line before.
"""

import math
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from PIL import ImageDraw
from rapidfuzz.distance import Levenshtein

from scanning import images, layout, rulings
from scanning.reading import Line
from tests.bench import arranged
from tests.bench.arranged import Arranged
from tests.bench.tables import options, tables

SHAKEN = 0.08  # of a line's height: how far an engine's box is off, its standard deviation
LEANING = images.LEAST_SKEW  # degrees, at most


def shaken(page: Arranged, seed: int) -> list[Line]:
    """The page's lines in the order in which they were printed, as an engine finds them."""
    chance = np.random.default_rng(seed)
    slope = math.tan(math.radians(float(chance.uniform(-LEANING, LEANING))))
    lines = []
    for text, (left, top, right, bottom) in zip(page.sheet.said, page.sheet.places, strict=True):
        size = bottom - top
        x0, y0, x1, y1 = chance.normal((-0.1, -0.1, 0.1, 0.1), SHAKEN) * size
        fall = slope * (left + right - page.sheet.image.width) / 2
        above, below = round(top + y0 + fall), round(bottom + y1 + fall)
        lines.append(Line(text, (round(left + x0), above, round(right + x1), below), 1.0))
    return lines


def measured(page: Arranged, seed: int) -> tuple[dict[str, int], list[Line]]:
    """The page's figures, and its lines as they were laid out."""
    lines = shaken(page, seed)
    picture = np.asarray(page.sheet.image.convert("RGB"), np.uint8)
    cells = rulings.cells(picture, [line.box for line in lines])
    mixed = [lines[at] for at in np.random.default_rng(seed).permutation(len(lines))]
    ordered = layout.in_reading_order(mixed, cells)
    place = {id(line): at for at, line in enumerate(ordered)}
    on = [at for at, goes_on in enumerate(page.sheet.goes_on) if goes_on]
    torn = [at for at in on if place[id(lines[at])] != place[id(lines[at - 1])] + 1]
    read = _text(ordered)
    wrong = min(Levenshtein.distance(_text(one), read) for one in _truths(page, lines))
    return {"chars": len(read), "wrong": wrong, "run on": len(on), "torn": len(torn)}, ordered


def _truths(page: Arranged, lines: list[Line]) -> list[list[Line]]:
    """As the lines were printed, and side by side where that is as good."""
    return [lines, *(_by_sides(lines, x) for x in arranged.SIDES if page.by_sides)]


def _by_sides(lines: list[Line], x: int) -> list[Line]:
    parts: list[list[Line]] = [[]]
    for line in lines:
        # What is as broad as both sides parts them.
        if line.box[0] < x < line.box[2]:
            parts += [[line], []]
        else:
            parts[-1].append(line)
    return [line for part in parts for line in sorted(part, key=lambda one: one.box[0] > x)]


def _text(lines: Sequence[Line]) -> str:
    return "".join("".join(line.text.split()) for line in lines)


def measure(seeds: Sequence[int], misses: Path | None = None) -> list[dict[str, Any]]:
    """A row for each arrangement, and one for all."""
    told: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for seed in seeds:
        for page in arranged.every(seed):
            figures, ordered = measured(page, seed)
            for name in (page.name, "all"):
                for key, count in ({"pages": 1} | figures).items():
                    told[name][key] += count
            if misses and (figures["wrong"] or figures["torn"]):
                _show(page, ordered, misses / f"{page.name}_{seed}.png")
    last = told.pop("all")
    return [
        {"arrangement": name, **row, "share": f"{row['wrong'] / max(1, row['chars']):.2%}"}
        for name, row in (told | {"all": last}).items()
    ]


def _show(page: Arranged, ordered: Sequence[Line], target: Path) -> None:
    """The page with each line's place in the order, to be looked at."""
    shown = page.sheet.image.copy()
    pen = ImageDraw.Draw(shown)
    for place, line in enumerate(ordered, 1):
        pen.rectangle(line.box, outline=(0, 0, 255))
        pen.text(line.box[:2], str(place), fill=(255, 0, 0), font_size=18)
    target.parent.mkdir(parents=True, exist_ok=True)
    shown.save(target)


def main() -> None:
    asked = options(__doc__)
    asked.add_argument("--seeds", type=int, nargs="+", default=[101, 102, 103])
    asked.add_argument("--misses", type=Path, help="a folder for pictures of what went wrong")
    wanted = asked.parse_args()
    print(tables({"order": measure(wanted.seeds, wanted.misses)}, as_json=wanted.json))


if __name__ == "__main__":
    main()
