"""Entries: lines that go on below one another, though other lines stand beside them.

What tells the rest of a wrapped line from the next entry of a list: how close it stands, whether
the line above had room for its first word, and whether it lacks what entries begin with: a label
of their own, or a number or name to their left.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from scanning.layout.blocks import Block, around
from scanning.layout.neighbours import Neighbours, Numbers, Places
from scanning.layout.words import breadth, ends_as_label, first_word, is_figures, label_of

LEAST_BROKEN = 4  # times its height: a shorter line is never taken for one that was broken …
BROKEN = 12  # … and this long it is where nothing but its length tells so
SET_IN = 3.0  # heights of a line, by which a paragraph's first is set in at most
HANGING = 14.0  # heights of a line: the longest label at whose end its value goes on
SMALLER, LARGER = 0.7, 1.43  # than a line's height: one that goes on with it is neither
UNLEVEL = 0.2  # of a line's height, or the way to the next: an engine's boxes are off by less
AS_FAR = 0.35  # of the way to the next line: what goes down the page otherwise is no such list
PARTED = 0.5  # of a line's height, by which entries stand farther apart than their lines


def joined(blocks: Sequence[Block]) -> list[Block]:
    """Lines that go on with one another made one block."""
    return Joining(blocks).entries()


@dataclass(frozen=True)
class Step:
    """From a line to the one that may go on with it, and what stands beside each of the two."""

    last: int
    block: int
    beside_last: Places
    beside_this: Places
    height: float
    gap: float
    set_in: float
    down: float


class Joining:
    """The lines of a page, and which of them go on with which."""

    def __init__(self, blocks: Sequence[Block]) -> None:
        self.lines = Neighbours(blocks)
        self._texts = [" ".join(one.text for one in block.lines) for block in self.lines.blocks]
        self._labels = [label_of(text) for text in self._texts]
        self._labelled = np.array([bool(label) for label in self._labels], bool)
        self._figures = [is_figures(text) for text in self._texts]

    def entries(self) -> list[Block]:
        entries: list[list[int]] = []
        ending: dict[int, list[int]] = {}
        for block in range(len(self.lines.blocks)):
            found = [at for at in self._close_above(block) if at in ending]
            last = [at for at in found if self._goes_on(ending[at], block)]
            if last:
                left = self.lines.left
                entry = ending.pop(min(last, key=lambda at: abs(left[at] - left[block])))
                entry.append(block)
            else:
                entry = [block]
                entries.append(entry)
            ending[block] = entry
        return [self._made_one(entry) for entry in entries]

    def _made_one(self, entry: Sequence[int]) -> Block:
        blocks = [self.lines.blocks[at] for at in entry]
        return Block(around(blocks), tuple(line for block in blocks for line in block.lines))

    def _close_above(self, block: int) -> list[int]:
        """The lines close above, printed as large."""
        lines = self.lines
        if not lines.alone[block]:
            return []
        height = max(1.0, float(lines.height[block]))
        left, most = float(lines.left[block]), height / SMALLER
        near = lines.above(block, 1.7 * most, left - HANGING * most, left + SET_IN * most)
        heights = np.maximum(1, lines.height[near])
        gaps = lines.top[block] - lines.bottom[near]
        alike = (SMALLER * heights < height) & (height < LARGER * heights)
        close = (-heights < 2 * gaps) & (gaps < heights)
        return [int(at) for at in near[alike & close]]

    def _goes_on(self, entry: Sequence[int], block: int) -> bool:
        step = self._step(entry[-1], block)
        hangs = not -step.height < 2 * step.set_in < 2 * SET_IN * step.height
        if hangs and not self._hangs(entry, block):
            return False
        near = (self.lines.beside(entry[0]), step.beside_last, step.beside_this)
        in_form = bool(self._labelled[np.concatenate(near)].any())
        if (in_form and self._labels[block]) or self._is_value(step):
            return False
        if in_form and self._labels[entry[0]] and self._is_unlabelled_rest(step):
            return True
        if hangs:
            return not (step.beside_last.size or step.beside_this.size)
        return self._is_rest_of_list(step) or self._is_text(step)

    def _step(self, last: int, block: int) -> Step:
        lines = self.lines
        return Step(
            last,
            block,
            lines.beside(last),
            lines.beside(block),
            height=max(1.0, float(lines.height[last])),
            gap=float(lines.top[block] - lines.bottom[last]),
            set_in=float(lines.left[last] - lines.left[block]),
            down=float(lines.middle[block] - lines.middle[last]),
        )

    def _hangs(self, entry: Sequence[int], block: int) -> bool:
        """Whether the line begins below where the value after the entry's label does."""
        first, lines = entry[0], self.lines
        label = self._labels[first]
        if not label or len(entry) > 1:
            return False
        share = breadth(label) / breadth(self._texts[first])
        value = lines.left[first] + share * (lines.right[first] - lines.left[first])
        return bool(abs(value - lines.left[block]) < 1.5 * lines.height[first])

    def _is_value(self, step: Step) -> bool:
        """Whether a label alone stands before the line."""
        lines, beside = self.lines, step.beside_this
        before = beside[lines.right[beside] <= lines.left[step.block]]
        if not before.size:
            return False
        return ends_as_label(self._texts[before[np.argmax(lines.right[before])]])

    def _is_unlabelled_rest(self, step: Step) -> bool:
        """Whether, in a form, what stands beside the line begins with a label as it does not; or
        all its row had no room in the row above."""
        if self._labelled[step.beside_this].any():
            return True
        before = np.append(step.beside_last, step.last)
        after = np.append(step.beside_this, step.block)
        under = self.lines.in_column(before, after)
        return bool(under.any(axis=0).all()) and self._are_broken(before, after, under)

    def _is_rest_of_list(self, step: Step) -> bool:
        """Whether the line's row lacks what the row above begins with, and each of its lines
        stands under one that was broken; or all stand closer to those than other rows do."""
        lines = self.lines
        if not step.beside_last.size:
            return False
        under = lines.in_column(step.beside_last, step.beside_this)
        first = int(np.argmin(lines.left[step.beside_last]))
        before = lines.right[step.beside_last[first]] <= lines.left[step.last]
        if not before or under[first].any() or not under.any(axis=0).all():
            return False
        together = under & self._as_far(step, UNLEVEL)
        if self._is_broken(step.last, step.block) and self._are_broken(
            step.beside_last, step.beside_this, together
        ):
            return True
        pairs = _pairs(step.beside_last, step.beside_this, together)
        figures = any(self._figures[one] and self._figures[other] for one, other in pairs)
        return not figures and self._stands_closer(step)

    def _is_text(self, step: Step) -> bool:
        """Whether the line goes on where neither label nor number tells: none of the two has a
        neighbour of its own, as entries of a list have; or the line above was broken where the
        column ends."""
        lines = self.lines
        under = lines.in_column(step.beside_last, step.beside_this)
        if (under & self._as_far(step, UNLEVEL)).any():
            return False
        alike = bool(step.beside_last.size) == bool(step.beside_this.size)
        tight = 2 * max(step.gap, step.set_in) < step.height
        if alike and tight and not (under & self._as_far(step, AS_FAR)).any():
            return True
        # An entry stands on one line with its figures, but hardly a text with a stamp.
        level = abs(lines.middle[step.beside_this] - lines.middle[step.block])
        is_set_in = step.set_in > step.height
        begins = not step.beside_last.size and (level < UNLEVEL * lines.height[step.block]).any()
        return (is_set_in or not begins) and self._is_full(step)

    def _as_far(self, step: Step, most: float) -> NDArray[np.bool_]:
        """Of each pair of what stands beside the two lines, whether it goes down the page as they
        do: a note in the margin has a spacing of its own."""
        middle = self.lines.middle
        down: Numbers = middle[step.beside_this] - middle[step.beside_last, None]
        return np.asarray(abs(down - step.down) < most * step.down)

    def _are_broken(self, before: Places, after: Places, under: NDArray[np.bool_]) -> bool:
        """Whether of these pairs, one under the other, the upper was broken."""
        return all(self._is_broken(one, other) for one, other in _pairs(before, after, under))

    def _is_broken(self, last: int, block: int) -> bool:
        """Whether the next line's first word had no room in the line, as far as others reach."""
        lines = self.lines
        height = max(1.0, float(lines.height[last]))
        is_long = lines.right[last] - lines.left[last] >= LEAST_BROKEN * height
        if not is_long or self._figures[last] or self._figures[block]:
            return False
        text = self._texts[block]
        word = breadth(first_word(text)) / max(1.0, breadth(text))
        needed = word * (lines.right[block] - lines.left[block])
        return bool(self._reach(last, block) - lines.right[last] < needed + height / 2)

    def _reach(self, last: int, block: int) -> float:
        """How far the lines reach that begin as far left, up to what stands right of them."""
        lines = self.lines
        column = lines.column(float(lines.left[block]), max(1.0, lines.height[last]) / 2)
        beside = np.concatenate((lines.beside(last), lines.beside(block)))
        to_right = beside[lines.left[beside] >= lines.right[last]]
        if to_right.size:
            end = lines.left[to_right].min()
            column = column[[bool((lines.left[lines.beside(at)] >= end).any()) for at in column]]
            column = column[lines.right[column] <= end]
        return float(lines.right[column].max(initial=lines.right[last]))

    def _stands_closer(self, step: Step) -> bool:
        """Whether the lines stand closer than others below or above them in their column."""
        lines = self.lines
        column = lines.in_column(np.array([step.block]), np.arange(len(lines.blocks)))[0]
        below = lines.top[column & (lines.middle > lines.bottom[step.block])]
        above = lines.bottom[column & (lines.middle < lines.top[step.last])]
        if below.size:
            apart = below.min() - lines.bottom[step.block]
        else:
            apart = lines.top[step.last] - above.max(initial=-np.inf)
        return bool(apart > step.gap + PARTED * step.height)

    def _is_full(self, step: Step) -> bool:
        """Whether the line was broken where its column ends: none of the column's lines is longer,
        and another is as long."""
        lines, last = self.lines, step.last
        if lines.right[last] - lines.left[last] < BROKEN * step.height:
            return False
        column = lines.column(float(lines.left[step.block]), step.height / 2)
        ends = lines.right[column[column != last]] - lines.right[last]
        return bool(ends.size and abs(ends.max()) <= step.height)


def _pairs(before: Places, after: Places, which: NDArray[np.bool_]) -> list[tuple[int, int]]:
    return [(int(before[at]), int(after[other])) for at, other in np.argwhere(which)]
