"""How a party is spelled: as it is shown, compared, found and put in order."""

import re
import unicodedata
from dataclasses import dataclass

from pypinyin import Style, lazy_pinyin
from stdnum.cn import uscc
from strokes import strokes

LONGEST_NAME = 200
# So many characters of a name put it in order; those that agree so far are in the order they came.
LONGEST_ORDER = 30

# What says the legal form of a company and not which one it is. The longest first.
FORMS = (
    "集团股份有限公司", "集团有限责任公司", "集团有限公司", "股份有限公司", "有限责任公司",
    "有限公司", "集团公司", "总公司", "公司", "集团",
)  # fmt: skip
FORMS_IN_BRACKETS = re.compile(
    r"[(\[【〔（](集团|中国|控股|有限合伙|普通合伙|特殊普通合伙|个人独资)[)\]】〕）]"
)
FORMS_IN_ENGLISH = {
    "co", "company", "corp", "corporation", "inc", "incorporated", "limited", "llc", "llp", "ltd",
    "plc", "gmbh", "group", "pte", "sa", "bv",
}  # fmt: skip


@dataclass(frozen=True)
class Spelling:
    """A name as it is shown, and what it is compared, found and put in order by."""

    name: str
    # Width, case, spaces and brackets do not make another company.
    folded: str
    # Nor does its legal form, perhaps: a card with the same is worth a look.
    bare: str
    initials: str
    # Its syllables with their tones: xi1an1 stands before xian1, as in a dictionary.
    pinyin: str
    # For each character the strokes that it is written with, then itself.
    strokes: str


def spell(name: str) -> Spelling:
    """A name with its width, spaces and brackets made even, and its keys."""
    shown = shown_as(name)
    folded = fold(shown) or shown
    initials = "".join(lazy_pinyin(folded, style=Style.FIRST_LETTER))[:LONGEST_NAME].lower()
    return Spelling(
        shown, folded, _bare(shown) or folded, initials, _pinyin(folded), _order(folded)
    )


def shown_as(text: str, longest: int = LONGEST_NAME) -> str:
    """A text of one line, its width and spaces made even."""
    even = " ".join(unicodedata.normalize("NFKC", text).split())
    return "".join(c for c in even if c.isprintable())[:longest]


def as_typed(text: str, longest: int) -> str:
    """A text of one line as it was typed, its spaces made even: full-width signs stay in it."""
    return "".join(c for c in " ".join(text.split()) if c.isprintable())[:longest]


def fold(shown: str) -> str:
    """What of a name counts when it is compared with another."""
    return "".join(c for c in shown.lower() if c.isalnum())[:LONGEST_NAME]


def compact(credit_code: str) -> str:
    """A credit code without spaces, in capitals."""
    printed = "".join(c for c in credit_code if c.isprintable())
    return str(uscc.compact(unicodedata.normalize("NFKC", printed))).upper()[:18]


def is_doubtful(credit_code: str) -> bool:
    """Whether a code fails its check (GB 32100-2015). Some early codes do so legally: warn only."""
    return bool(credit_code) and not uscc.is_valid(credit_code)


def _bare(shown: str) -> str:
    """A folded name without its legal form; empty where nothing else is left."""
    words = FORMS_IN_BRACKETS.sub("", shown).split()
    while words and fold(words[-1]) in FORMS_IN_ENGLISH | {""}:
        words.pop()
    bare = fold("".join(words))
    form = next((form for form in FORMS if bare.endswith(form)), "")
    return bare.removesuffix(form)


def _pinyin(folded: str) -> str:
    sounds = lazy_pinyin(folded[:LONGEST_ORDER], style=Style.TONE3, neutral_tone_with_five=True)
    return "".join(sounds).lower()[:LONGEST_NAME]


def _order(folded: str) -> str:
    # Characters of as many strokes each stay together: 王 and 方 have four.
    return "".join(f"{strokes(c):02d}{ord(c):05x}" for c in folded[:LONGEST_ORDER])
