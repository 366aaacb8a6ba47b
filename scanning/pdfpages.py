"""Pages of a PDF through pdfium: how many there are, and each as a picture."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pypdfium2 as pdfium
from pypdfium2 import raw

from scanning.errors import AbsurdPage, EncryptedPdf, NoSuchPage, TornFile
from scanning.images import Picture

POINTS_PER_INCH = 72
LEAST_DPI, MOST_DPI = 200, 300  # DA/T 31-2017 §9.4: 200, and 300 where print is small
LONGEST_SIDE = 14_400  # points; the PDF standard's own limit, 5 m
SHORTEST_SIDE = 9  # points, 3 mm


@contextmanager
def opened(path: Path) -> Iterator[pdfium.PdfDocument]:
    """The PDF, read piece by piece from the file: its size does not matter."""
    try:
        with pdfium.PdfDocument(path) as pdf:
            pdf.init_forms()  # What is typed into a form is on the paper too.
            yield pdf
    except pdfium.PdfiumError as error:
        if error.err_code in {raw.FPDF_ERR_PASSWORD, raw.FPDF_ERR_SECURITY}:
            raise EncryptedPdf from error
        raise TornFile from error


@contextmanager
def opened_page(path: Path, number: int) -> Iterator[pdfium.PdfPage]:
    with opened(path) as pdf:
        if not 1 <= number <= len(pdf):
            raise NoSuchPage(number=number, pages=len(pdf))
        page = pdf[number - 1]
        _check_size(page, number)
        yield page


def count(path: Path) -> int:
    with opened(path) as pdf:
        return len(pdf)


def render(
    path: Path, number: int, *, most_pixels: int, most_side: int
) -> tuple[Picture, int, int]:
    """The page as a picture, the dots per inch it was drawn at, and those of the scan on it (0 if
    it shows none)."""
    with opened_page(path, number) as page:
        scanned_at = _resolution_of_scan(page)
        scale = _dots_per_inch(page, scanned_at, most_pixels, most_side) / POINTS_PER_INCH
        bitmap = page.render(scale=scale, rev_byteorder=True, prefer_bgrx=False)
        # Copied, because the bitmap's memory goes with the page.
        picture = np.array(bitmap.to_numpy()[:, :, :3])
        return picture, round(scale * POINTS_PER_INCH), round(scanned_at)


def _dots_per_inch(
    page: pdfium.PdfPage, scanned_at: float, most_pixels: int, most_side: int
) -> float:
    """The resolution of the scan on the page, or else the least that reads well."""
    width, height = _inches(page)
    dpi = min(max(scanned_at, LEAST_DPI), MOST_DPI)
    by_pixels: float = (most_pixels / (width * height)) ** 0.5
    return min(dpi, by_pixels, most_side / max(width, height))


def _inches(page: pdfium.PdfPage) -> tuple[float, float]:
    width, height = page.get_size()
    return width / POINTS_PER_INCH, height / POINTS_PER_INCH


def _resolution_of_scan(page: pdfium.PdfPage) -> float:
    """Dots per inch that half of the page has at least, in its pictures; 0 if they cover less.

    A scan may lie there whole, in strips, or as black print over a coarse background.
    """
    page_width, page_height = page.get_size()
    covered = 0.0
    for dpi, area in sorted(_pictures(page), reverse=True):
        covered += area
        if covered > page_width * page_height / 2:
            return dpi
    return 0.0


def _pictures(page: pdfium.PdfPage) -> Iterator[tuple[float, float]]:
    """Dots per inch and area, in square points, of each picture on the page."""
    for image in page.get_objects(filter=[raw.FPDF_PAGEOBJ_IMAGE], max_depth=3):
        left, bottom, right, top = image.get_bounds()
        area = max(0.0, right - left) * max(0.0, top - bottom)
        if area > 0:
            across, down = image.get_px_size()
            yield (across * down / area) ** 0.5 * POINTS_PER_INCH, area


def _check_size(page: pdfium.PdfPage, number: int) -> None:
    width, height = page.get_size()
    if min(width, height) < SHORTEST_SIDE or max(width, height) > LONGEST_SIDE:
        millimetres = [round(side / POINTS_PER_INCH * 25.4) for side in (width, height)]
        raise AbsurdPage(number=number, width=millimetres[0], height=millimetres[1])
