"""Paper: the lines of a document as they stand beside and below each other."""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from scanning.fields.signs import PLAIN
from scanning.reading import Box, Line, PageReading

FIRST, LAST = 8, 2  # pages: where a paper says what it is, and where it is signed
SAME_ROW = 0.5  # of the lower line's height that both share
FULL_LINE = 0.88  # of the page's print: a line as wide as this runs on in the next
# Words spaced out so widely that the reader takes each character for a line.
SPACED_OUT = (
    "名称", "住所", "类型", "备注", "合计", "税额", "金额", "姓名", "性别", "民族", "出生", "住址",
    "数量", "单价", "单位", "地址", "电话", "件数", "毛重", "净重", "船名", "航次", "货名", "品名",
    "甲方", "乙方", "丙方", "买方", "卖方", "供方", "需方",
    "收据", "收条", "合同", "协议", "发票", "提单", "运单", "通知", "证明", "箱号", "封号", "日期",
    "编号", "包装", "重量", "体积", "运费", "规格", "车号", "职务", "传真",
)  # fmt: skip
BEGINNINGS = frozenset(word[0] for word in SPACED_OUT)
BAND = 64  # pixels: lines are looked up by the bands of the page that they touch


@dataclass(frozen=True)
class Place:
    """A line of the paper, its page's number, and its text with plain instead of full-width
    signs, character for character."""

    line: Line
    page: int
    plain: str

    @property
    def height(self) -> int:
        return self.line.box[3] - self.line.box[1]

    def with_below(self, other: "Place") -> "Place":
        """This line and the one below it as one, where the lower stands, as wide as both."""
        return self._joined(other, other.line.box[1], " ")

    def as_tall_as(self, other: "Place") -> "Place":
        """This line and the one below it as one that runs down the page."""
        return self._joined(other, self.line.box[1], "")

    def _joined(self, other: "Place", top: int, between: str) -> "Place":
        one, two = self.line, other.line
        left, right = min(one.box[0], two.box[0]), max(one.box[2], two.box[2])
        box = (left, top, right, two.box[3])
        text = f"{one.text}{between}{two.text}"
        line = Line(text, box, min(one.confidence, two.confidence))
        return Place(line, self.page, f"{self.plain}{between}{other.plain}")


@dataclass(frozen=True)
class Span:
    """Part of a line: plain[start:end]."""

    place: Place
    start: int
    end: int

    @property
    def text(self) -> str:
        return self.place.plain[self.start : self.end]

    @property
    def printed(self) -> str:
        return self.place.line.text[self.start : self.end]

    @property
    def box(self) -> Box:
        return self.place.line.box_of(self.start, self.end)

    def part(self, start: int, end: int) -> "Span":
        return Span(self.place, self.start + start, self.start + end)


class Paper:
    """The lines of a document's first and last pages, in their order."""

    def __init__(self, readings: Sequence[PageReading]) -> None:
        told = readings if len(readings) <= FIRST + LAST else (*readings[:FIRST], *readings[-LAST:])
        self.readings = tuple(told)
        self.places = tuple(
            Place(line, page.number, line.text.translate(PLAIN))
            for page in told
            for line in _joined(page.lines)
        )

    @cached_property
    def flow(self) -> "Flow":
        return Flow(self)

    def row_after(self, place: Place) -> list[Place]:
        """The lines to the right in the same row, from left to right."""
        _, top, right, bottom = place.line.box
        row = [
            other
            for other in self._beside(place)
            if other.line.box[0] >= right - (bottom - top) / 2
            and shared(top, bottom, other.line.box[1], other.line.box[3]) > SAME_ROW
        ]
        return sorted(row, key=lambda other: other.line.box[0])

    def column_beside(self, place: Place, reach: float, margin: int = 0) -> list[Place]:
        """The lines in the next column that share some of the line's height, or of the `margin`
        in pixels above and below it, from the top; `reach` is in widths of a sign."""
        _, top, right, bottom = place.line.box
        top, bottom = top - margin, bottom + margin
        sign = min(place.height, right - place.line.box[0])
        rows = [
            other
            for other in self._beside(place)
            if -sign / 2 <= other.line.box[0] - right < reach * sign
            and shared(top, bottom, other.line.box[1], other.line.box[3]) > 0.2
        ]
        nearest = min((other.line.box[0] for other in rows), default=0)
        column = [other for other in rows if other.line.box[0] < nearest + 2 * sign]
        return sorted(column, key=lambda other: other.line.box[1])

    def row_before(self, place: Place) -> list[Place]:
        """The lines to the left in the same row, from left to right."""
        left, top, _, bottom = place.line.box
        row = [
            other
            for other in self._beside(place)
            if other.line.box[2] <= left + (bottom - top) / 2
            and shared(top, bottom, other.line.box[1], other.line.box[3]) > SAME_ROW
        ]
        return sorted(row, key=lambda other: other.line.box[0])

    def under(self, box: Box, page: int, reach: float) -> list[Place]:
        """The lines that begin within `reach` heights of the box's below it, nearest first."""
        left, top, right, bottom = box
        height = bottom - top
        column = [
            other
            for other in self.places
            if other.page == page
            and -height / 3 <= other.line.box[1] - bottom <= reach * height
            and shared(left, right, other.line.box[0], other.line.box[2]) > 0.3
        ]
        return sorted(column, key=lambda other: (other.line.box[1], other.line.box[0]))

    def over(self, place: Place, reach: float) -> list[Place]:
        """The lines that end within `reach` heights above the line, nearest first."""
        left, top, right, _ = place.line.box
        column = [
            other
            for other in self._beside(place)
            if -place.height / 3 <= top - other.line.box[3] <= reach * place.height
            and shared(left, right, other.line.box[0], other.line.box[2]) > 0
        ]
        return sorted(column, key=lambda other: -other.line.box[3])

    def _beside(self, place: Place) -> Iterator[Place]:
        return (one for one in self.places if one.page == place.page and one is not place)

    def is_low(self, place: Place) -> bool:
        """Whether the line stands in the lower half of its page's print."""
        tops = [one.line.box[1] for one in self.places if one.page == place.page]
        return place.line.box[1] > (min(tops) + max(tops)) / 2


