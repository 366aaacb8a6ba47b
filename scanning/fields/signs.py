"""Signs: digits and full-width forms of Chinese print, as plain ones."""

import re
from itertools import pairwise

DIGITS = {
    **{char: value for value, char in enumerate("0123456789")},
    **{char: value for value, char in enumerate("〇一二三四五六七八九")},
    **{char: value for value, char in enumerate("零壹贰叁肆伍陆柒捌玖")},
    **dict.fromkeys("○ＯOo", 0),
    "两": 2, "貳": 2, "弐": 2, "叄": 3, "參": 3, "参": 3, "陸": 6, "壱": 1,
}  # fmt: skip
TENS = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1_000, "仟": 1_000}
MYRIADS = {"万": 10_000, "萬": 10_000, "亿": 100_000_000, "億": 100_000_000}

# Full-width forms to plain ones, character for character, so that places in the text stay.
PLAIN = {full: full - 0xFEE0 for full in range(0xFF01, 0xFF5F)} | {0x3000: " "}
PLAIN |= str.maketrans("〔【﹕∶￥–—－―º°", "([::¥----oo") | str.maketrans("〕】", ")]")


# Letters that are read for figures, told from letters by the figures on both their sides.
FIGURES = str.maketrans("OoQIl|ZSBG", "0001112586")
AMONG_FIGURES = re.compile(r"(?<=[\d年月])[OoQIl|ZSBG](?=[\d年月日])|(?<=\d\d)[Oo](?!\w)")


def figured(text: str) -> str:
    """The text with letters among figures read as figures, character for character."""
    once = AMONG_FIGURES.sub(lambda one: one[0].translate(FIGURES), text)
    return AMONG_FIGURES.sub(lambda one: one[0].translate(FIGURES), once)


def chinese_number(text: str) -> int | None:
    """壹佰贰拾捌万陆仟伍佰, 二〇二四, 十五, 15: as an integer."""
    if not text:
        return None
    if all(char in DIGITS for char in text):
        return int("".join(str(DIGITS[char]) for char in text))
    total = section = digit = 0
    for before, char in pairwise(f" {text}"):
        if char in DIGITS:
            digit = DIGITS[char]
        elif char in TENS:
            # 拾 alone is ten; 零拾, as a form's empty places are filled, is none.
            section += TENS[char] * (digit if before in DIGITS else 1)
            digit = 0
        elif char in MYRIADS:
            # 亿 takes all before it; 万 only what stands since the last 亿.
            if MYRIADS[char] > 10_000:
                total, section = 0, total + section
            total += (section + digit) * MYRIADS[char]
            section = digit = 0
        else:
            return None
    return total + section + digit
