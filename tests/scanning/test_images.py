"""Cleaning, each step only where the page needs it."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image, ImageDraw

from scanning import images, pipeline, seals
from tests.scanning.papers import CONTRACT, drawn, np_picture


def stamped(colour: tuple[int, int, int] = (210, 40, 50)) -> Image.Image:
    """The contract with a round seal over its lower lines, translucent as ink is."""
    page = drawn()
    seal = Image.new("RGB", page.size, "white")
    pen = ImageDraw.Draw(seal)
    pen.ellipse((420, 330, 680, 590), outline=colour, width=9)
    pen.polygon([(550, 400), (580, 500), (500, 440), (600, 440), (520, 500)], fill=colour)
    darker = np.minimum(np.array(page), np.array(seal))
    return Image.fromarray(darker)


@pytest.mark.parametrize("colour", [(210, 40, 50), (60, 70, 200)])
def test_a_seal_is_found_and_lifted_off_the_text(colour: tuple[int, int, int]) -> None:
    page = np_picture(stamped(colour))
    (found,) = seals.seals(page)
    assert np.abs(np.array(found.box) - (420, 330, 680, 590)).max() < 25
    lifted = seals.lift(page, [found])
    clean = np_picture(drawn())
    # What is left of the ring is pale; what was printed is still dark.
    assert np.percentile(lifted[clean[:, :, 0] > 250], 0.5) > 150
    assert lifted[clean[:, :, 0] < 60].mean() < 70


def test_red_letters_and_tables_are_no_seals() -> None:
    page = drawn(lines=())
    pen = ImageDraw.Draw(page)
    pen.rectangle((200, 300, 500, 560), outline=(210, 40, 50), width=6)
    pen.line((100, 800, 1100, 800), fill=(210, 40, 50), width=8)
    assert seals.seals(np_picture(page)) == []


def test_the_steps_a_page_needed_are_told(tmp_path: Path) -> None:
    stamped().save(tmp_path / "stamped.png")
    reading = pipeline.read_page(tmp_path / "stamped.png", 1)
    assert reading.steps == ("seals lifted: 1",)
    assert reading.text == "\n".join(CONTRACT)
    drawn().save(tmp_path / "clean.png")
    assert pipeline.read_page(tmp_path / "clean.png", 1).steps == ()


def test_a_shaded_page_is_evened_and_an_even_one_is_let_be() -> None:
    page = np_picture(drawn(CONTRACT * 4))
    light = np.linspace(1.0, 0.35, page.shape[0])[:, None, None]
    shaded = (page * light).astype(np.uint8)
    assert images.shade(page) < 0.1
    assert images.shade(shaded) > images.MOST_SHADE
    assert images.shade(images.even(shaded)) < 0.1


def test_a_photo_on_the_page_is_no_shade() -> None:
    page = drawn(CONTRACT * 4)
    dark = np.random.default_rng(7).integers(0, 40, (400, 900, 3), np.uint8)
    page.paste(Image.fromarray(dark), (150, 1200))
    assert images.shade(np_picture(page)) < 0.1


def test_a_straightened_page_loses_no_corner() -> None:
    page = np.full((400, 300, 3), 255, np.uint8)
    page[:6, :6] = page[-6:, -6:] = 0
    turned = images.straighten(page, 4.0)
    assert turned.shape[0] > 400
    assert (turned < 128).all(axis=2).sum() >= 60


def test_a_picture_is_on_the_disk_before_it_has_its_name(tmp_path: Path, synced: list[str]) -> None:
    images.save_for_screen(np_picture(drawn()), tmp_path / "page-1.webp")
    (unfinished,) = synced
    assert unfinished.endswith(".part")


def test_two_may_write_the_same_picture_at_once(tmp_path: Path) -> None:
    page, target = np_picture(drawn()), tmp_path / "page-1.webp"

    def write(_: int) -> None:
        images.save_for_screen(page, target)

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(write, range(8)))
    with Image.open(target) as kept:
        kept.load()
    assert [file.name for file in tmp_path.iterdir()] == [target.name]


@pytest.mark.parametrize("leaning", [-2.4, 3.1])
def test_a_receipt_is_straightened_by_its_columns(leaning: float) -> None:
    """Its digits are lower than its characters: by its lines alone, it leans."""
    names, sums = drawn(("早餐", "打印纸", "停车", "快递", "茶水") * 4), drawn(("18.00",) * 20)
    receipt = np.minimum(np_picture(names), np.roll(np_picture(sums), 450, axis=1))[:, 100:850]
    turned = images.straighten(np.ascontiguousarray(receipt), leaning)
    assert images.skew(turned) == pytest.approx(-leaning, abs=0.2)


@pytest.mark.parametrize("size", [(2_479, 3_507), (3_507, 1_201), (1_500, 1_000)])
def test_a_picture_shrunk_by_halves_is_as_if_shrunk_at_once(size: tuple[int, int]) -> None:
    page = np_picture(drawn().resize(size))
    small = images.shrink(page, 700)
    at_once = cv2.resize(page, small.shape[1::-1], interpolation=cv2.INTER_AREA)
    assert max(small.shape) == 700
    assert np.abs(small.astype(int) - at_once).mean() < 2
