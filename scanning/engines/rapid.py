"""RapidOCR: PP-OCRv6 small, one thread, on OpenVINO where that is quicker, else on ONNX Runtime.

Its models come inside the package.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from importlib import import_module
from importlib.metadata import version as package_version
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from scanning import images
from scanning.engines import openvino
from scanning.images import Picture
from scanning.reading import Line
from scanning.words import close_up

FINDING_MODEL, SAYING_MODEL = "PP-OCRv6_det_small.onnx", "PP-OCRv6_rec_small.onnx"
THREADS = 1  # Pages are read side by side; threads on one page cost more than they bring.
FINDING_SIDE = 1_280  # On four pages 1,600 found no more lines, in 1.9 times the time.
LEAST_BREADTH = 736  # pixels of the shorter side
MOST_FINDING = 2_000_000  # pixels in all; finding takes about 0.2 kB of memory for each
MOST_ENLARGED = 3.0
GRAIN = 32  # pixels: the finder sees pictures of a multiple of it a side
SAMPLE = 6  # lines read to tell up from down …
SAMPLE_LENGTH = 12  # … and of each, over head, as many times its height
# Of what the lines say: below it those that run the other way are few. On drawn pages it was under
# 0.1 of full lines, over 0.25 of tables with a character or two in a cell.
CLEARLY = 0.15
SURELY_UPRIGHT = 0.93  # Upside-down Chinese reads at about 0.6.
CHARACTERS, FEWEST_CHARACTERS = 8, 4  # Chinese ones, to tell whether they stand or lie …
LEGIBLE = 0.75  # … of which so many are read, and so surely, if they lay
DOUBTFUL = 0.75  # below it a line is tried the other way up
DROPPED = 0.5  # below it is no text, but a stain, a picture or a seal's rim
# Pixels: a shorter line is filled up to it. Filled up to 320, as it was taught, a word took 1.6
# times as long; of the lines on 16 scans, 389 of them
# short, 327 were misread instead of 328.
LEAST_LINE = 160
LINE_HEIGHT = 48  # pixels, as the recogniser was taught
LEAST_SQUEEZED = 0.9  # of a line's breadth; at 0.85 one character in 2,000 more was misread
TALL = 1.5  # times as high as wide: a line that runs down the page

Quad = NDArray[np.float32]
"""A line's four corners, clockwise from its top left, 4 × 2."""


@dataclass(frozen=True)
class Said:
    """What the recogniser says of one cut: text, 0 to 1, and RapidOCR's columns of characters."""

    text: str
    score: float
    words: Any = None


@dataclass(frozen=True)
class Standing:
    """A page found to stand upright once it is turned by `degrees`, so `surely` (0 to 1).

    `quads` are its lines' as it stands, None where it was not looked at so; `cuts` are their
    pictures, and `said` what those of them say that were read already, by their place.
    """

    degrees: int
    surely: float
    quads: Sequence[Quad] | None = None
    cuts: Sequence[Picture] = ()
    said: Mapping[int, Said] = field(default_factory=dict)


