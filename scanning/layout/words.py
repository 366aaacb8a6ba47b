"""Words: what a line's own characters tell of its place among others."""

import re

LABEL = re.compile(r"(?P<label>[^：:，。；,;]{1,28})[：:]")
FIGURES = re.compile(r"[\d\s.,:%+\-–/()（）¥￥$€*]+")
LETTER = re.compile(r"[^\W\d_]")
NUMBER = re.compile(r"[(（]?(?P<number>\d{1,3})(?:[)）]|[.．](?!\d)|、)\s*(?=\S)")
FIRST_WORD = re.compile(r"[!-~]+|.")


def label_of(text: str) -> str:
    """What a line of a form begins with, its colon too: "地址：", "Invoice No.:"; else nothing."""
    found = LABEL.match(text)
    return found[0] if found and LETTER.search(found["label"]) else ""


def number_of(text: str) -> int | None:
    """The number with which an entry of a list begins: "3. ", "(3) ", "3、", and then its words."""
    found = NUMBER.match(text)
    return int(found["number"]) if found else None


def is_figures(text: str) -> bool:
    """Whether the line is an amount, a date, a number: it goes on with no other."""
    return FIGURES.fullmatch(text) is not None


def first_word(text: str) -> str:
    """What was not to be parted when the line was broken before it: a word, or one character."""
    found = FIRST_WORD.match(text.lstrip())
    return found[0] if found else ""


def ends_as_label(text: str) -> bool:
    """Whether the line is a label and nothing more: its value stands beside it."""
    return text.rstrip().endswith((":", "："))


def breadth(text: str) -> float:
    """How broad the text is printed, in Chinese characters."""
    return sum(0.5 if char.isascii() else 1.0 for char in text)
