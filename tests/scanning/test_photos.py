"""A photographed sheet is squared; what a flat scanner made is let be."""

from pathlib import Path

import cv2
import numpy as np
import pypdfium2 as pdfium
import pytest
from PIL import Image

from scanning import images, originals, pdf, photos, pipeline
from scanning.reading import PageReading
from tests import given
from tests.scanning.papers import CONTRACT, drawn, np_picture
from tests.scanning.spoiling import photographed

COMPANY = "江苏恒岳精密机械有限公司"


@pytest.mark.parametrize("table", ["dark", "wood", "grey", "light"])
@pytest.mark.parametrize("turned", [0, 90])
def test_a_sheet_on_a_table_is_found(table: str, turned: int) -> None:
    page = images.turn(np_picture(drawn(CONTRACT * 4)), turned)
    photo, corners = photographed(page, table, seed=3)
    found = photos.sheet(photo)
    assert found is not None
    assert np.abs(np.array(found) - corners).max() < 0.01


@pytest.mark.parametrize("table", ["pale", "nearly white"])
@pytest.mark.parametrize("turned", [0, 90])
def test_a_sheet_is_found_on_a_table_nearly_as_bright(table: str, turned: int) -> None:
    page = images.turn(np_picture(drawn(CONTRACT * 4)), turned)
    photo, corners = photographed(page, table, seed=3)
    found = photos.sheet(photo)
    assert found is not None
    assert np.abs(np.array(found) - corners).max() < 0.02


def test_a_squared_sheet_has_its_print_where_the_paper_has_it() -> None:
    page = np_picture(drawn(CONTRACT * 4))
    photo, _ = photographed(page, "dark", seed=4)
    found = photos.sheet(photo)
    assert found is not None
    flat = photos.squared(photo, found)
    assert flat.shape[0] / flat.shape[1] == pytest.approx(2**0.5, rel=0.01)
    assert abs(images.skew(flat)) < 0.5
    again = images.grey(np.asarray(cv2.resize(flat, page.shape[1::-1]), np.uint8))
    # To a hundredth of the page's height.
    nearby = cv2.erode(again, np.ones((17, 17)))
    assert float(nearby[images.grey(page) < 128].mean()) < 120


def test_no_given_scan_is_squared(scans: Path) -> None:
    for path in (scans / one["file"] for one in given.listed()[::6]):
        picture = images.shrink(originals.load(path, 1).picture, 1_200)
        for turn in (0, 90, 180, 270):
            assert photos.sheet(images.turn(picture, turn)) is None, path.name


def test_a_flat_scan_on_a_dark_bed_is_not_squared() -> None:
    page = np_picture(drawn(CONTRACT * 4))
    on_bed = cv2.copyMakeBorder(page, 120, 120, 90, 150, cv2.BORDER_CONSTANT, value=(30, 30, 30))
    assert photos.sheet(np.asarray(on_bed, np.uint8)) is None
    leaning = images.straighten(np.asarray(on_bed, np.uint8), 3)
    assert photos.sheet(leaning) is None


@pytest.fixture(scope="module")
def photo(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, PageReading]:
    """A photo, turned by a quarter, as a JPEG; and its reading."""
    folder = tmp_path_factory.mktemp("photo")
    picture, _ = photographed(np_picture(drawn(CONTRACT * 2)), "dark", seed=5)
    Image.fromarray(images.turn(picture, 90)).save(folder / "photo.jpg", quality=92)
    return folder / "photo.jpg", pipeline.read_page(folder / "photo.jpg", 1)


def test_a_photo_is_read_and_its_squaring_is_told(photo: tuple[Path, PageReading]) -> None:
    _, reading = photo
    assert reading.text.splitlines() == [*CONTRACT, *CONTRACT]
    assert reading.rotation == 270
    assert reading.steps[0] == "sheet squared"
    assert PageReading.from_dict(reading.to_dict()).corners == reading.corners


def test_a_photos_lost_picture_is_drawn_again_as_it_was(
    photo: tuple[Path, PageReading], tmp_path: Path
) -> None:
    path, reading = photo
    pipeline.draw_page(
        path, 1, rotation=reading.rotation, skew=reading.skew, corners=reading.corners,
        picture=tmp_path / "again.webp",
    )  # fmt: skip
    with Image.open(tmp_path / "again.webp") as again:
        assert again.size == (reading.width, reading.height)


@pytest.mark.parametrize("kind", ["jpg", "pdf"])
def test_words_lie_over_the_ink_of_a_photo(
    photo: tuple[Path, PageReading], tmp_path: Path, kind: str
) -> None:
    path, reading = photo
    if kind == "pdf":
        with Image.open(path) as image:
            upright = image.rotate(90, expand=True)
        upright.save(tmp_path / "photo.pdf", resolution=150)
        path = tmp_path / "photo.pdf"
        reading = pipeline.read_page(path, 1)
        assert reading.corners is not None
    pdf.searchable(path, [reading], tmp_path / "searchable.pdf")
    page = originals.load(tmp_path / "searchable.pdf", 1).picture
    grey = images.grey(page)
    with pdfium.PdfDocument(tmp_path / "searchable.pdf") as opened:
        scale = page.shape[1] / opened[0].get_width()
        layer = opened[0].get_textpage()
        text = layer.get_text_range()
        boxes = [layer.get_charbox(at) for at in range(len(text)) if text[at] in COMPANY]
    assert text.count(CONTRACT[1]) == 2
    inked = []
    for left, bottom, right, top in boxes:
        rows = slice(round(page.shape[0] - top * scale), round(page.shape[0] - bottom * scale))
        inside = grey[rows, round(left * scale) : round(right * scale)]
        inked.append(np.percentile(inside, 5) < 0.7 * np.percentile(inside, 90))
    # A line's words are set evenly; seen aslant, its far end is narrower.
    assert np.mean(inked) > 0.95
