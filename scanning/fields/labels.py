"""Labels: the printed words after, beside or below which a form's values stand."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

# What may stand before a label on its line: an enumeration, a bullet.
LEAD = re.compile(
    r"\s*(?:[(]?[\d一二三四五六七八九十]{1,3}[)、.．]\s*"
    r"|第[\d一二三四五六七八九十]{1,3}条\s*:?\s*|[*●■☆·]\s*)?"
)
NUMBERED = re.compile(r"\s*\d{1,2} ")
PARTING = " \t,;。、|/:)"
BRACKET = re.compile(r"\s*\([^()]{1,40}\)?")
# What belongs to a label, if a colon follows: Shipper 发货人: 甲方名称: but no 经营范围 一般项目:
TRANSLATION = re.compile(r"\s*/?\s*[一-龥]{2,6}(?=\s*:)")
ENGLISH = re.compile(
    r"(?:\s*/?\s*[A-Za-z][A-Za-z./' ]{1,24}|\s*/\s*[一-龥]{2,6}"
    r"|[单位公司名称姓全地址电话及和、/]{2,12}|人)(?=\s*:)"
)
OTHER_HALF = re.compile(r"[一-龥]{2,5} ")  # 卸货港 Port of Discharge, its first half misread
# A label's other half at the end of its line: 有效期至/Date of expiry, 件数 Pcs
STROKE = re.compile(
    r"\s*/\s*(?:[A-Za-z][A-Za-z.'& ()]{1,40}|[一-龥]{1,8})\s*$|\s+[А-Яа-яЁё№][А-Яа-яЁё№ .()-]*$"
    r"|\s*(?:pcs|pieces|kgs?|cbm|total|qty|quantity|amount|(?:gross |net )?weight|volume|date"
    r"|name|unit|address|tel|package|packages|description|remarks?|price|no)\.?\s*$",
    re.IGNORECASE,
)
UNIT = re.compile(r"\s*(?:kgs?|公斤|千克|吨|元)(?=\s*(?::|$))", re.IGNORECASE)
SHORTEST, LATIN_SHORTEST, LONGEST = 4, 6, 40  # letters of a label that may be known misread
NUMBER_SIGNS = ("No", "№", "Ne")  # The last is how № is often read.
COLON = re.compile(r"\s*[.#]?\s*:\s*")


@dataclass(frozen=True)
class Mark:
    """A label on a line, plain[start:end] with all that belongs to it; `names` are its words.

    `how` is "colon", "alone" (nothing follows on the line), "space" or "glued".
    """

    names: tuple[str, ...]
    start: int
    end: int
    how: str
    is_misread: bool = False


class Labels:
    """A kind of paper's labels."""

    def __init__(self, words: Iterable[str]) -> None:
        listed = sorted({_bare(word): word for word in words}.values(), key=len, reverse=True)
        self._by_letters = {_bare(word): word for word in listed}
        self._pattern = re.compile("|".join(map(_spaced, listed)), re.IGNORECASE)
        self._beginnings = {
            bare[:end] for bare in self._by_letters for end in range(SHORTEST - 1, len(bare))
        }
        self._downward = {
            bare[:end] for bare in self._by_letters for end in range(1, len(bare) + 1)
        }
        self._marks = lru_cache(maxsize=4_096)(self._found)

    def marks(self, plain: str) -> tuple[Mark, ...]:
        return self._marks(plain)

    def word(self, plain: str) -> str | None:
        """The label that the line is, letter by letter."""
        return self._by_letters.get(_bare(plain))

    def may_begin(self, plain: str) -> bool:
        """Whether the line is a label's first part, printed over several lines."""
        return _bare(plain) in self._beginnings

    def goes_down(self, plain: str) -> bool:
        """Whether the signs are the first of a label, as it may be printed down a form."""
        return _bare(plain) in self._downward

    def begins(self, plain: str) -> bool:
        """Whether the line is, or begins with, a label."""
        return any(
            _leads(plain, mark.start) or OTHER_HALF.fullmatch(plain[: mark.start])
            for mark in self.marks(plain)[:1]
        )

    def _found(self, plain: str) -> tuple[Mark, ...]:
        if (misread := self._misread(plain)) is not None:
            return (misread,)
        marks: list[Mark] = []
        for names, start, end in self._chains(plain):
            mark = _marked(plain, names, start, end)
            if mark is not None and (not marks or mark.start >= marks[-1].end):
                marks.append(self._with_translation(plain, mark))
        return tuple(marks)

    def _with_translation(self, plain: str, mark: Mark) -> Mark:
        """With its other half, misread, behind it: 收货人 Consigee."""
        rest = plain[mark.end :]
        if mark.how in ("space", "glued") and rest.isascii() and self._misread(rest):
            return Mark(mark.names, mark.start, len(plain), "alone", is_misread=True)
        return mark

    def _misread(self, plain: str) -> Mark | None:
        """The label that the line is, or begins with before a colon, but for one letter."""
        head = plain.partition(":")[0]
        bare = _bare(BRACKET.sub("", head))
        if len(bare) < SHORTEST or len(bare) > LONGEST or bare in self._by_letters:
            return None
        near = {label for label in self._by_letters if _is_near(bare, label)}
        # One letter away from two labels, 发货单位 and 收货单位, it may be either.
        if len(near) != 1:
            return None
        end = len(head)
        how = "colon" if len(plain) > end else "alone"
        end = min(len(plain), end + 1)
        return Mark((self._by_letters[near.pop()],), 0, end, how, is_misread=True)

    def _chains(self, plain: str) -> Iterator[tuple[tuple[str, ...], int, int]]:
        """Labels, and labels with their translations next to them: 托运人 Shipper."""
        names: tuple[str, ...] = ()
        start = end = 0
        for match in self._pattern.finditer(plain):
            name = self._by_letters[_bare(match[0])]
            between = plain[end : match.start()]
            if names and not between.strip(" /.()") and names[-1].isascii() != name.isascii():
                names, end = (*names, name), match.end()
                continue
            if names:
                yield names, start, end
            names, start, end = (name,), match.start(), match.end()
        if names:
            yield names, start, end


