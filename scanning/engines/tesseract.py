"""Tesseract, the second reader: an external program, through pytesseract."""

import re
from collections import defaultdict
from typing import Any

import pytesseract
from PIL import Image

from scanning.errors import EngineFailed, EngineMissing, PageTookTooLong
from scanning.images import Picture, enlarge, shrink, turn
from scanning.reading import Line
from scanning.words import FULL_WIDTH, HAN

SECONDS = 120
SECONDS_A_FIELD = 10
WORD_HEIGHT = 48  # pixels: lines lower than this are enlarged to it
LANGUAGES = {"han": "chi_sim", "latin": "eng"}
READING_SIDE = 3_600  # A4 at 300 dpi, what Tesseract was taught on
# Tesseract puts a space at every side of a Chinese character.
_GAP = re.compile(rf"(?<=[{HAN}{FULL_WIDTH}]) | (?=[{HAN}{FULL_WIDTH}])")
SURE_TURN = 2.0  # Tesseract's own measure; below it the page is left as it lies


class TesseractReader:
    """Reads simplified Chinese; measured truer on Chinese pages alone than with English."""

    name = "tesseract"
    language = "chi_sim"

    def available(self) -> bool:
        return self.language in _languages()

    def version(self) -> str:
        return str(pytesseract.get_tesseract_version())

    def upright(self, picture: Picture) -> int:
        image = Image.fromarray(shrink(picture, READING_SIDE))
        try:
            seen = pytesseract.image_to_osd(
                image, config="--psm 0", output_type="dict", timeout=SECONDS
            )
        except pytesseract.TesseractError:
            return 0  # Too few characters on the page to tell.
        except RuntimeError as error:
            raise PageTookTooLong(seconds=SECONDS) from error
        return int(seen["rotate"]) if float(seen["orientation_conf"]) >= SURE_TURN else 0

    def read(self, picture: Picture) -> list[Line]:
        small = shrink(picture, READING_SIDE)
        scale = picture.shape[1] / small.shape[1]
        lines = defaultdict(list)
        for word in self._words(small):
            lines[word["block_num"], word["par_num"], word["line_num"]].append(word)
        return [_line(words, scale) for words in lines.values()]

    def read_upright(self, picture: Picture) -> tuple[int, list[Line]]:
        degrees = self.upright(picture)
        return degrees, self.read(turn(picture, degrees))

    def _words(self, picture: Picture) -> list[dict[str, Any]]:
        """Tesseract's table of words: text, conf (0 to 100), left, top, width, height …"""
        try:
            table = pytesseract.image_to_data(
                Image.fromarray(picture),
                lang=self.language,
                config="--psm 3",
                output_type="dict",
                timeout=SECONDS,
            )
        except pytesseract.TesseractNotFoundError as error:
            raise EngineMissing(engine=self.name) from error
        except pytesseract.TesseractError as error:
            raise EngineFailed(engine=self.name, reason=error.message) from error
        except RuntimeError as error:  # What pytesseract raises when time is up.
            raise PageTookTooLong(seconds=SECONDS) from error
        rows = [dict(zip(table, row, strict=True)) for row in zip(*table.values(), strict=True)]
        return [row for row in rows if row["text"].strip()]


def _languages() -> list[str]:
    """The languages that Tesseract has; none where it is not installed."""
    try:
        return list(pytesseract.get_languages())
    except pytesseract.TesseractNotFoundError:
        return []


def read_words(picture: Picture, script: str, lines: int = 1) -> str:
    """The few words on a small picture, in "han" or "latin" script, on so many lines.

    "" if Tesseract or its language is not there, or it took too long: then nothing is backed.
    """
    if min(picture.shape[:2]) < 2 or LANGUAGES[script] not in _languages():
        return ""
    enlarged = enlarge(picture, max(1.0, lines * WORD_HEIGHT / picture.shape[0]))
    is_line = lines == 1 and picture.shape[1] > 2 * picture.shape[0]
    try:
        text = pytesseract.image_to_string(
            Image.fromarray(enlarged),
            lang=LANGUAGES[script],
            config=f"--psm {7 if is_line else 6}",
            timeout=SECONDS_A_FIELD,
        )
    except pytesseract.TesseractError as error:
        raise EngineFailed(engine="tesseract", reason=error.message) from error
    except RuntimeError:  # What pytesseract raises when time is up.
        return ""
    return _GAP.sub("", str(text).strip())


def _line(words: list[dict[str, Any]], scale: float) -> Line:
    text = _GAP.sub("", " ".join(word["text"].strip() for word in words))
    box = (
        round(min(word["left"] for word in words) * scale),
        round(min(word["top"] for word in words) * scale),
        round(max(word["left"] + word["width"] for word in words) * scale),
        round(max(word["top"] + word["height"] for word in words) * scale),
    )
    sure = sum(float(word["conf"]) * len(word["text"]) for word in words)
    return Line(text, box, round(sure / 100 / sum(len(word["text"]) for word in words), 4))
