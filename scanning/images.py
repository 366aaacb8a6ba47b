"""Images: a page's picture turned, straightened and cleaned, and the measures that ask for it.

A picture is an array of height × width × 3 bytes, RGB. Angles are degrees, clockwise.
"""

import os
import secrets
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

Picture = NDArray[np.uint8]
Grey = NDArray[np.uint8]

MEASURING_SIDE = 1_000  # pixels; enough to see lines of text, few enough to be quick
MOST_SKEW = 8.0
LEAST_SKEW = 0.2
LEAST_GAIN = 1.1  # how much sharper the lines must be for a page to be turned
DARKEST_PAPER = 0.4
MOST_SHADE = 0.4  # of the light; readers manage with less by themselves
PICTURE_SIDE = 2_000
TURNS = {90: cv2.ROTATE_90_CLOCKWISE, 180: cv2.ROTATE_180, 270: cv2.ROTATE_90_COUNTERCLOCKWISE}
EVENED = "shade evened"  # what a reading's steps say of it, followed by how deep it was


def turn(picture: Picture, degrees: int) -> Picture:
    """The picture turned clockwise by a multiple of 90 degrees."""
    if degrees % 360 == 0:
        return picture
    return np.asarray(cv2.rotate(picture, TURNS[degrees % 360]), np.uint8)


def shrink(picture: Picture, side: int) -> Picture:
    """The picture with its longest side at most `side` pixels; never enlarged."""
    height, width = picture.shape[:2]
    scale = side / max(height, width)
    if scale >= 1:
        return picture
    size = max(1, round(width * scale)), max(1, round(height * scale))
    # Less than a half is left to shrink: between two neighbours no pixel is passed over, and
    # OpenCV's mean of areas would take six times as long.
    return np.asarray(cv2.resize(halved(picture, side), size, interpolation=cv2.INTER_LINEAR))


def halved(picture: Picture, side: int) -> Picture:
    """The picture halved as long as its longest side stays `side` pixels at least, an odd row or
    column left out: OpenCV halves ten times as fast as it takes means of any other size."""
    while max(picture.shape[:2]) >= 2 * side and min(picture.shape[:2]) >= 2:
        height, width = (length // 2 for length in picture.shape[:2])
        even = picture[: 2 * height, : 2 * width]
        picture = np.asarray(cv2.resize(even, (width, height), interpolation=cv2.INTER_AREA))
    return picture


def enlarge(picture: Picture, times: float) -> Picture:
    """The picture `times` as large; never shrunk."""
    if times <= 1:
        return picture
    height, width = picture.shape[:2]
    size = round(width * times), round(height * times)
    return np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_CUBIC), np.uint8)


def skew(picture: Picture, most: float = MOST_SKEW) -> float:
    """By how many degrees, about `most`, the page must be turned to lie straight; 0 where nothing
    says so.

    Lines of text, summed along their own direction, make sharp peaks; along any other, they
    blur. So do the edges of columns, which alone tell of few or short lines, and of a receipt's
    names and sums, whose characters differ in height. The angle with the sharpest peaks wins,
    if it is clearly sharper than doing nothing.
    """
    dark = ink(shrink(picture, MEASURING_SIDE))
    ys, xs = np.nonzero(dark)
    if len(xs) < 200:
        return 0.0
    coarse = _sharpest(xs, ys, np.arange(-most, most + 0.1, 0.5))
    fine = _sharpest(xs, ys, np.arange(coarse - 0.5, coarse + 0.51, 0.05))
    gain = _sharpness(xs, ys, fine) / max(1.0, _sharpness(xs, ys, 0.0))
    return round(-fine, 2) if abs(fine) >= LEAST_SKEW and gain > LEAST_GAIN else 0.0


def straighten(picture: Picture, degrees: float) -> Picture:
    """The picture turned by a small angle, on a sheet just large enough, paper-coloured."""
    if degrees == 0:
        return picture
    height, width = picture.shape[:2]
    matrix, (new_width, new_height) = turning(width, height, degrees)
    paper = [int(value) for value in np.median(picture[::16, ::16].reshape(-1, 3), axis=0)]
    turned = cv2.warpAffine(
        picture, matrix, (new_width, new_height), flags=cv2.INTER_LINEAR, borderValue=paper
    )
    return np.asarray(turned, np.uint8)


