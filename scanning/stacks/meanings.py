"""Meanings: what the codes on a page are to a stack. Who keeps the codes knows, this room asks."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Cover:
    """A cover sheet: what is kept under `key` holds for the papers behind it.

    One that is not `reusable` was printed for one stack, and is strange in it a second time.
    """

    key: str
    reusable: bool = True


@dataclass(frozen=True)
class Separator:
    """A sheet that ends one paper; the last cover holds on."""


@dataclass(frozen=True)
class Broken:
    """Looks like one of our codes, but its check fails or nothing was ever printed under it."""


Meaning = Cover | Separator | Broken | None
"""None is every other code: of a supermarket, of the tax office, of one of our own folders."""

Meanings = Callable[[str], Meaning]


def nothing(_text: str) -> Meaning:
    """The meanings of a house that prints no covers."""
    return None
