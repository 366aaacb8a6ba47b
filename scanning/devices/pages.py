"""Pages that came from a scanner: safe on the disk before they are shown, small for the screen."""

import os
from pathlib import Path

import numpy as np
from PIL import Image

from scanning import images

SMALL_SIDE = 420  # pixels; enough to see that the sheet is whole, straight and the right way up


def secure(page: Path) -> None:
    """Have the page, and its name in its folder, written to the disk for good."""
    for path in (page, page.parent):
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def small(page: Path) -> Path:
    """The page as a small picture beside it, made when it is first wanted."""
    target = page.with_suffix(".webp")
    if not target.exists():
        with Image.open(page, formats=["PNG"]) as image:
            image.thumbnail((SMALL_SIDE, SMALL_SIDE))
            images.save_for_screen(np.asarray(image.convert("RGB"), np.uint8), target)
    return target