class Flow:
    """The paper's text as it runs on from line to line, and which line each character is of."""

    def __init__(self, paper: Paper) -> None:
        self._starts: list[int] = []
        widest: dict[int, int] = {}
        for place in paper.places:
            widest[place.page] = max(widest.get(place.page, 0), place.line.box[2])
        self._places = paper.places
        parts: list[str] = []
        length = 0
        for number, place in enumerate(paper.places):
            gap = _between(paper.places[number - 1], place, widest) if number else ""
            self._starts.append(length + len(gap))
            length += len(gap) + len(place.plain)
            parts += [gap, place.plain]
        self.text = "".join(parts)

    def span(self, start: int, end: int) -> Span:
        """The place of text[start:end]; the part on the first line, if it runs over."""
        number = max(0, bisect_right(self._starts, start) - 1)
        place, first = self._places[number], self._starts[number]
        begin = min(start - first, len(place.plain))
        return Span(place, begin, max(begin, min(end - first, len(place.plain))))


def _between(one: Place, other: Place, widest: Mapping[int, int]) -> str:
    """What stands between two lines: nothing where the first is full and the other goes on."""
    goes_on = (
        other.page == one.page
        and one.line.box[2] >= FULL_LINE * widest[one.page]
        and other.line.box[0] < one.line.box[0] + 2 * one.height
        and 0 < other.line.box[3] - one.line.box[3] < 3 * one.height
    )
    if not goes_on:
        return "\n"
    ends = one.plain[-1:] + other.plain[:1]
    return " " if ends.isascii() else ""


def _joined(lines: Sequence[Line]) -> list[Line]:
    """The lines, with words put together again of which each character was read as a line."""
    rows = _Rows(lines)
    joined: dict[int, Line | None] = dict(enumerate(lines))
    for number, line in enumerate(lines):
        # On an invoice the side's 购 stands before 名, read as one: 购名 … 称：
        if 1 <= len(line.text) <= 2 and line.text[-1] in BEGINNINGS and joined[number]:
            partner = rows.after(line)
            if partner is None or joined[partner] is None:
                continue
            if line.text[-1] + lines[partner].text[:1] in SPACED_OUT:
                joined[number], joined[partner] = _together(line, lines[partner]), None
    return [line for line in joined.values() if line is not None]


class _Rows:
    """Which line stands next to the right of another, among very many of them."""

    def __init__(self, lines: Sequence[Line]) -> None:
        self._lines = lines
        self._bands: defaultdict[int, list[tuple[int, int]]] = defaultdict(list)
        for number, line in enumerate(lines):
            for band in range(line.box[1] // BAND, line.box[3] // BAND + 1):
                self._bands[band].append((line.box[0], number))
        for numbered in self._bands.values():
            numbered.sort()

    def after(self, line: Line) -> int | None:
        """The number of the nearest line in the same row, within six heights."""
        _, top, right, bottom = line.box
        found = [
            one
            for band in range(top // BAND, bottom // BAND + 1)
            for one in self._within(band, right, right + 6 * (bottom - top))
            if shared(top, bottom, *self._lines[one[1]].box[1::2]) > SAME_ROW
        ]
        return min(found)[1] if found else None

    def _within(self, band: int, left: int, right: int) -> list[tuple[int, int]]:
        lines = self._bands[band]
        first = bisect_left(lines, (left, 0))
        return lines[first : bisect_right(lines, (right, len(self._lines)), first)]


def _together(line: Line, other: Line) -> Line:
    left = line.box_of(len(line.text) - 1, len(line.text))[0]
    top, bottom = min(line.box[1], other.box[1]), max(line.box[3], other.box[3])
    cuts = (left, *other.cuts) if other.cuts else ()
    sure = min(line.confidence, other.confidence)
    box = (left, top, other.box[2], bottom)
    return replace(other, text=line.text[-1] + other.text, box=box, cuts=cuts, confidence=sure)


def shared(start: int, end: int, other_start: int, other_end: int) -> float:
    """The length both spans share, as a share of the shorter one."""
    both = min(end, other_end) - max(start, other_start)
    return both / max(1, min(end - start, other_end - other_start))
