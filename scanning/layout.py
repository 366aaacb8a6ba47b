"""Layout: the order in which a page's lines are read."""

from collections.abc import Sequence

from scanning.reading import Line


def in_reading_order(lines: Sequence[Line]) -> list[Line]:
    """Row by row, left to right; lines that share most of their height are one row."""
    rows: list[list[Line]] = []
    for line in sorted(lines, key=lambda one: one.box[1] + one.box[3]):
        if rows and _same_row(rows[-1][-1], line):
            rows[-1].append(line)
        else:
            rows.append([line])
    return [line for row in rows for line in sorted(row, key=lambda one: one.box[0])]


def _same_row(one: Line, other: Line) -> bool:
    shared = min(one.box[3], other.box[3]) - max(one.box[1], other.box[1])
    return 2 * shared > min(one.box[3] - one.box[1], other.box[3] - other.box[1])