def _leads(plain: str, start: int) -> bool:
    """Whether nothing stands before the label, or its number on the form: 17 件数."""
    before = plain[:start]
    is_numbered = NUMBERED.fullmatch(before) is not None and not plain[start].isascii()
    return is_numbered or LEAD.fullmatch(before) is not None


def _marked(plain: str, names: tuple[str, ...], start: int, end: int) -> Mark | None:
    before = plain[:start]
    leads = _leads(plain, start)
    if not leads and before[-1] not in PARTING:
        return None
    for more in (UNIT, BRACKET, TRANSLATION if names[-1].isascii() else ENGLISH, BRACKET):
        if match := more.match(plain, end):
            end = match.end()
    if not names[-1].isascii() or "/" in plain[end : end + 2]:
        stroke = STROKE.match(plain, end)
        end = stroke.end() if stroke else end
    if colon := COLON.match(plain, end):
        return Mark(names, start, colon.end(), "colon")
    rest = plain[end:].lstrip(" .#")
    if not rest:
        apart = leads or before.endswith("  ") or OTHER_HALF.fullmatch(before)
        return Mark(names, start, len(plain), "alone") if apart else None
    is_apart = plain[end] in " .#"
    if leads or (is_apart and before[-1] == " "):
        return Mark(names, start, len(plain) - len(rest), "space" if is_apart else "glued")
    return None


def _is_near(word: str, label: str) -> bool:
    """Whether one letter is read wrongly, or left out; two in a long English label."""
    least = LATIN_SHORTEST if label.isascii() else SHORTEST
    if len(label) < least or not 0 <= len(label) - len(word) <= 1:
        return False
    wrong = 2 if label.isascii() and len(label) >= 2 * LATIN_SHORTEST else 1
    if len(label) == len(word):
        return sum(a != b for a, b in zip(word, label, strict=True)) <= wrong
    return any(label[:i] + label[i + 1 :] == word for i in range(len(label)))


def _bare(word: str) -> str:
    return re.sub(r"\s", "", word).lower()


def _spaced(word: str) -> str:
    """The label, perhaps spaced out; an English one stands as words."""
    letters = r"\s*".join(re.escape(char) for char in word if not char.isspace())
    return rf"(?<![A-Za-z]){letters}(?![A-Za-z])" if word[0].isascii() else letters
