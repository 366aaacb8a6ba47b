"""Turns: in which order blocks are read that stand above and beside one another."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from scanning.layout.blocks import Block


def in_turn(blocks: Sequence[Block]) -> list[list[Block]]:
    """The blocks in rows: one is read when those above it and to its left have been.

    So a heading that spans several rows or columns comes before what it heads.
    """
    blocks = sorted(blocks, key=lambda one: (one.top, one.left))
    above, beside = _places(blocks)
    first = above | beside
    unread_before = first.sum(axis=0)
    waiting = np.ones(len(blocks), bool)
    rows: list[list[int]] = []
    while waiting.any():
        ready = waiting & (unread_before == 0)
        if not ready.any():
            # Blocks that overlap may each wait for the other: then the topmost goes.
            ready = waiting
        onward = np.flatnonzero(ready & beside[rows[-1][-1]]) if rows else np.empty(0, int)
        if onward.size:
            rows[-1].append(min(map(int, onward), key=lambda i: blocks[i].left))
        else:
            rows.append([int(np.flatnonzero(ready)[0])])
        waiting[rows[-1][-1]] = False
        unread_before -= first[rows[-1][-1]]
    return [[blocks[i] for i in row] for row in rows]


def _places(blocks: Sequence[Block]) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Of each pair of blocks (row, column): whether the first stands above the second in one
    column, and whether it stands left of it in one row."""
    left, top, right, bottom = np.array([block.box for block in blocks], float).T
    across = _shares(left, right) > 0.5
    down = _shares(top, bottom) > 0.5
    middle, centre = top + bottom, left + right
    return (middle[:, None] < middle) & across, (centre[:, None] < centre) & down


def _shares(start: NDArray[np.float64], end: NDArray[np.float64]) -> NDArray[np.float64]:
    """What each pair of spans has in common, as a share of the shorter."""
    common = np.minimum(end[:, None], end) - np.maximum(start[:, None], start)
    length = end - start
    shares: NDArray[np.float64] = common / np.maximum(1, np.minimum(length[:, None], length))
    return shares
