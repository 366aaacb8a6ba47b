"""Lists: entries under one another that are numbered one after the other."""

from collections.abc import Sequence
from itertools import pairwise

from scanning.layout.blocks import Block
from scanning.layout.words import number_of

LEAST_ENTRIES = 3
MISREAD = 0.25  # of the steps from a number to the next, that may be no step of one
NUMBERED = 0.5  # of the blocks, that begin with a number: a wrapped entry's rest has none


def is_numbered(column: Sequence[Block]) -> bool:
    """Whether the column counts down the page: 1, 2, 3; numbers given row by row leave some out."""
    ordered = sorted(column, key=lambda one: one.top)
    given = [number_of(block.lines[0].text) for block in ordered]
    numbers = [number for number in given if number is not None]
    if len(numbers) < max(LEAST_ENTRIES, NUMBERED * len(given)):
        return False
    odd = sum(after != before + 1 for before, after in pairwise(numbers))
    return odd <= MISREAD * (len(numbers) - 1)
