"""Sheets: pages drawn straight and upright, so that what is done to them afterwards is known.

The company's papers of tests.bench.forms, and what is hard to lay straight: a line or three on an
empty page, print down the columns as of old, a till's receipt, pictures, forms nobody filled in.
"""

import math
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

import cv2
import numpy as np
from PIL import Image

from scanning.images import Picture
from tests.bench import forms
from tests.bench.forms import Layout
from tests.bench.forms.drawing import GREY, RED, Sheet
from tests.bench.forms.facts import Facts

TEXT = (
    "本合同由甲乙双方在平等自愿的基础上签订，双方应当按照约定全面履行自己的义务，不得擅自变更或者解除合同。"
    "乙方应于收到货物之日起七个工作日内完成验收，逾期未提出书面异议的，视为验收合格。货款以银行转账方式支付，"
    "付款期限为发票开具后三十日。因不可抗力致使合同不能履行的，受影响一方应及时通知对方并提供证明。"
    "本协议未尽事宜，由双方另行协商并签订补充协议，补充协议与本协议具有同等法律效力。争议提交仲裁委员会仲裁。"
)
WORDS = [
    "the",
    "party",
    "of",
    "first",
    "part",
    "shall",
    "deliver",
    "goods",
    "within",
    "seven",
    "days",
    "and",
    "payment",
    "is",
    "due",
    "on",
    "receipt",
]
TILL = (420, 1_300)


@dataclass(frozen=True)
class Drawn:
    """A page as a scanner sees it if nothing goes wrong, and the lines printed on it."""

    name: str
    picture: Picture
    said: Sequence[str]


def hard(seed: int) -> Iterator[Drawn]:
    """One page of each kind that is hard to lay straight or upright."""
    for draw in HARD:
        sheet = draw(random.Random(seed))
        yield Drawn(draw.__name__.strip("_"), _with_noise(sheet, seed), sheet.said)


def papers(layouts: Sequence[Layout], seed: int) -> Iterator[Drawn]:
    """One company paper of each layout."""
    for layout in layouts:
        sheet, _ = layout(Facts(seed))
        yield Drawn(layout.__name__, _with_noise(sheet, seed), sheet.said)


def every(seed: int) -> Iterator[Drawn]:
    yield from hard(seed)
    yield from papers((*forms.KNOWN, *forms.HELD_OUT), seed)


def some(seed: int, most: int) -> Iterator[Drawn]:
    """At most so many of them, evenly chosen."""
    count = len(HARD) + len(forms.KNOWN) + len(forms.HELD_OUT)
    return islice(every(seed), 0, None, math.ceil(count / most))


def showing_through(front: Picture, back: Picture, strength: float) -> Picture:
    """The front with the back's print in a mirror, blurred by the paper, `strength` as dark."""
    size = front.shape[1], front.shape[0]
    seen = cv2.GaussianBlur(cv2.resize(back, size)[:, ::-1].copy(), (0, 0), 0.8)
    through = 255 - np.roll(255.0 - seen, 31, axis=0) * strength
    return np.asarray(np.minimum(front, through), np.uint8)


def _with_noise(sheet: Sheet, seed: int) -> Picture:
    page = np.asarray(sheet.image, np.float32)
    noise = np.random.default_rng(seed).normal(8, 5, page.shape)
    return np.asarray(np.clip(page - noise, 0, 255), np.uint8)


def _some(chance: random.Random, length: int) -> str:
    start = chance.randrange(len(TEXT) - length)
    return TEXT[start : start + length]


def _lines(
    sheet: Sheet, chance: random.Random, place: tuple[int, int], rows: int, *, size: int = 25,
    length: int = 40,
) -> None:  # fmt: skip
    x, y = place
    for row in range(rows):
        sheet.write(x, y + round(1.6 * size * row), _some(chance, length), size)


def _dense(chance: random.Random) -> Sheet:
    sheet = Sheet()
    _lines(sheet, chance, (120, 150), 38)
    return sheet


