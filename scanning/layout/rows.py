"""Rows: what stands side by side is read from left to right, then what stands below."""

from bisect import bisect_left, bisect_right
from itertools import product

from scanning.layout.blocks import Block, around, grouped, is_beside, same_row, share
from scanning.reading import Line

BROKEN = 12  # times its height: a shorter line may end where another ends by chance
SET_IN = 3.0  # heights of a line, by which a paragraph's first is set in at most
UNLEVEL = 0.2  # of a line's height, or the way to the next: an engine's boxes are off by less


def in_rows(blocks: list[Block]) -> list[Line]:
    """Row by row, left to right; blocks that share most of their height are one row."""
    ordered = sorted(_joined(blocks), key=lambda one: one.middle)
    return [
        line
        for row in grouped(ordered, same_row)
        for block in sorted(row, key=lambda one: one.left)
        for line in block.lines
    ]


def _joined(blocks: list[Block]) -> list[Block]:
    """Lines close under one another made one block, unless they are entries of a table."""
    neighbours = Neighbours(blocks)
    joined: list[Block] = []
    may_go_on: list[int] = []
    for block in neighbours.blocks:
        # What ends so far above goes on with no later block either: they come from above.
        may_go_on = [i for i in may_go_on if not _is_past(joined[i], block)]
        above = next((i for i in may_go_on if _follows(joined[i], block, neighbours)), None)
        if above is None:
            may_go_on.append(len(joined))
            joined.append(block)
        else:
            both = (joined[above], block)
            joined[above] = Block(around(both), both[0].lines + block.lines)
    return joined


class Neighbours:
    """Finds what stands beside a block without looking at the whole page."""

    def __init__(self, blocks: list[Block]) -> None:
        self.blocks = sorted(blocks, key=lambda one: one.middle)
        self._middles = [block.middle for block in self.blocks]
        self._from_left = sorted(blocks, key=lambda one: one.left)
        self._lefts = [block.left for block in self._from_left]
        self._tallest = max((block.height for block in blocks), default=0)

    def beside(self, one: Block) -> list[Block]:
        reach = (self._tallest + one.height) / 2
        start = bisect_left(self._middles, one.middle - reach)
        end = bisect_right(self._middles, one.middle + reach)
        return [other for other in self.blocks[start:end] if is_beside(other, one)]

    def is_full(self, one: Block, left: int) -> bool:
        """Whether the line was broken where the column that begins at `left` ends: none of the
        column's lines is longer, and another is as long."""
        slack = max(1, one.height)
        if one.width < BROKEN * slack:
            return False
        start = bisect_left(self._lefts, left - slack / 2)
        column = self._from_left[start : bisect_right(self._lefts, left + slack / 2)]
        ends = [other.right - one.right for other in column if other.box != one.box]
        return max(ends, default=slack + 1) <= slack and max(ends) >= -slack


def _is_past(above: Block, block: Block) -> bool:
    """Whether the block is too far below for `_follows`: its middle is at most 1 + 1.4 / 2 of the
    last line's height under that line."""
    _, top, _, bottom = above.lines[-1].box
    return block.middle >= bottom + 1.7 * max(1, bottom - top)


def _follows(above: Block, block: Block, neighbours: Neighbours) -> bool:
    """Whether the block goes on with the last line of the one above: close to it, as large, as
    far left, and neither of them with a neighbour of its own, as entries of a list have; or less
    clearly so, but that line was broken where the column ends."""
    last = Block(above.lines[-1].box, above.lines[-1:])
    height, gap, set_in = last.height, block.top - last.bottom, last.left - block.left
    near = -height < 2 * gap < 2 * height and -height < 2 * set_in < 2 * SET_IN * height
    if not (near and 0.7 * height < block.height < 1.4 * height):
        return False
    beside_last, beside_this = neighbours.beside(last), neighbours.beside(block)
    pairs = list(product(beside_last, beside_this))
    if any(_go_on_together(last, block, *pair) for pair in pairs):
        return False
    alike = bool(beside_last) == bool(beside_this)
    if alike and 2 * max(gap, set_in) < height and not any(_in_column(*pair) for pair in pairs):
        return True
    begins = not beside_last and any(_are_level(block, one) for one in beside_this)
    return not begins and neighbours.is_full(last, block.left)


def _in_column(one: Block, other: Block) -> bool:
    return share(one.left, one.right, other.left, other.right) > 0.3


def _go_on_together(last: Block, block: Block, one: Block, other: Block) -> bool:
    """Whether what stands beside goes down the page as the two lines do: rows of a list. A note in
    the margin has a spacing of its own."""
    down = block.middle - last.middle
    as_far = abs(other.middle - one.middle - down) < UNLEVEL * down
    return as_far and _in_column(one, other)


def _are_level(block: Block, one: Block) -> bool:
    """Whether they stand on one line: an entry and its figures, but hardly text and a stamp."""
    return abs(block.middle - one.middle) < UNLEVEL * block.height
