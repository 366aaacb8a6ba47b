"""Titles: what a paper calls itself, in print that stands there like a heading."""

import re
import unicodedata
from collections.abc import Sequence
from statistics import median

from scanning.fields.finding import Found
from scanning.fields.names import is_organisation
from scanning.fields.paper import Paper, Place, Span

TITLE_ENDS = re.compile(
    r"(合同|协议书?|执照|许可证|证书?|护照|单|书|表|[收借欠便]条|介绍信|通知书?|函|决定|报告|发票|收据|票据|规定|办法|文件|凭证"
    r"|纪要|意见|批复|请示|公告|声明|计划|方案|总结|清册|目录|记录|证明|章程|回执|发票联"
    r"|agreement|contract|invoice|note|receipt|certificate|licen[cs]e|list|order|confirmation"
    r"|waybill|lading|attorney|authori[sz]ation|authority|quotation|passport|card|statement|declaration"
    r"|report|letter|memorandum|notice"
    r"|certificate of [a-z]+)(?:\s*\([^()]{1,14}\)|(?<=[一-龥])\s+[A-ZА-Я ]+)?$",
    re.IGNORECASE,
)
LETTER = re.compile("关于|转发|印发")
RED_HEAD = re.compile(r"(?:局|府|委|会|厅|部|院|办公室|公司|集团|中心|处)\s*文件$")
# What stands in sentences, before enumerations, and in numbers, but in no title.
SENTENCE = re.compile(
    r"[。;,:!?]|、$|\d{5}|^\(|^附件?|^第.{1,3}[条章部]|^[一二三四五六七八九十]+、|^\d+[.、)]"
)
TITLE_LEAST, TITLE_READ = 0.9, 0.6


def title_of(paper: Paper) -> Found | None:
    """What the paper calls itself, in the upper part of its first page; None rather than a guess.

    A firm's name in large print is no title, nor is a sentence, nor 某某局文件 over a letter
    whose own title stands below.
    """
    first = paper.readings[0] if paper.readings else None
    upper = _upper(paper)
    if first is None or not upper:
        return None
    usual = median(_letter_height(line.box) for line in first.lines)
    # Of two alike the longer says more: 会议纪要 stands over 安全生产专题会议纪要.
    best = max(
        upper,
        key=lambda place: (
            round(_title_score(place, usual, first.width), 1),
            len(closed(place.plain.strip())),
        ),
    )
    score = _title_score(best, usual, first.width)
    if score < TITLE_LEAST:
        return None
    lines = _whole_title(upper, best)
    told = "".join(closed(one.printed.strip()) for one in lines)
    return Found.at(lines[0], told, min(0.95, 0.3 + 0.25 * score)).over(lines[1:])


def calls_itself(title: str) -> bool:
    """Whether the heading names a paper: a contract, a list, a letter about something."""
    return TITLE_ENDS.search(closed(title)) is not None


def _upper(paper: Paper) -> list[Place]:
    first = paper.readings[0] if paper.readings else None
    return [
        place
        for place in paper.places
        if first and place.page == first.number and place.line.box[1] < first.height * 0.45
    ]


def _title_score(place: Place, usual: float, width: int) -> float:
    """Points for print that stands in the middle, is large, and ends as a paper's name does."""
    left, _, right, _ = place.line.box
    text = closed(place.plain.strip())
    if not _may_be_title(text) or place.line.confidence < TITLE_READ:
        return 0.0
    size = min(1.2, _letter_height(place.line.box) / usual - 1)
    middle = 0.5 if abs((left + right) / 2 - width / 2) < 0.08 * width else 0.0
    if not TITLE_ENDS.search(text):
        # What does not call itself a paper must at least stand there like a heading.
        return size + middle if size > 0.4 and middle and len(text) >= 4 else 0.0
    is_last = RED_HEAD.search(text) is None
    return size + middle + 1.0 * is_last + (0.5 if LETTER.match(text) else 0.0)


def _may_be_title(text: str) -> bool:
    letters = sum(unicodedata.category(char)[0] == "L" for char in text)
    is_named = TITLE_ENDS.search(text) is not None
    return (
        2 <= letters <= 60
        and (letters >= len(text) / 2 or is_named)
        and not SENTENCE.search(text)
        and (is_named or not is_organisation(text))
    )


def _whole_title(upper: Sequence[Place], best: Place) -> list[Span]:
    """The title's lines: 关于 … in large print may run over two or three."""
    alike = [
        one
        for one in upper
        if 0.75 < one.height / max(1, best.height) < 1.3 and not SENTENCE.search(one.plain)
    ]
    first = last = alike.index(best) if best in alike else -1
    if first < 0:
        return [Span(best, 0, len(best.plain))]
    while first > 0 and not _begins(alike[first]) and _follows(*alike[first - 1 : first + 1]):
        first -= 1
    while last + 1 < len(alike) and _goes_on(alike[last]) and _follows(*alike[last : last + 2]):
        last += 1
    told = alike[first : last + 1]
    if not _begins(told[0]):
        told = [best]
    return [Span(one, 0, len(one.plain)) for one in told]


def _begins(place: Place) -> bool:
    return LETTER.match(place.plain.strip()) is not None


def _goes_on(place: Place) -> bool:
    return TITLE_ENDS.search(place.plain.strip()) is None


def _follows(one: Place, other: Place) -> bool:
    """Whether the second line stands close below the first."""
    return 0 <= other.line.box[1] - one.line.box[3] < 1.2 * one.height


def _letter_height(box: tuple[int, int, int, int]) -> int:
    return min(box[3] - box[1], box[2] - box[0])


def closed(line: str) -> str:
    """Without the blanks of a heading spaced out: 收 款 收 据."""
    return re.sub(r"(?<=[一-龥])\s+(?=[一-龥])", "", line)
