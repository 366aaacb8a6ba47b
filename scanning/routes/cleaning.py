"""Cleaning, told: the steps of a page's reading as sentences for the clerk."""

from collections.abc import Iterator, Mapping
from typing import Any

from archive.base.errors import N_
from scanning import bleed, margins, photos, seals
from scanning.images import EVENED
from scanning.stacks.said import Said

TURNED = N_("Turned by %(value)s°.")
STRAIGHTENED = N_("Straightened by %(value)s°.")

SENTENCES = {
    photos.SQUARED: N_("The sheet was found on the photo and squared."),
    seals.LIFTED: N_("Seals lifted off the text for reading: %(value)s."),
    EVENED: N_("Shade evened for reading; at its darkest it took %(value)s of the light."),
    bleed.EVENED: N_("Print of the back, %(value)s of 255 darker than paper, evened for reading."),
    margins.COVERED: N_("Black border covered on the picture: %(value)s of it."),
    margins.HOLES: N_("Punch holes covered on the picture: %(value)s."),
}


def told(reading: Mapping[str, Any]) -> Iterator[Said]:
    """What was done to the page's picture, in order; nothing where it was let be."""
    if reading.get("rotation"):
        yield Said(TURNED, {"value": reading["rotation"]})
    if reading.get("skew"):
        yield Said(STRAIGHTENED, {"value": reading["skew"]})
    for step in reading.get("steps", ()):
        name, _, value = step.partition(": ")
        if name in SENTENCES:
            yield Said(SENTENCES[name], {"value": value})
