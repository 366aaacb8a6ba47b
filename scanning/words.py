"""Words: how Chinese and Latin text stands on a line."""

import re

HAN = "\u2e80-\u9fff\uf900-\ufaff\U00020000-\U0003134f"
FULL_WIDTH = "\u3000-\u303f\uff00-\uffef"
_GAP = re.compile(rf"(?<=[{HAN}{FULL_WIDTH}])\s+(?=[{HAN}{FULL_WIDTH}])")


def close_up(text: str, cuts: tuple[int, ...] = ()) -> tuple[str, tuple[int, ...]]:
    """The text without spaces between Chinese characters, where they mean nothing.

    `cuts` (see reading.Line) lose the same places, and what stood at the ends is trimmed.
    """
    gone = {i for gap in _GAP.finditer(text) for i in range(*gap.span())}
    gone |= set(range(len(text) - len(text.lstrip()))) | set(range(len(text.rstrip()), len(text)))
    kept = [i for i in range(len(text)) if i not in gone]
    closed = "".join(text[i] for i in kept)
    return closed, (tuple(cuts[i] for i in kept) + cuts[-1:] if cuts else ())
