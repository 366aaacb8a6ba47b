"""A bad scan is said to be one, with what to do; a good one is not."""

from collections.abc import Callable

import cv2
import numpy as np
import pytest

from scanning import engines, images, quality
from scanning.images import Picture
from scanning.reading import Line
from tests.scanning.papers import CONTRACT, drawn, np_picture
from tests.scanning.spoiling import blurred, cut_off, dark, dull, faint, shaken

LINES = tuple(
    Line(text, (300, 368 + 160 * row, 300 + 72 * len(text), 448 + 160 * row), 1.0)
    for row, text in enumerate(CONTRACT * 3)
)


@pytest.fixture(scope="module")
def page() -> Picture:
    """The contract at 300 dots an inch, as paper and ink look to a scanner."""
    small = np_picture(drawn(CONTRACT * 3))
    large = images.enlarge(small, 2).astype(np.float32) * 0.9 + 20
    return np.asarray(np.clip(large, 0, 250), np.uint8)


def shaken_much(page: Picture) -> Picture:
    return shaken(page, 2.0)


def said(page: Picture, lines: tuple[Line, ...] = LINES, dpi: int = 300) -> list[str]:
    return [one["text"] for one in quality.verdict(page, page, lines, dpi, 0.0)]


def test_a_good_page_is_not_talked_about(page: Picture) -> None:
    assert said(page) == []


@pytest.mark.parametrize(
    ("spoil", "sentence"),
    [
        (blurred, quality.BLURRED), (shaken_much, quality.BLURRED), (dark, quality.DARK),
        (faint, quality.FAINT), (dull, quality.DULL),
    ],
)  # fmt: skip
def test_a_spoilt_page_is_asked_for_once_more(
    page: Picture,
    spoil: Callable[[Picture], Picture],
    sentence: str,
) -> None:
    assert sentence in said(spoil(page))


def test_print_that_runs_down_the_page_is_judged_too(page: Picture) -> None:
    down = images.turn(page, 90)
    height = page.shape[0]
    lines = tuple(
        Line(line.text, (height - line.box[3], line.box[0], height - line.box[1], line.box[2]), 1.0)
        for line in LINES
    )
    assert said(down, lines) == []
    assert said(dark(down), lines) == [quality.DARK]
    assert said(blurred(down), lines) == [quality.BLURRED]


def test_a_page_below_200_dots_an_inch_is_too_coarse(page: Picture) -> None:
    (told,) = quality.verdict(page, page, LINES, 150, 0.0)
    assert told == {"text": quality.LOW, "params": {"dpi": 150, "least": 200}}
    assert said(page, dpi=200) == []


def test_a_coarse_scan_in_a_pdf_is_too_coarse_however_finely_it_is_drawn(page: Picture) -> None:
    (told,) = quality.verdict(page, page, LINES, 200, 0.0, 80)
    assert told == {"text": quality.LOW, "params": {"dpi": 80, "least": 200}}


def test_a_file_that_says_no_resolution_is_measured_by_a4(page: Picture) -> None:
    small = images.shrink(page, 1_754)
    assert said(small, (), dpi=0) == [quality.LOW]
    assert said(page, (), dpi=0) == []
    # No paper is a metre long.
    assert said(page, (), dpi=75) == []


def test_print_that_is_too_small_is_said_where_paper_and_resolution_are_unknown(
    page: Picture,
) -> None:
    small = np.ascontiguousarray(images.shrink(page, 580)[:300])
    times = 580 / max(page.shape)
    lines = tuple(
        Line(line.text, tuple(round(side * times) for side in line.box), 1.0)
        for line in LINES
        if line.box[3] * times < 300
    )
    assert quality.SMALL in said(small, lines, dpi=0)
    assert quality.SMALL not in said(np.ascontiguousarray(page[:1800]), LINES[:8], dpi=0)


def test_a_page_that_still_leans_is_said_to(page: Picture) -> None:
    assert quality.SKEWED in said(images.straighten(page, 12))


@pytest.mark.parametrize("degrees", [0, 3, 12])
def test_the_lines_tell_how_far_a_page_leans(page: Picture, degrees: int) -> None:
    laid = images.straighten(page, degrees)
    lines = engines.reader("rapidocr").read(laid)
    told = quality.verdict(laid, laid, lines, 300, 0.0)
    found = [float(one["params"]["degrees"]) for one in told if one["text"] == quality.SKEWED]
    assert found == ([pytest.approx(degrees, abs=0.3)] if degrees else [])


def test_a_page_that_lay_far_askew_is_said_to_although_it_was_straightened(page: Picture) -> None:
    (told,) = quality.verdict(page, page, LINES, 300, -7.31)
    assert told == {"text": quality.ASKEW, "params": {"degrees": "7.3"}}
    assert quality.verdict(page, page, LINES, 300, 4.0) == ()


def from_aside(page: Picture, left: float, top: float) -> Picture:
    """The page looked at so that its left side, or its top, is so much shorter."""
    height, width = page.shape[:2]
    y, x = left * height / 2, top * width / 2
    flat = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    seen = np.array([[x, y], [width - x, 0], [width, height], [0, height - y]], np.float32)
    matrix = cv2.getPerspectiveTransform(flat, seen)
    aslant = cv2.warpPerspective(page, matrix, (width, height), borderValue=(235, 235, 235))
    return np.asarray(aslant, np.uint8)


@pytest.mark.parametrize(("left", "top", "is_aslant"),
                         [(0.1, 0.0, True), (0.0, 0.3, True), (0.0, 0.0, False)])  # fmt: skip
def test_a_page_photographed_from_aside_is_said_to_be(
    left: float, top: float, is_aslant: bool
) -> None:
    """Its lines, or its upright strokes, lean apart."""
    page = from_aside(np_picture(drawn(CONTRACT * 5)), left, top)
    lines = engines.reader(engines.DEFAULT).read(page)
    told = quality.verdict(page, page, lines, 300, 0.0)
    assert (quality.ASLANT in {one["text"] for one in told}) == is_aslant


@pytest.mark.parametrize("side", ["left", "bottom"])
def test_print_that_runs_out_of_the_picture_is_seen(page: Picture, side: str) -> None:
    cut, left = cut_off(page, LINES, side)
    assert quality.CUT in said(cut, left)


def test_a_frame_along_the_edge_is_no_print(page: Picture) -> None:
    framed = page.copy()
    framed[:, :6] = framed[:, -6:] = framed[:6] = framed[-6:] = 20
    assert said(framed) == []


def test_lines_without_height_say_nothing_of_the_print(page: Picture) -> None:
    flat = tuple(Line(line.text, (*line.box[:3], line.box[1]), 0.9) for line in LINES)
    assert said(page, flat) == []


def test_a_blank_page_is_neither_blurred_nor_pale() -> None:
    assert said(np.full((3508, 2480, 3), 250, np.uint8), ()) == []
