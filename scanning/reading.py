"""Readings: what was read on a page, where, and how surely."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Literal

Box = tuple[int, int, int, int]
"""Left, top, right, bottom in pixels of the upright, straightened page at its full size."""

Corner = tuple[float, float]
Corners = tuple[Corner, Corner, Corner, Corner]
"""A sheet's corners in a photo, clockwise from the one that is nearest to the photo's top left,
as shares (0 to 1) of its width and height, so that they hold at any resolution."""

Source = Literal["ocr", "text layer"]


@dataclass(frozen=True)
class Line:
    """One run of text on the page.

    `confidence` is 0 to 1. `cuts`, where the reader knows them, are the len(text) + 1 places
    (x in pixels, left to right) between which the characters stand, so that a word can be
    marked inside its line; otherwise empty. `lean` is by how many degrees, clockwise, the line
    leans on its page, for those who judge the picture as it is read; it is not kept.
    """

    text: str
    box: Box
    confidence: float
    cuts: tuple[int, ...] = ()
    lean: float = field(default=0.0, compare=False)

    @classmethod
    def from_dict(cls, stored: Mapping[str, Any]) -> "Line":
        left, top, right, bottom = stored["box"]
        cuts = tuple(stored.get("cuts", ()))
        return cls(stored["text"], (left, top, right, bottom), stored["confidence"], cuts)

    def box_of(self, start: int, end: int) -> Box:
        """The box of text[start:end]; the whole line's box where the reader knew no cuts."""
        if len(self.cuts) != len(self.text) + 1:
            return self.box
        return (self.cuts[start], self.box[1], self.cuts[end], self.box[3])


@dataclass(frozen=True)
class PageReading:
    """One page as read. Its text is its lines in reading order, and nothing else.

    `number` counts from 1. `rotation` (0, 90, 180 or 270) and `skew` are the degrees by which
    the page was turned, clockwise, to stand upright and straight; a turn the file itself asks
    for (EXIF, a PDF's /Rotate) comes before and is not counted. `width` and `height` in pixels
    and `dpi` (0 if unknown) are those of the upright, straightened page. `steps` names the
    clean-up the page needed, each with its measure: "shade evened: 0.47". `corners` are those
    of a sheet that was photographed (see photos) and squared before it was turned; None where
    the picture is the page. `quality` is what is wrong with the picture, as plain data of Said.
    """

    number: int
    lines: tuple[Line, ...]
    rotation: int
    skew: float
    width: int
    height: int
    dpi: int
    engine: str
    engine_version: str
    source: Source
    steps: tuple[str, ...] = ()
    seconds: float = 0.0
    # Plain data of stacks.PageSigns: what on this page may part a stack. None: not looked for.
    signs: dict[str, Any] | None = None
    corners: Corners | None = None
    quality: tuple[dict[str, Any], ...] = ()
    # The page's picture in 64 bits (see likeness), signed; None where it is bare.
    likeness: int | None = None

    @property
    def text(self) -> str:
        return "\n".join(line.text for line in self.lines)

    def with_lines(self, lines: tuple[Line, ...]) -> "PageReading":
        return replace(self, lines=lines)

    def to_dict(self) -> dict[str, Any]:
        stored = asdict(self)
        lines = [
            {"text": line.text, "box": list(line.box), "confidence": line.confidence}
            | ({"cuts": list(line.cuts)} if line.cuts else {})
            for line in self.lines
        ]
        return stored | {
            "text": self.text,
            "lines": lines,
            "steps": list(self.steps),
            "corners": self.corners and [list(corner) for corner in self.corners],
            "quality": list(self.quality),
        }

    @classmethod
    def from_dict(cls, stored: Mapping[str, Any]) -> "PageReading":
        """The reading back from to_dict(), whether or not JSON lay between."""
        known = {name: stored[name] for name in cls.__dataclass_fields__ if name in stored}
        known["lines"] = tuple(Line.from_dict(line) for line in stored["lines"])
        known["steps"] = tuple(stored["steps"])
        known["quality"] = tuple(stored.get("quality", ()))
        corners = stored.get("corners")
        known["corners"] = corners and tuple((float(x), float(y)) for x, y in corners)
        return cls(**known)
