"""The pipeline: what happens to a page between its file and its text, in order."""

import time
from collections.abc import Sequence
from dataclasses import replace
from importlib.metadata import version as package_version
from pathlib import Path

from scanning import (
    bleed,
    engines,
    images,
    layout,
    likeness,
    margins,
    originals,
    photos,
    quality,
    rulings,
    seals,
)
from scanning.images import Picture
from scanning.originals import Sheet
from scanning.reading import Corners, Line, PageReading
from scanning.stacks.signs import signs


def read_page(
    path: Path,
    number: int,
    *,
    engine: str = engines.DEFAULT,
    picture: Path | None = None,
    turned: int | None = None,
) -> PageReading:
    """Read page `number` (from 1); with `picture`, also write the page as it is for the screen.

    `turned` is the angle (0, 90, 180, 270, clockwise) at which a person says that it is upright.
    """
    began = time.perf_counter()
    sheet = originals.load(path, number)
    height, width = sheet.picture.shape[:2]
    known = originals.words_of(path, number, width, height) if not turned else None
    if known is None:
        page, reading = _read(sheet, number, engine, turned)
    else:
        page, reading = sheet.picture, _taken_over(sheet, number, known)
    if picture is not None:
        images.save_for_screen(page, picture)
    told = signs(sheet.picture, sheet.dpi).to_dict()
    looks = likeness.of_picture(page)
    seconds = round(time.perf_counter() - began, 3)
    return replace(reading, signs=told, likeness=looks, seconds=seconds)


def draw_page(
    path: Path,
    number: int,
    *,
    rotation: int,
    skew: float,
    picture: Path,
    corners: Corners | None = None,
    steps: Sequence[str] = (),
) -> None:
    """Write a page that was read as it is for the screen, by the turns and steps of its reading."""
    upright = photos.as_read(originals.load(path, number).picture, rotation, 0, corners)
    found = margins.covering(upright) if margins.are_covered(steps) else None
    images.save_for_screen(_shown(upright, skew, found), picture)


def _read(
    sheet: Sheet, number: int, engine: str, turned: int | None
) -> tuple[Picture, PageReading]:
    """The page as it is for the screen, and what the engine reads on it."""
    reader = engines.reader(engine)
    corners = photos.sheet(sheet.picture)
    taken = sheet.picture if corners is None else photos.squared(sheet.picture, corners)
    # How far away a camera was, no file says.
    dpi = sheet.dpi if corners is None else 0
    # Leaning and clean-up are the same whichever way the page lies.
    skew = images.skew(taken)
    level = images.straighten(taken, skew)
    cleaned, steps = _cleaned(level, photos.MOST_SHADE if corners else images.MOST_SHADE)
    rotation, said, more = _said(cleaned, reader, turned)
    upright, page = images.turn(taken, rotation), images.turn(level, rotation)
    lines = _laid_out(said, page)
    found = None if corners else margins.covering(upright)
    return page if found is None else _shown(upright, skew, found), PageReading(
        number=number,
        lines=lines,
        rotation=rotation,
        skew=skew,
        width=page.shape[1],
        height=page.shape[0],
        dpi=dpi,
        engine=reader.name,
        engine_version=reader.version(),
        source="ocr",
        steps=(
            *([photos.SQUARED] if corners else []),
            *steps,
            *more,
            *(found.steps if found else []),
        ),
        corners=corners,
        quality=quality.verdict(upright, page, lines, dpi, skew, sheet.scanned_at),
    )


def _shown(upright: Picture, skew: float, found: margins.Covering | None) -> Picture:
    """The page for the screen: straight, and its margins covered where they need it."""
    if found is not None:
        # Twice as large as it is shown is large enough, and little memory.
        upright = margins.cover(images.shrink(upright, 2 * images.PICTURE_SIDE), found)
    return images.straighten(upright, skew)


def _cleaned(page: Picture, most_shade: float) -> tuple[Picture, tuple[str, ...]]:
    """The page as the engine sees it, and the steps that it needed; others keep their hands off."""
    steps = []
    found = seals.seals(page)
    if found:
        page = seals.lift(page, found)
        steps.append(f"{seals.LIFTED}: {len(found)}")
    shade = images.shade(page)
    if shade > most_shade:
        page = images.even(page)
        steps.append(f"{images.EVENED}: {shade:.2f}")
    return page, tuple(steps)


def _said(
    cleaned: Picture, reader: engines.Reader, turned: int | None
) -> tuple[int, list[Line], tuple[str, ...]]:
    """How the page is to be turned, and what the engine reads on it then; once more where the
    back's print was read as the front's."""
    if turned is None:
        rotation, lines = reader.read_upright(cleaned)
    else:
        rotation, lines = turned, reader.read(images.turn(cleaned, turned))
    upright = images.turn(cleaned, rotation)
    back = bleed.darkness(upright, lines, reader.read)
    if not back:
        return rotation, lines, ()
    evened = reader.read(bleed.even(upright, back))
    if not bleed.is_better(evened, lines):
        return rotation, lines, ()
    return rotation, evened, (f"{bleed.EVENED}: {back}",)


def _taken_over(sheet: Sheet, number: int, lines: Sequence[Line]) -> PageReading:
    """The words the PDF has itself."""
    height, width = sheet.picture.shape[:2]
    return PageReading(
        number=number,
        lines=_laid_out(lines, sheet.picture),
        rotation=0,
        skew=0.0,
        width=width,
        height=height,
        dpi=sheet.dpi,
        engine="pdfium",
        engine_version=package_version("pypdfium2"),
        source="text layer",
    )


def _laid_out(lines: Sequence[Line], page: Picture) -> tuple[Line, ...]:
    if not lines:
        return ()
    cells = rulings.cells(page, [line.box for line in lines])
    return tuple(layout.in_reading_order(lines, cells))
