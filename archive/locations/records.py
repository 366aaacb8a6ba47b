"""A place, and the range of places that was made in one go."""

import re
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from archive.base.db import Record
from archive.base.errors import N_
from archive.base.ledger import Subject

# Compared byte by byte on both databases, so that a part of the tree is one piece of the index.
Bytewise = String(60).with_variant(String(60, collation="C"), "postgresql")
STEP = 7  # characters of a path that each level takes: six digits and a point


class Level(StrEnum):
    """What a place is. The order in the tree is that of the archive's code pattern."""

    ROOM = "room"
    ZONE = "zone"
    RACK = "rack"
    SIDE = "side"
    BAY = "bay"
    SHELF = "shelf"
    SLOT = "slot"


LEVELS = {
    Level.ROOM: N_("Room"),
    Level.ZONE: N_("Zone"),
    Level.RACK: N_("Rack"),
    Level.SIDE: N_("Side"),
    Level.BAY: N_("Bay"),
    Level.SHELF: N_("Shelf"),
    Level.SLOT: N_("Slot"),
}


class PlaceRange(Record):
    """Places that were made in one go: the pattern of their codes and the numbers in it."""

    __tablename__ = "location_range"

    id: Mapped[int] = mapped_column(primary_key=True)
    pattern: Mapped[str] = mapped_column(String(100))
    numbers: Mapped[dict[str, Any]]
    capacity_mm: Mapped[int]
    made: Mapped[int]
    made_at: Mapped[datetime]

    @property
    def subject(self) -> Subject:
        return Subject("location_range", self.id)


class Location(Record):
    """A place, by the code on its label.

    `path` is its way from the door, left to right and top to bottom: six digits and a point for
    each place above it and for itself. Places in the order of their paths are in the order of the
    walk, and all that is below one begins with its path. A place that was only noted as it was
    first used has no level.
    """

    __tablename__ = "location"
    __table_args__ = (Index("ix_location_parent", "parent_id", "path"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(60), unique=True)
    name: Mapped[str] = mapped_column(String(100), default="")
    level: Mapped[Level | None] = mapped_column(String(6))
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("location.id"))
    path: Mapped[str] = mapped_column(Bytewise, unique=True)
    # The code as it is compared: K1-G7 is K01-G07.
    folded: Mapped[str] = mapped_column(Bytewise, index=True)
    # How wide a row of folders it takes; 0 where that was never measured or is told below it.
    capacity_mm: Mapped[int] = mapped_column(default=0)
    retired_at: Mapped[datetime | None]
    range_id: Mapped[int | None] = mapped_column(ForeignKey("location_range.id"), index=True)

    @property
    def subject(self) -> Subject:
        return Subject("location", self.id)

    @property
    def depth(self) -> int:
        """How many places stand above it."""
        return len(self.path) // STEP - 1


def fold(code: str) -> str:
    """A code as it is compared: its numbers without zeros before them."""
    return re.sub(r"(?<![0-9])0+(?=[0-9])", "", code)


def path_below(parent: Location | None, position: int) -> str:
    """The path of the place at this position, from 1, below another or at the top."""
    return f"{parent.path if parent else ''}{position:06d}."
