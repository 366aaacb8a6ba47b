"""Locations (库位): the places in which folders stand, as a tree from the room down to the slot.

    room (库) → zone (区) → rack (列) → side (面) → bay (节) → shelf (层) → slot (格)

Which of the levels an archive has, and in which order, its code pattern says. What stands in the
places is told by `archive.shelving`.
"""

from archive.locations.finding import (
    NoSuchLocation,
    NotAPlace,
    PlaceRetired,
    UnknownPlace,
    above,
    at_code,
    below,
    by_id,
    expected_at,
    known,
    leaves_below,
    path_of,
    standing_at,
    typed,
)
from archive.locations.records import LEVELS, Level, Location, PlaceRange

__all__ = [
    "LEVELS",
    "Level",
    "Location",
    "NoSuchLocation",
    "NotAPlace",
    "PlaceRange",
    "PlaceRetired",
    "UnknownPlace",
    "above",
    "at_code",
    "below",
    "by_id",
    "expected_at",
    "known",
    "leaves_below",
    "path_of",
    "standing_at",
    "typed",
]