def _one_line(chance: random.Random) -> Sheet:
    sheet = Sheet()
    place = chance.randrange(100, 300), chance.randrange(200, 1_400)
    _lines(sheet, chance, place, 1, size=chance.choice((30, 45)), length=14)
    return sheet


def _three_lines_and_a_seal(chance: random.Random) -> Sheet:
    sheet = Sheet(face="kai")
    _lines(sheet, chance, (250, 600), 3, size=44, length=16)
    sheet.seal(630, 1_230, "合同专用章", 130)
    return sheet


def _short_lines(chance: random.Random) -> Sheet:
    sheet = Sheet()
    for row in range(12):
        sheet.write(150, 200 + 90 * row, _some(chance, chance.randrange(2, 5)), 30)
    return sheet


def _columns(chance: random.Random) -> Sheet:
    sheet = Sheet()
    _lines(sheet, chance, (100, 150), 40, size=22, length=21)
    _lines(sheet, chance, (650, 165), 38, size=22, length=21)
    return sheet


def _down_the_columns(chance: random.Random) -> Sheet:
    sheet = Sheet(face=chance.choice(("hei", "kai")))
    size, spaced = chance.choice((24, 30, 44)), chance.choice((1.05, 1.3))
    for column in range(700 // size):
        for row, char in enumerate(_some(chance, chance.choice((12, 24)))):
            place = 1_080 - round(1.5 * size) * column, 150 + round(spaced * size * row)
            sheet.write(*place, char, size)
    return sheet


def _picture_and_caption(chance: random.Random) -> Sheet:
    sheet = Sheet()
    colours = np.random.default_rng(chance.randrange(99)).integers(0, 255, (12, 16, 3), np.uint8)
    picture = cv2.resize(colours, (900, 700), interpolation=cv2.INTER_CUBIC)
    sheet.image.paste(Image.fromarray(np.asarray(picture, np.uint8)), (170, 200))
    _lines(sheet, chance, (300, 950), 2, length=24)
    return sheet


def _english(chance: random.Random) -> Sheet:
    sheet = Sheet()
    for row in range(35):
        sheet.write(120, 150 + 42 * row, " ".join(chance.choices(WORDS, k=13)), 25)
    return sheet


def _from_a_till(chance: random.Random) -> Sheet:
    sheet = Sheet(TILL)
    for row in range(26):
        sheet.write(30, 60 + 45 * row, _some(chance, chance.randrange(3, 8)), 24, ink=GREY)
        sheet.write(300, 60 + 45 * row, f"{chance.randrange(1, 900)}.00", 24, ink=GREY)
    return sheet


def _table(chance: random.Random) -> Sheet:
    sheet = Sheet()
    rows = [
        [_some(chance, chance.randrange(1, 4)) if chance.random() < 0.6 else "" for _ in range(8)]
        for _ in range(19)
    ]
    sheet.table(120, 300, (125,) * 8, rows, height=55, size=28)
    return sheet


def _form_left_empty(chance: random.Random) -> Sheet:
    sheet = Sheet()
    for row in range(14):
        end = sheet.write(150, 200 + 100 * row, f"{_some(chance, 4)}：", 32)
        sheet.box(end, 242 + 100 * row, 700, 1)
    return sheet


def _with_red_head(chance: random.Random) -> Sheet:
    sheet = Sheet()
    sheet.write(220, 160, _some(chance, 10), 80, ink=RED)
    sheet.box(120, 300, 1_000, 3)
    _lines(sheet, chance, (150, 420), 16, size=30, length=31)
    return sheet


HARD: tuple[Callable[[random.Random], Sheet], ...] = (
    _dense, _one_line, _three_lines_and_a_seal, _short_lines, _columns, _down_the_columns,
    _picture_and_caption, _english, _from_a_till, _table, _form_left_empty, _with_red_head,
)  # fmt: skip
