"""Lines of a page as clerks put them right, and how that outlives another reading.

Plain data, nothing of the database. A line is {"text", "box", "confidence", …} as the reader told
it. A correction is {"box", "before", "after", "was", "place"}: where it was done, what stood there
and what a clerk wrote (each may be empty: a line was added, or taken away), the lines that went for
it, and at which place. Corrections stand in the order in which they were made.
"""

from collections.abc import Iterable, Sequence
from difflib import SequenceMatcher
from typing import Any

Line = dict[str, Any]
Reading = dict[str, Any]
Correction = dict[str, Any]

# Below this confidence a line is to be compared with the paper.
LEAST_SURE = 0.8
# So much of a line lies in a correction's box when it is the one, or a piece of the one, meant.
INSIDE = 0.7
# So alike is a line that the reader now finds by itself to the one that a clerk had added.
ALIKE = 0.6
ROW = 1 / 40  # of a page's height: a line on a page that has none to go by


def doubts(reading: Reading) -> int:
    """How many lines of a reading are to be compared with the paper."""
    return sum(line["confidence"] < LEAST_SURE for line in reading.get("lines", ()))


def text_of(reading: Reading) -> str:
    """A page's text: its lines."""
    return "\n".join(line["text"] for line in reading["lines"])


def corrected(reading: Reading, place: int, after: str) -> tuple[Reading, Correction]:
    """The line at a place, from 0, says something else; where that is empty it goes."""
    line = reading["lines"][place]
    return _put(reading, [place], place, line["box"], line["text"], after)


def added(reading: Reading, place: int, text: str) -> tuple[Reading, Correction]:
    """A line that the reader missed, below the one before that place."""
    return _put(reading, [], place, _below(reading, place), "", text)


def undone(reading: Reading, correction: Correction) -> Reading:
    """A reading as it was before its newest correction."""
    lines = list(reading["lines"])
    here = [
        at
        for at, line in enumerate(lines)
        if correction["after"] == line["text"] and correction["box"] == line["box"]
    ]
    place = here[0] if here else min(correction["place"], len(lines))
    lines[place : place + len(here[:1])] = correction["was"]
    return reading | {"lines": lines}


def kept(
    old: Reading, new: Reading, corrections: Sequence[Correction]
) -> tuple[Reading, list[Correction]]:
    """A new reading of a page with what was corrected in the old one; and the corrections as
    they hold for it. The page may have been turned between, or drawn at another size."""
    moved = []
    for correction in corrections:
        framed = correction | {"box": _framed(correction["box"], old, new)}
        new, done = _again(new, framed)
        moved.append(done)
    return new, moved


def _again(reading: Reading, correction: Correction) -> tuple[Reading, Correction]:
    """One correction, done once more to the lines that lie where it was."""
    lines, box = reading["lines"], correction["box"]
    before, after = correction["before"], correction["after"]
    pieces = [at for at, line in enumerate(lines) if _share(line["box"], box) >= INSIDE]
    if not before:
        pieces = [at for at in pieces if _is_alike(lines[at]["text"], after)]
    if pieces:
        whole = lines[pieces[0]]["box"] if len(pieces) == 1 else box
        return _put(reading, pieces, pieces[0], whole, before, after)
    for at, line in enumerate(lines):
        if _share(box, line["box"]) < INSIDE:
            continue
        # The reader now takes for one line what was two.
        if before and before in line["text"]:
            return corrected(reading, at, line["text"].replace(before, after, 1))
        if after and after in line["text"]:
            return reading, correction | {"was": [], "place": at}
    if not after:
        return reading, correction | {"was": []}
    return _put(reading, [], _place_of(lines, box), box, before, after)


def _put(
    reading: Reading, taken: Sequence[int], place: int, box: list[int], before: str, after: str
) -> tuple[Reading, Correction]:
    lines = reading["lines"]
    was = [lines[at] for at in taken]
    rest = [line for at, line in enumerate(lines) if at not in taken]
    fresh = [_by_hand(after, box, was)] if after else []
    done = {"box": box, "before": before, "after": after, "was": was, "place": place}
    return reading | {"lines": [*rest[:place], *fresh, *rest[place:]]}, done


def _by_hand(text: str, box: list[int], was: Sequence[Line]) -> Line:
    line = {"text": text, "box": box, "confidence": 1.0, "corrected": True}
    # As many characters as before stand where those stood.
    cuts = was[0].get("cuts") if len(was) == 1 else None
    return line | {"cuts": cuts} if cuts and len(cuts) == len(text) + 1 else line


def _below(reading: Reading, place: int) -> list[int]:
    """A box for a line at a place: as the line before it, one row down."""
    width, height = reading["width"], reading["height"]
    if not place:
        return [0, 0, width, round(ROW * height)]
    left, top, right, bottom = reading["lines"][place - 1]["box"]
    return [left, min(bottom, height - 1), right, min(2 * bottom - top, height)]


def _place_of(lines: Iterable[Line], box: Sequence[int]) -> int:
    """The place in reading order of a line that lies in this box: before the first below it."""
    middle = (box[1] + box[3]) / 2
    above = [at for at, line in enumerate(lines) if line["box"][1] <= middle]
    return above[-1] + 1 if above else 0


def _share(part: Sequence[int], whole: Sequence[int]) -> float:
    """How much of one box lies in another, 0 to 1."""
    across = min(part[2], whole[2]) - max(part[0], whole[0])
    down = min(part[3], whole[3]) - max(part[1], whole[1])
    area = max(1, (part[2] - part[0]) * (part[3] - part[1]))
    return max(0, across) * max(0, down) / area


def _is_alike(one: str, other: str) -> bool:
    return SequenceMatcher(None, one, other).ratio() >= ALIKE


def _framed(box: Sequence[int], old: Reading, new: Reading) -> list[int]:
    """A box of the old reading's page on the new one's."""
    left, top, right, bottom = box
    width, height = old["width"], old["height"]
    for _ in range((new["rotation"] - old["rotation"]) % 360 // 90):
        left, top, right, bottom = height - bottom, left, height - top, right
        width, height = height, width
    across, down = new["width"] / max(1, width), new["height"] / max(1, height)
    return [round(left * across), round(top * down), round(right * across), round(bottom * down)]
