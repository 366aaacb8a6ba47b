"""How a bench is asked and how it tells: tables and figures for the eye, JSON for a program."""

import argparse
import json
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

Row = Mapping[str, Any]


def options(doc: str | None, **numbers: int) -> argparse.ArgumentParser:
    """The command line of a bench: numbers with what they usually are, and --json."""
    parser = argparse.ArgumentParser(description=(doc or "").split("\n")[0])
    for name, usual in numbers.items():
        parser.add_argument(f"--{name}", type=int, default=usual)
    parser.add_argument("--json", action="store_true")
    return parser


def tables(found: Mapping[str, Sequence[Row]], *, as_json: bool) -> str:
    """Tables one below the other; their names are told in JSON only."""
    if as_json:
        return json.dumps(found, ensure_ascii=False, default=_plain)
    return "\n\n".join(table(rows) for rows in found.values())


def table(rows: Sequence[Row]) -> str:
    """A table whose heads are the rows' keys; a cell that a row does not have stays empty."""
    heads = list(dict.fromkeys(key for row in rows for key in row))
    cells = [[_cell(row.get(head)) for head in heads] for row in rows]
    lines = [f"| {' | '.join(line)} |" for line in (heads, *cells)]
    return "\n".join([lines[0], "|" + "---|" * len(heads), *lines[1:]])


def figures(found: Row, *, as_json: bool) -> str:
    """One figure a line."""
    if as_json:
        return json.dumps(found, ensure_ascii=False, default=_plain)
    return "\n".join(f"{name:28} {_cell(figure)}" for name, figure in found.items())


def _plain(number: object) -> object:
    """One of numpy's numbers as Python's own."""
    if isinstance(number, np.generic):
        return number.item()
    raise TypeError(type(number))


def _cell(value: object) -> str:
    if isinstance(value, dict):
        return json.dumps(value, ensure_ascii=False)
    return "" if value is None else str(value)
