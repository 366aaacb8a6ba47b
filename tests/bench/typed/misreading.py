"""Misreading: what a reader of lines makes of a page, and what a second reader makes of it."""

import random
from collections.abc import Iterator, Sequence

from scanning.reading import Box, Line
from tests.bench.typed.page import HALF, Cell

WRONG, LOST = 1 / 80, 1 / 400  # of the characters that may be misread, and of all; on a poor scan
JOINED, SPLIT = 0.05, 0.03  # of the lines
NEAR = 8 * HALF  # nearer than this two cells may be read as one line
SECOND_WRONG, SECOND_BLIND = 0.03, 0.06  # how often a second reader errs, or reads nothing
# What is read for what: pairs of a character and its look-alike; a stop may be lost.
PAIRS = (
    "0O 1I 5S 8B B8 O0 I1 l1 6G 2Z 日目 已己 未末 士土 人入 公么 司同 太大 干千 合台 运远 号另 "
    "销锁 名各 提堤 单草 期朝 天夫 元无 限跟 货贷 托扥 票栗 ，. （( ）) 、, ；;"
)
ALIKE = {pair[0]: pair[1] for pair in PAIRS.split()} | {"：": "", ":": ""}


class Misreader:
    """Reads the cells of a page as lines; a poor scan with look-alikes, lines split and joined."""

    def __init__(self, seed: str, *, is_poor: bool) -> None:
        self._chance, self._is_poor = random.Random(seed), is_poor

    def lines(self, page: Sequence[Sequence[Cell]]) -> list[Line]:
        runs = list(self._cut(page)) if self._is_poor else [list(run) for run in page]
        return [line for run in runs if (line := self._line(run)).text]

    def _cut(self, page: Sequence[Sequence[Cell]]) -> Iterator[list[Cell]]:
        held: list[Cell] = []
        for run in page:
            near = held and run[0].top == held[-1].top and run[0].left - held[-1].right < NEAR
            if near and self._chance.random() < JOINED:
                held = [*held, *run]
                continue
            if held:
                yield from self._split(held)
            held = list(run)
        yield from self._split(held)

    def _split(self, run: list[Cell]) -> Iterator[list[Cell]]:
        if len(run) > 8 and self._chance.random() < SPLIT:
            place = self._chance.randrange(3, len(run) - 3)
            yield run[:place]
            run = run[place:]
        yield run

    def _line(self, run: Sequence[Cell]) -> Line:
        """The run's text with one blank where there are several, or none on a poor scan."""
        text, cuts, wrong = "", [round(run[0].left)], 0
        drops_blanks = self._is_poor and self._chance.random() < 0.5
        for cell in run:
            read = self._read(cell.char)
            wrong += read != cell.char
            if read == " " and (text[-1:] in ("", " ") or (drops_blanks and text[-1:] > "\u2e80")):
                read = ""
            text += read
            if read:
                cuts.append(round(cell.right))
        cuts[-1] = round(run[-1].right)
        sink = self._chance.randint(-2, 2) if self._is_poor else 0
        box = (cuts[0], run[0].top + sink, round(run[-1].right), run[0].bottom + sink)
        return Line(text, box, self._sure(wrong), tuple(cuts))

    def _read(self, char: str) -> str:
        if not self._is_poor or char == " ":
            return char
        if self._chance.random() < LOST:
            return ""
        return ALIKE.get(char, char) if self._chance.random() < WRONG else char

    def _sure(self, wrong: int) -> float:
        if not self._is_poor:
            return 0.99
        # A reader often knows where it errs, and as often does not.
        low = 0.72 if wrong else 0.93
        return round(self._chance.uniform(low, 0.99), 3)


class SecondSight:
    """A second reader: what is truly printed in a box, now and then misread by it."""

    def __init__(self, pages: Sequence[Sequence[Sequence[Cell]]], seed: str) -> None:
        self._cells = {number: _flat(page) for number, page in enumerate(pages, 1)}
        self._seed = seed

    def __call__(self, page: int, box: Box, script: str) -> str:
        left, top, right, bottom = box
        said = "".join(
            cell.char
            for cell in self._cells[page]
            if left <= (cell.left + cell.right) / 2 <= right
            and top <= (cell.top + cell.bottom) / 2 <= bottom
        ).strip()
        chance = random.Random(f"{self._seed} {page} {box} {script}")
        if chance.random() < SECOND_BLIND or not said:
            return ""
        if chance.random() < SECOND_WRONG:
            place = chance.randrange(len(said))
            said = said[:place] + ALIKE.get(said[place], "一") + said[place + 1 :]
        return said


def _flat(page: Sequence[Sequence[Cell]]) -> list[Cell]:
    return [cell for run in page for cell in run]
