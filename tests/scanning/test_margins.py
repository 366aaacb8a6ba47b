"""Borders and punch holes are covered on the screen's picture; print and rulings never are."""

from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image, ImageDraw

from scanning import images, margins, originals, pipeline
from scanning.images import Picture
from tests.scanning.papers import CONTRACT, drawn, np_picture, printed_pdf

HOLES = ((70, 600), (70, 1_072))


def on_black_bed(leaning: float = 0.0) -> Picture:
    """The contract, punched twice, a little askew on a scanner whose lid is black."""
    page = drawn(CONTRACT * 3)
    pen = ImageDraw.Draw(page)
    for x, y in HOLES:
        pen.ellipse((x - 17, y - 17, x + 17, y + 17), fill=(28, 28, 30))
    framed = cv2.copyMakeBorder(
        np_picture(page), 40, 60, 20, 50, cv2.BORDER_CONSTANT, value=(20, 20, 22)
    )
    height, width = framed.shape[:2]
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), leaning, 1.0)
    laid = cv2.warpAffine(framed, matrix, (width, height), borderValue=(20, 20, 22))
    noise = np.random.default_rng(1).normal(0, 5, laid.shape)
    return np.asarray(np.clip(laid + noise, 0, 255), np.uint8)


@pytest.mark.parametrize("turned", [0, 90])
@pytest.mark.parametrize("leaning", [0.0, 3.0, -5.0])
def test_a_black_border_and_punch_holes_are_covered_and_print_stays(
    leaning: float, turned: int
) -> None:
    page = images.turn(on_black_bed(leaning), turned)
    found = margins.covering(page)
    assert found is not None
    assert found.holes == len(HOLES)
    shown = images.grey(margins.cover(page, found))
    changed = np.mean(shown != images.grey(page))
    assert changed == pytest.approx(found.border / 100, abs=0.01)
    edges = (shown[:8], shown[-8:], shown[:, :8], shown[:, -8:])
    assert min(float(np.percentile(edge, 2)) for edge in edges) > 150
    black, bare = (images.grey(np_picture(one)) < 128 for one in (drawn(CONTRACT * 3), drawn(())))
    assert (shown < 128).sum() == pytest.approx((black & ~bare).sum(), rel=0.05)


def test_a_black_border_of_a_black_and_white_scan_is_covered() -> None:
    page = images.grey(on_black_bed()) > 128
    found = margins.covering(np.repeat(page[:, :, None] * np.uint8(255), 3, axis=2))
    assert found is not None
    assert found.holes == len(HOLES)


def marked(draw: str) -> Picture:
    """The contract with something dark near its edge that is no border and no hole."""
    page = drawn(CONTRACT * 3)
    pen = ImageDraw.Draw(page)
    if draw == "a ruling at the edge":
        pen.line((0, 2, 1240, 2), fill=(20, 20, 20), width=4)
    elif draw == "one dot":
        pen.ellipse((53, 583, 87, 617), fill=(20, 20, 20))
    elif draw == "squares in line":
        for y in (600, 1_072):
            pen.rectangle((53, y - 17, 87, y + 17), fill=(20, 20, 20))
    elif draw == "bullets of a list":
        for y in range(400, 1_200, 80):
            pen.ellipse((53, y - 17, 87, y + 17), fill=(20, 20, 20))
    elif draw == "a banner with white print":
        banner = 255 - np_picture(drawn()).astype(np.int16)
        page.paste(Image.fromarray(banner[170:330].astype(np.uint8)), (0, 0))
    elif draw == "a coloured band":
        pen.rectangle((0, 0, 1240, 90), fill=(120, 15, 20))
    elif draw == "a dark photo to the edge":
        dark = np.random.default_rng(7).integers(0, 90, (400, 1240, 3), np.uint8)
        page.paste(Image.fromarray(cv2.blur(dark, (9, 9)).astype(np.uint8)), (0, 1_354))
        pen.ellipse((200, 1_400, 600, 1_700), fill=(90, 90, 90))
    return np_picture(page)


@pytest.mark.parametrize("draw", [
    "nothing", "a ruling at the edge", "one dot", "squares in line", "bullets of a list",
    "a banner with white print", "a coloured band", "a dark photo to the edge",
])  # fmt: skip
def test_what_is_no_border_and_no_hole_stays(draw: str) -> None:
    assert margins.covering(marked(draw)) is None


def test_covering_is_told_and_leaves_original_and_reading_alone(tmp_path: Path) -> None:
    path, shown = tmp_path / "page.png", tmp_path / "page.webp"
    Image.fromarray(on_black_bed(2.0)).save(path)
    before = path.read_bytes()
    reading = pipeline.read_page(path, 1, picture=shown)
    assert reading.steps[-2].startswith("border covered: ")
    assert reading.steps[-1] == "punch holes covered: 2"
    assert reading.text.splitlines() == list(CONTRACT * 3)
    assert path.read_bytes() == before
    picture = images.grey(originals.load(shown, 1).picture)
    scale = picture.shape[1] / reading.width
    for line in reading.lines:
        left, top, right, bottom = (round(side * scale) for side in line.box)
        assert picture[top:bottom, left:right].min() < 100, line.text


def test_a_lost_picture_is_covered_again_and_only_if_it_was(tmp_path: Path) -> None:
    path = tmp_path / "page.png"
    Image.fromarray(on_black_bed(2.0)).save(path)
    reading = pipeline.read_page(path, 1, picture=tmp_path / "first.webp")
    for steps, name in ((reading.steps, "again"), ((), "bare")):
        pipeline.draw_page(
            path, 1, rotation=0, skew=reading.skew, steps=steps, picture=tmp_path / f"{name}.webp"
        )
    first, again, bare = ((tmp_path / f"{one}.webp").read_bytes() for one in
                          ("first", "again", "bare"))  # fmt: skip
    assert first == again
    assert first != bare


def test_a_page_with_its_own_text_is_shown_as_it_is(tmp_path: Path) -> None:
    reading = pipeline.read_page(printed_pdf(tmp_path / "contract.pdf"), 1)
    assert reading.steps == ()
