"""Words: how Chinese text stands on a line."""

import re

HAN = "\u2e80-\u9fff\uf900-\ufaff\U00020000-\U0003134f"
FULL_WIDTH = "\u3000-\u303f\uff00-\uffef"

# 合 同 编 号 is one word spaced out; 第一条 标的物 is two.
_SPACED_OUT = re.compile(rf"(?<![{HAN}])([{HAN}])\s+(?=[{HAN}](?![{HAN}]))")


def close_up(text: str, cuts: tuple[int, ...] = ()) -> tuple[str, tuple[int, ...]]:
    """The text without the spaces of a word spaced out, and without those at its ends.

    `cuts` (see reading.Line) lose the same places.
    """
    gone = set(range(len(text) - len(text.lstrip()))) | set(range(len(text.rstrip()), len(text)))
    for gap in _SPACED_OUT.finditer(text):
        gone |= set(range(gap.start() + 1, gap.end()))
    kept = [i for i in range(len(text)) if i not in gone]
    closed = "".join(text[i] for i in kept)
    return closed, (tuple(cuts[i] for i in kept) + cuts[-1:] if cuts else ())
