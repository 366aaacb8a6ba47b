"""Rows: what stands side by side is read from left to right, then what stands below.

But two sides whose entries do not begin level with one another, as an address and what is written
beside it, are read one after the other; and so are two lists that each count down the page.
"""

from collections.abc import Iterator, Sequence

from scanning.layout.blocks import Block, same_row, share
from scanning.layout.entries import joined
from scanning.layout.lists import is_numbered
from scanning.layout.turns import in_turn
from scanning.layout.words import number_of
from scanning.reading import Line

LEVEL = 0.3  # of a line's height, by which lines of one row are off at most
IN_ROWS = 0.5  # of the entries, that begin level with one of the other side

Gap = tuple[float, float]


def in_rows(blocks: list[Block]) -> list[Line]:
    """Row by row, left to right; what goes on below itself is read whole."""
    rows = list(_rows(joined(blocks)))
    return [line for run in _runs(rows) for line in _in_order(run)]


def _in_order(rows: list[list[Block]]) -> list[Line]:
    """Rows that one gap runs through: side after side, or row by row."""
    blocks = [block for row in rows for block in row]
    lists = _two_lists(rows)
    if lists is not None:
        return _side_by_side(rows, *lists)
    if any(len(block.lines) > 1 for block in blocks):
        for gap in _gaps(blocks):
            first, last = _both_sided(rows, gap)
            left, right = _sides(rows[first:last], gap)
            if left and right and not _are_level(left, right):
                return _side_by_side(rows, gap, first, last)
    return _all(rows)


def _side_by_side(rows: list[list[Block]], gap: Gap, first: int, last: int) -> list[Line]:
    """From the first row to before the last one side after the other, the rest row by row."""
    sides = [line for side in _sides(rows[first:last], gap) for line in _by_rows(side)]
    return [*_all(rows[:first]), *sides, *_all(rows[last:])]


def _two_lists(rows: list[list[Block]]) -> tuple[Gap, int, int] | None:
    """The gap before the second list that is numbered, and the rows from where both begin."""
    numbered = [at for at, row in enumerate(rows) if any(map(_is_entry, row))]
    begun = [at for at in numbered if sum(map(_is_entry, rows[at])) > 1]
    if not begun:
        return None
    first, last = begun[0], numbered[-1] + 1
    within = rows[first:last]
    blocks = [block for row in within for block in row]
    gaps = _gaps(blocks)
    edges = [*gaps, (float("inf"), float("inf"))]
    ends = zip([(0.0, float("-inf")), *gaps], edges, strict=True)
    columns = [_between(blocks, start, end) for (_, start), (end, _) in ends]
    lists = [at for at, column in enumerate(columns) if is_numbered(column)]
    return (gaps[lists[1] - 1], first, last) if len(lists) > 1 else None


def _is_entry(block: Block) -> bool:
    return number_of(block.lines[0].text) is not None


def _between(blocks: Sequence[Block], start: float, end: float) -> list[Block]:
    return [one for one in blocks if start <= one.left and one.right <= end]


def _both_sided(rows: Sequence[list[Block]], gap: Gap) -> tuple[int, int]:
    """From which row, and up to before which, something stands on both sides of the gap."""
    firsts, lasts = [], []
    for side in (0, 1):
        there = [at for at, row in enumerate(rows) if _sides([row], gap)[side]]
        firsts.append(min(there))
        lasts.append(max(there) + 1)
    return max(firsts), min(lasts)


def _sides(rows: Sequence[list[Block]], gap: Gap) -> tuple[list[Block], list[Block]]:
    start, end = gap
    blocks = [block for row in rows for block in row]
    return [one for one in blocks if one.right <= start], [one for one in blocks if one.left >= end]


def _all(rows: Sequence[list[Block]]) -> list[Line]:
    return [line for row in rows for line in _row(row)]


def _by_rows(side: list[Block]) -> list[Line]:
    return [line for run in _runs(list(_rows(side))) for line in _in_order(run)]


def _row(row: list[Block]) -> list[Line]:
    if not any(_in_column(a, b) for at, a in enumerate(row) for b in row[:at]):
        row = sorted(row, key=lambda one: one.left)
    else:
        row = [block for turn in in_turn(row) for block in turn]
    return [line for block in row for line in block.lines]


def _rows(blocks: Sequence[Block]) -> Iterator[list[Block]]:
    """From above; what stands in one row with a block of the row is in it too."""
    row: list[Block] = []
    for block in sorted(blocks, key=_first_middle):
        if row and not any(same_row(block, other) for other in reversed(row)):
            yield row
            row = []
        row.append(block)
    if row:
        yield row


def _first_middle(block: Block) -> float:
    """How far down the page the block's first line is."""
    _, top, _, bottom = block.lines[0].box if len(block.lines) > 1 else block.box
    return (top + bottom) / 2


def _runs(rows: list[list[Block]]) -> Iterator[list[list[Block]]]:
    """Rows below one another that one gap runs through, from the first to the last that stand
    on both its sides; any other row alone."""
    run: list[list[Block]] = []
    gaps: list[Gap] = []
    for row in rows:
        through = _through(gaps, row) if run else _gaps(row)
        if run and not through:
            yield run
            run, through = [], _gaps(row)
        run.append(row)
        gaps = through
        if not gaps:
            yield run
            run = []
    if run:
        yield run


def _gaps(blocks: Sequence[Block]) -> list[Gap]:
    """The upright gaps between blocks, from left to right."""
    gaps, end = [], float("inf")
    for block in sorted(blocks, key=lambda one: one.left):
        if block.left > end:
            gaps.append((end, float(block.left)))
            end = block.right
        end = max(end, block.right) if end < float("inf") else block.right
    return gaps


def _through(gaps: Sequence[Gap], row: Sequence[Block]) -> list[Gap]:
    """What of the gaps the row leaves free."""
    free = list(gaps)
    for block in row:
        left = [(start, min(end, block.left)) for start, end in free]
        right = [(max(start, block.right), end) for start, end in free]
        free = sorted({(start, end) for start, end in left + right if start < end})
    return free


def _are_level(left: Sequence[Block], right: Sequence[Block]) -> bool:
    """Whether, where both sides stand, most entries begin level with one of the other side."""
    top = max(min(one.top for one in left), min(one.top for one in right))
    bottom = min(max(one.bottom for one in left), max(one.bottom for one in right))
    ones, others = (
        [one for one in side if one.bottom > top and one.top < bottom] for side in (left, right)
    )
    level = sum(any(_begin_level(one, other) for other in others) for one in ones)
    level += sum(any(_begin_level(one, other) for one in ones) for other in others)
    return level >= IN_ROWS * (len(ones) + len(others))


def _begin_level(one: Block, other: Block) -> bool:
    _, top, _, bottom = one.lines[0].box
    _, high, _, low = other.lines[0].box
    return abs(top + bottom - high - low) < LEVEL * ((bottom - top) + (low - high))


def _in_column(one: Block, other: Block) -> bool:
    return share(one.left, one.right, other.left, other.right) > 0