def turning(width: int, height: int, degrees: float) -> tuple[NDArray[np.float64], tuple[int, int]]:
    """The 2 × 3 matrix of straighten(), and the size of the sheet it leads to."""
    radians = np.radians(abs(degrees))
    new_width = round(width * np.cos(radians) + height * np.sin(radians))
    new_height = round(height * np.cos(radians) + width * np.sin(radians))
    # OpenCV counts angles against the clock.
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), -degrees, 1.0)
    matrix[:, 2] += (new_width - width) / 2, (new_height - height) / 2
    return np.asarray(matrix, np.float64), (new_width, new_height)


def shade(picture: Picture) -> float:
    """How unevenly the paper is lit where there is print on it: 0 evenly, 0.5 where its darkest
    part has half the light. What is darker still is a photo, or the table under the page."""
    light = _paper(picture)[ink(shrink(picture, MEASURING_SIDE // 2))]
    if light.size < 200:
        return 0.0
    bright = float(np.percentile(light, 95))
    dark = float(np.percentile(light[light > DARKEST_PAPER * bright], 5))
    return 1 - dark / max(1.0, bright)


def even(picture: Picture) -> Picture:
    """The picture as if the paper were lit evenly: each place by the light on the paper there."""
    height, width = picture.shape[:2]
    light = cv2.resize(_paper(picture), (width, height), interpolation=cv2.INTER_LINEAR)
    evened = cv2.divide(picture, cv2.merge([light, light, light]), scale=255)
    return np.asarray(evened, np.uint8)


def _paper(picture: Picture) -> Grey:
    """The paper's brightness without what is printed on it, on a small picture."""
    small = grey(shrink(picture, MEASURING_SIDE // 2))
    return np.asarray(cv2.medianBlur(cv2.dilate(small, np.ones((9, 9))), 21), np.uint8)


def save_for_screen(picture: Picture, target: Path) -> None:
    """Write the picture, JPEG or WebP by the target's ending, whole or not at all."""
    image = Image.fromarray(shrink(picture, PICTURE_SIDE))
    # Two browsers may ask for the same picture at once.
    unfinished = target.with_name(f".{target.name}.{secrets.token_hex(4)}.part")
    kind = "WEBP" if target.suffix.lower() == ".webp" else "JPEG"
    # WebP's lesser effort: a quarter more bytes in a third of the time.
    options = {"method": 1} if kind == "WEBP" else {}
    try:
        with unfinished.open("wb") as file:
            image.save(file, kind, quality=80, **options)
            file.flush()
            # A name that is safe before its bytes are would be a torn picture after a power cut.
            os.fsync(file.fileno())
        unfinished.replace(target)
    finally:
        unfinished.unlink(missing_ok=True)


def save_small(source: Path, target: Path, width: int) -> None:
    """Write a picture that is kept as a smaller one, `width` pixels wide."""
    with Image.open(source) as image:
        side = width * max(image.size) // image.width
        save_for_screen(shrink(np.asarray(image.convert("RGB"), np.uint8), side), target)


def grey(picture: Picture) -> Grey:
    return np.asarray(cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY), np.uint8)


def brightest(picture: Picture) -> Grey:
    """The brightest of each pixel's three colours; numpy's own way takes ten times as long."""
    red, green, blue = cv2.split(picture)
    return np.asarray(cv2.max(cv2.max(red, green), blue), np.uint8)


def darkest(picture: Picture) -> Grey:
    """The darkest of each pixel's three colours."""
    red, green, blue = cv2.split(picture)
    return np.asarray(cv2.min(cv2.min(red, green), blue), np.uint8)


def ink(picture: Picture) -> NDArray[np.bool_]:
    """Where the page is darker than its surroundings; its edges, where scanners leave
    shadows, left out."""
    dark = cv2.adaptiveThreshold(
        grey(picture), 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, 31, 15
    )
    edge = max(picture.shape[:2]) // 100
    inner = np.zeros(dark.shape, np.bool_)
    inner[edge:-edge, edge:-edge] = dark[edge:-edge, edge:-edge] > 0
    return inner


def _sharpest(xs: NDArray[np.int_], ys: NDArray[np.int_], angles: NDArray[np.float64]) -> float:
    return float(max(angles, key=lambda angle: _sharpness(xs, ys, float(angle))))


def _sharpness(xs: NDArray[np.int_], ys: NDArray[np.int_], angle: float) -> float:
    """How much the ink differs between neighbouring rows, falling to the right by `angle`, and
    between the columns square to them."""
    slope = np.tan(np.radians(angle))
    return _contrast(ys - slope * xs) + _contrast(xs + slope * ys)


def _contrast(places: NDArray[np.float64]) -> float:
    rows = places.astype(np.int32)
    profile = np.bincount(rows - rows.min()).astype(np.float64)
    return float((np.diff(profile) ** 2).sum())
