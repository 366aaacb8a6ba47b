"""Signs: digits and full-width forms of Chinese print, as plain ones."""

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
PLAIN |= str.maketrans("〔【﹕∶￥–—－―", "([::¥----") | str.maketrans("〕】", ")]")


def chinese_number(text: str) -> int | None:
    """壹佰贰拾捌万陆仟伍佰, 二〇二四, 十五, 15: as an integer."""
    if not text:
        return None
    if all(char in DIGITS for char in text):
        return int("".join(str(DIGITS[char]) for char in text))
    total = section = digit = 0
    for char in text:
        if char in DIGITS:
            digit = DIGITS[char]
        elif char in TENS:
            section += (digit or 1) * TENS[char]
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
