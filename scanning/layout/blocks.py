"""Blocks: what is read as one, and how two of them stand to one another."""

from collections.abc import Sequence
from dataclasses import dataclass

from scanning.reading import Box, Line


@dataclass(frozen=True)
class Block:
    """Lines that are read together, in their order: one line, or a table."""

    box: Box
    lines: tuple[Line, ...]

    @property
    def left(self) -> int:
        return self.box[0]

    @property
    def top(self) -> int:
        return self.box[1]

    @property
    def right(self) -> int:
        return self.box[2]

    @property
    def bottom(self) -> int:
        return self.box[3]

    @property
    def middle(self) -> float:
        return (self.top + self.bottom) / 2

    @property
    def width(self) -> int:
        return self.right - self.left

    @property
    def height(self) -> int:
        return self.bottom - self.top


def alone(line: Line) -> Block:
    return Block(line.box, (line,))


def share(start: int, end: int, other_start: int, other_end: int) -> float:
    """The length both spans have in common, as a share of the shorter."""
    # A text layer has lines without height: a rule typed as text, an empty box.
    shorter = max(1, min(end - start, other_end - other_start))
    return (min(end, other_end) - max(start, other_start)) / shorter


def same_row(one: Block, other: Block) -> bool:
    """Whether the blocks share most of their height.

    A line beside the foot of a large title is in no row with it, though it shares half its own.
    """
    shared = share(one.top, one.bottom, other.top, other.bottom)
    if len(one.lines) == len(other.lines) == 1:
        level = 4 * abs(one.middle - other.middle) <= one.height + other.height
        return shared > (0.5 if level else 0.8)
    return shared > 0.5


def around(blocks: Sequence[Block]) -> Box:
    return (
        min(block.left for block in blocks),
        min(block.top for block in blocks),
        max(block.right for block in blocks),
        max(block.bottom for block in blocks),
    )
