"""Neighbours: what stands beside a line, above it, or begins as far left, found quickly.

Lines are known here by their place in `blocks`, which are sorted from above.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from scanning.layout.blocks import Block

Places = NDArray[np.intp]
Numbers = NDArray[np.float64]

TALL = 3.0  # heights of the middle one of all blocks: what is taller is few, and always looked at
IN_COLUMN = 0.3  # of the shorter one's length


class Neighbours:
    def __init__(self, blocks: Sequence[Block]) -> None:
        self.blocks = sorted(blocks, key=lambda one: one.middle)
        boxes = np.array([block.box for block in self.blocks], float).reshape(-1, 4)
        self.left, self.top, self.right, self.bottom = boxes.T
        self.middle, self.height = (self.top + self.bottom) / 2, self.bottom - self.top
        self.alone = np.array([len(block.lines) == 1 for block in self.blocks], bool)
        self._beside: dict[int, Places] = {}

    def beside(self, one: int) -> Places:
        """What stands in one row with the line, to its left or right."""
        if one not in self._beside:
            self._beside[one] = self._found_beside(one)
        return self._beside[one]

    def column(self, left: float, slack: float) -> Places:
        """What begins as far left."""
        start = bisect_left(self._lefts, left - slack)
        return self._from_left[start : bisect_right(self._lefts, left + slack)]

    def above(self, one: int, reach: float, left: float, right: float) -> Places:
        """The lines that end at most `reach` above the middle of this, and begin between the two
        places."""
        middle = self.middle[one]
        near = self._about(middle - reach, middle)
        ends = (self.middle[near] < middle) & (self.bottom[near] >= middle - reach)
        begins = (left <= self.left[near]) & (self.left[near] <= right)
        return np.asarray(near[ends & begins & self.alone[near]])

    def in_column(self, some: Places, others: Places) -> NDArray[np.bool_]:
        """Of each pair whether one stands above the other."""
        right = np.minimum(self.right[some, None], self.right[others])
        left = np.maximum(self.left[some, None], self.left[others])
        width = self.right - self.left
        shorter = np.maximum(1, np.minimum(width[some, None], width[others]))
        return np.asarray(right - left > IN_COLUMN * shorter)

    def _found_beside(self, one: int) -> Places:
        """Rows as blocks.same_row says of two."""
        reach = (self._usual * TALL + self.height[one]) / 2
        near = self._about(self.middle[one] - reach, self.middle[one] + reach)
        tops, bottoms = np.maximum(self.top[near], self.top[one]), self.bottom[near]
        common = np.minimum(bottoms, self.bottom[one]) - tops
        shared = common / np.maximum(1, np.minimum(self.height[near], self.height[one]))
        both = self.height[near] + self.height[one]
        level = 4 * abs(self.middle[near] - self.middle[one]) <= both
        lines = self.alone[near] & self.alone[one]
        in_row = shared > np.where(lines & ~level, 0.8, 0.5)
        apart = (self.right[near] <= self.left[one]) | (self.right[one] <= self.left[near])
        return np.asarray(near[in_row & apart])

    def _about(self, top: float, bottom: float) -> Places:
        """What has its middle there, and all that is tall."""
        low = self._low
        start = bisect_left(self._low_middles, top)
        end = bisect_right(self._low_middles, bottom)
        return np.concatenate((low[start:end], self._tall))

    @cached_property
    def _usual(self) -> float:
        return max(1.0, float(np.median(self.height))) if len(self.blocks) else 1.0

    @cached_property
    def _low(self) -> Places:
        return np.flatnonzero(self.height <= TALL * self._usual)

    @cached_property
    def _tall(self) -> Places:
        return np.flatnonzero(self.height > TALL * self._usual)

    @cached_property
    def _low_middles(self) -> list[float]:
        return [float(one) for one in self.middle[self._low]]

    @cached_property
    def _from_left(self) -> Places:
        return np.argsort(self.left, kind="stable")

    @cached_property
    def _lefts(self) -> list[float]:
        return [float(one) for one in self.left[self._from_left]]