class RapidReader:
    """Finds lines on a small picture and reads them cut from the full one.

    `may_be_quicker` lets OpenVINO run the models where it is quicker.
    """

    name = "rapidocr"

    def __init__(self, *, may_be_quicker: bool = True) -> None:
        self._with_openvino = may_be_quicker and openvino.is_quicker_here()

    def available(self) -> bool:
        return find_spec("rapidocr") is not None and find_spec("onnxruntime") is not None

    def version(self) -> str:
        onnx = f"ONNX Runtime {package_version('onnxruntime')}"
        runtime = openvino.version() if self._with_openvino else onnx
        return f"{package_version('rapidocr')}, {runtime}"

    def upright(self, picture: Picture) -> int:
        return self._standing(picture).degrees

    def read(self, picture: Picture) -> list[Line]:
        quads = self._find(picture)
        return self._lines(quads, [_cut(picture, quad) for quad in quads], {})

    def read_upright(self, picture: Picture) -> tuple[int, list[Line]]:
        found = self._standing(picture)
        if found.quads is None:
            return found.degrees, self.read(images.turn(picture, found.degrees))
        return found.degrees, self._lines(found.quads, found.cuts, found.said)

    def _standing(self, picture: Picture) -> Standing:
        """Told by how the lines run; where they run both ways, by which way they read better."""
        quads = self._find(picture)
        running_down = _running_down(quads)
        if running_down < CLEARLY or not quads:
            return self._stood(picture, quads, 0)
        turned = images.turn(picture, 90)
        lain = self._stood(turned, self._find(turned), 90)
        if running_down > 1 - CLEARLY:
            return lain
        return max(self._stood(picture, quads, 0), lain, key=lambda one: one.surely)

    def _stood(self, picture: Picture, quads: Sequence[Quad], degrees: int) -> Standing:
        """What must still be done to a page turned by `degrees` already, so that its longest lines
        stand; they are read as a page that stands is to be read anyway."""
        if not quads:
            return Standing(0, 0.0, quads)
        cuts = [_cut(picture, quad) for quad in quads]
        longest = sorted(range(len(quads)), key=lambda at: _width(quads[at]))[-SAMPLE:]
        sample = [cuts[at] for at in longest]
        said = self._say(sample)
        surely = _confidence(sample, said)
        stands = True
        if surely < SURELY_UPRIGHT:
            over = [images.turn(_beginning(cut), 180) for cut in sample]
            said_over = self._say(over)
            if _confidence(over, said_over) > surely:
                surely = _confidence(over, said_over)
                degrees, sample, said, stands = degrees + 180, over, said_over, False
        if self._lies(sample, said):
            degrees, stands = (degrees + 90) % 360, False
        known = dict(zip(longest, said, strict=True))
        return Standing(degrees, surely, *((quads, cuts, known) if stands else ()))

    def _lines(
        self, quads: Sequence[Quad], cuts: Sequence[Picture], known: Mapping[int, Said]
    ) -> list[Line]:
        """The lines of these places; what is `known` of them is not read again."""
        rest = [at for at in range(len(cuts)) if at not in known]
        said = dict(known) | dict(zip(rest, self._say([cuts[at] for at in rest]), strict=True))
        for at in [at for at, one in said.items() if one.score < DOUBTFUL]:
            # A lone line may stand on its head: a stamp, a label, a table's turned heading.
            (turned,) = self._say([images.turn(cuts[at], 180)])
            if turned.score > max(said[at].score, DOUBTFUL):
                said[at] = Said(turned.text, turned.score)
        spoken = [(quad, said[at]) for at, quad in enumerate(quads)]
        return [
            _line(quad, one) for quad, one in spoken if one.text.strip() and one.score >= DROPPED
        ]

    @cached_property
    def _rapid(self) -> Any:
        # A second to import, so only when wanted. One line a batch: padded to the longest of six,
        # lines took 15 to 75 % longer.
        models = Path(str(files("rapidocr"))) / "models"
        finding, saying = models / FINDING_MODEL, models / SAYING_MODEL
        rapid = import_module("rapidocr").RapidOCR(
            params={
                "EngineConfig.onnxruntime.intra_op_num_threads": THREADS,
                "EngineConfig.onnxruntime.inter_op_num_threads": 1,
                "Global.log_level": "error",
                "Global.use_preprocess_img": False,
                "Global.return_word_box": True,
                "Det.model_path": str(finding),
                "Rec.model_path": str(saying),
                "Rec.rec_batch_num": 1,
                "Rec.rec_img_shape": [3, LINE_HEIGHT, LEAST_LINE],
            }
        )
        if self._with_openvino:
            # RapidOCR's own way to OpenVINO has no bound to what is remembered of sizes seen.
            rapid._load_det_model().session = openvino.Session(finding)
            rapid._load_rec_model().session = openvino.LineSession(saying)
        return rapid

    def _find(self, picture: Picture) -> list[Quad]:
        """The lines' corners in the picture's own pixels."""
        finder = self._rapid._load_det_model()
        small = _for_finding(picture)
        seen = cv2.dnn.blobFromImage(small, 1 / 127.5, mean=(127.5, 127.5, 127.5), swapRB=True)
        boxes, _ = finder.postprocess_op(finder.session(seen), small.shape[:2])
        (height, width), (high, wide) = picture.shape[:2], small.shape[:2]
        scale = np.array([width / wide, height / high], np.float32)
        quads = [_from_top_left(box) * scale for box in boxes]
        return [quad for quad in quads if min(_width(quad), _height(quad)) >= 2]

    def _say(self, cuts: list[Picture]) -> list[Said]:
        if not cuts:
            return []
        said = self._rapid.recognize_txt([self._fitted(cut) for cut in cuts])
        found = zip(said.txts, said.scores, said.word_results, strict=True)
        return [Said(text, float(score), words) for text, score, words in found]

    def _fitted(self, cut: Picture) -> Picture:
        """The cut squeezed a little to a breadth that OpenVINO has seen, rather than filled up."""
        if not self._with_openvino:
            return cut
        breadth = LINE_HEIGHT * cut.shape[1] / cut.shape[0]
        fitting = int(breadth // openvino.STEP) * openvino.STEP
        if fitting < max(LEAST_LINE, LEAST_SQUEEZED * breadth):
            return cut
        return np.asarray(cv2.resize(cut, (fitting, LINE_HEIGHT)), np.uint8)

    def _lies(self, cuts: list[Picture], said: list[Said]) -> bool:
        """Whether the characters lie on their left sides: the page is written down its columns.

        The recogniser reads characters that stand and that lie so, but none on their right sides.
        A few, each turned on its own, are therefore legible only if they lay.
        """
        lain = [cell for cut, one in zip(cuts, said, strict=True) for cell in _characters(cut, one)]
        if len(lain) < FEWEST_CHARACTERS:
            return False
        lain = lain[:: max(1, len(lain) // CHARACTERS)][:CHARACTERS]
        (stood,) = self._say([np.asarray(np.hstack([images.turn(one, 90) for one in lain]))])
        return len(_ideographs(stood)) >= LEGIBLE * len(lain) and stood.score >= LEGIBLE


def _for_finding(picture: Picture) -> Picture:
    """The picture at the size lines are found at: its longest side FINDING_SIDE, but broad enough
    that the print of a small picture or a long receipt can be seen, and not beyond all memory."""
    height, width = picture.shape[:2]
    broad = max(FINDING_SIDE / max(height, width), LEAST_BREADTH / min(height, width))
    scale = min(broad, math.sqrt(MOST_FINDING / (height * width)), MOST_ENLARGED)
    size = [max(1, round(side * scale)) for side in (width, height)]
    kind = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    small = cv2.resize(images.halved(picture, max(size)), size, interpolation=kind)
    grained = [max(1, round(side / GRAIN)) * GRAIN for side in size]
    return np.asarray(cv2.resize(small, grained), np.uint8)


def _from_top_left(box: Any) -> Quad:
    """The corners clockwise from the top left; RapidOCR takes others where a narrow box leans."""
    quad = np.asarray(box, np.float32)
    away = quad - quad.mean(axis=0)
    quad = quad[np.argsort(np.arctan2(away[:, 1], away[:, 0]))]
    sides = np.roll(quad, -1, axis=0) - quad
    rightwards = sides[:, 0] / np.maximum(np.linalg.norm(sides, axis=1), 1e-6)
    return np.asarray(np.roll(quad, -int(rightwards.argmax()), axis=0), np.float32)


def _width(quad: Quad) -> float:
    return float(np.linalg.norm(quad[1] - quad[0]))


def _height(quad: Quad) -> float:
    return float(np.linalg.norm(quad[3] - quad[0]))


def _running_down(quads: Sequence[Quad]) -> float:
    """Which share of the lines' lengths runs down the page, 0 to 1; a lone character, as high as
    it is wide, says nothing. A half where none says anything."""
    longer = [_height(quad) - _width(quad) for quad in quads]
    down, across = sum(max(0.0, one) for one in longer), sum(max(0.0, -one) for one in longer)
    return down / (down + across) if down + across else 0.5


def _confidence(cuts: list[Picture], said: list[Said]) -> float:
    return float(np.average([one.score for one in said], weights=[cut.shape[1] for cut in cuts]))


def _ideographs(said: Said) -> list[int]:
    """The places of the Chinese characters in what was said."""
    return [at for at, char in enumerate(said.text) if "\u4e00" <= char <= "\u9fff"]


def _characters(cut: Picture, said: Said) -> list[Picture]:
    """The line's Chinese characters, each in a square."""
    chosen = _ideographs(said)
    if not chosen or said.words is None:
        return []
    places = _cuts(said.text, said.words, 0, cut.shape[1])
    cells = [cut[:, places[at] : max(places[at] + 1, places[at + 1])] for at in chosen]
    size = LINE_HEIGHT, LINE_HEIGHT
    return [np.asarray(cv2.resize(cell, size), np.uint8) for cell in cells]


def _cut(picture: Picture, quad: Quad) -> Picture:
    """The line cut out and laid level; a line that runs down the page is laid on its side.

    BGR, as the recogniser was taught.
    """
    width, height = max(1, round(_width(quad))), max(1, round(_height(quad)))
    level = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    matrix = cv2.getPerspectiveTransform(quad, level)
    cut = cv2.warpPerspective(
        picture, matrix, (width, height), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE
    )
    cut_bgr = np.ascontiguousarray(cut[:, :, ::-1], np.uint8)
    return images.turn(cut_bgr, 270) if height >= TALL * width else cut_bgr


def _beginning(cut: Picture) -> Picture:
    return np.ascontiguousarray(cut[:, : SAMPLE_LENGTH * cut.shape[0]])


def _line(quad: Quad, said: Said) -> Line:
    left, top = (int(value) for value in np.floor(quad.min(axis=0)))
    right, bottom = (int(value) for value in np.ceil(quad.max(axis=0)))
    tall = _height(quad) >= TALL * _width(quad)
    cuts = () if tall or said.words is None else _cuts(said.text, said.words, left, right)
    text, cuts = close_up(said.text, cuts)
    along, down = (0.0, 0.0) if tall else quad[1] - quad[0]
    lean = math.degrees(math.atan2(down, along))
    return Line(text, (left, top, right, bottom), round(said.score, 4), cuts, lean)


def _cuts(text: str, words: Any, left: int, right: int) -> tuple[int, ...]:
    """Where the characters part, from the recogniser's columns: half-way between their middles."""
    columns = iter([column for word in words.word_cols for column in word])
    middles = [float("nan") if char.isspace() else next(columns) + 0.5 for char in text]
    known = np.array(middles)
    blank = np.isnan(known)
    known[blank] = np.interp(np.flatnonzero(blank), np.flatnonzero(~blank), known[~blank])
    scale = (right - left) / max(1.0, float(words.line_txt_len))
    between = left + (known[:-1] + known[1:]) / 2 * scale
    return (left, *(int(x) for x in np.clip(between, left, right)), right)
