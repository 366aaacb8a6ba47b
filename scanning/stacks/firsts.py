"""First pages: whether a page reads like the first of a new paper, with grounds; only ever a
suggestion."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import median

from scanning.errors import N_
from scanning.fields.kinds import OTHER, headings, kind_of
from scanning.fields.paper import Paper
from scanning.fields.titles import title_of
from scanning.reading import Line, PageReading
from scanning.stacks.said import Said
from scanning.stacks.sheets import SOME, sure_letters
from scanning.stacks.signs import PageSigns
from scanning.stacks.working import ASSUMED_LENGTH, MILLIMETRES

ENOUGH = 0.5
REMEMBERED = 4  # pages of a paper whose names are compared: the first and the last ones

# 第 2 页 共 5 页 · 第2页/共5页 · 共5页 第2页 · Page 2 of 5 · 2/5 · - 2 -
_HAN_PAGE = re.compile(r"第\s*(?P<page>\d{1,3})\s*页(?:\s*[,，/(（]?\s*共\s*(?P<of>\d{1,3})\s*页)?")
_HAN_OF = re.compile(r"共\s*(?P<of>\d{1,3})\s*页\s*[,，/(（]?\s*第\s*(?P<page>\d{1,3})\s*页")
_PAGE_OF = re.compile(r"page\s*(?P<page>\d{1,3})(?:\s*(?:of|/)\s*(?P<of>\d{1,3}))?", re.IGNORECASE)
_BARE = re.compile(r"[-–—\s]*(?P<page>\d{1,3})\s*(?:/\s*(?P<of>\d{1,3}))?[-–—\s]*")
EDGE = 0.12  # of the height, where a bare number may be the page's

# A paper goes on: a clause that is not the first, a continued table, an annex of what precedes.
_GOES_ON = re.compile(
    r"\s*(第\s*([二三四五六七八九十百]+|[2-9]|\d\d+)\s*[条章款节]|[二三四五六七八九十]+\s*、|续[表上]|附[件表录]"
    r"|[(（](续|[2-9二三四五六七八九十])[)）]|(annex|appendix|schedule)\b)",
    re.IGNORECASE,
)
_SIGNED = re.compile(
    r"盖\s*章|签\s*章|签\s*字|签\s*名|法定代表人|授权代表|委托代理人|经办人|signature|signed|stamp",
    re.IGNORECASE,
)
_ENDED = re.compile(r"以下空白|以下无正文|此页无正文|end of (document|page)", re.IGNORECASE)
_PARTY = re.compile(
    r"[一-龥（）()]{2,24}?(?:有限责任公司|股份有限公司|有限公司|集团公司|分公司|事务所|研究院|管理局|税务局)"
    r"|[A-Z][A-Za-z&., ]{3,40}(?:Co\., ?Ltd|Limited|GmbH|Inc)\b"
)
_NAMED = re.compile(
    r"(合同|协议书?|执照|许可证|证书?|单|书|表|通知|函|决定|报告|发票|收据|规定|办法|凭证|发票联|抵扣联"
    r"|agreement|contract|invoice|waybill|receipt|certificate|licen[cs]e|list|order|lading)\)?$",
    re.IGNORECASE,
)
# A paper's own number: 合同编号：HY-2024-01 · No. 0012345 · 江交运〔2023〕57号
_OWN_NUMBER = re.compile(
    r"(?:编\s*号|单\s*号|号\s*码|合同号|\bno\.?)\s*[:.]?\s*(?P<told>[a-z0-9][a-z0-9/-]{4,24})"
    r"|(?P<issued>[〔\[(]\s*\d{4}\s*[〕\])]\s*\d+\s*号)",
    re.IGNORECASE,
)
HEAD = 0.4  # of the height, in which a paper says its name
LARGE = 1.3  # of the usual line's height
ALIKE = 0.1  # of a sheet's side; feeders cut and stretch
KIND_SURE = 0.55
POOR = 0.5  # of a page's letters are sure at most
FEW = 80  # letters and figures, about two lines of a full page


@dataclass(frozen=True)
class First:
    """How much speaks for a first page, and what does, the weightiest first."""

    score: float
    grounds: tuple[Said, ...]


@dataclass(frozen=True)
class _Ground:
    weight: float
    said: Said


def judge(
    before: Sequence[PageReading],
    page: PageReading,
    former_signs: PageSigns,
    signs: PageSigns,
    *,
    behind_blank: bool = False,
) -> First:
    """Whether `page` begins a new paper after the pages `before` it, at least one.

    The signs are those of the last page before and of this one; `behind_blank` tells that a sheet
    with nothing on it lies between them.
    """
    grounds = [
        *_unsaid(page, behind_blank=behind_blank),
        *_numbers(before[-1], page),
        *_headings(before, page),
        *_own_numbers(before, page),
        *_kinds(before[0], page),
        *_parties(before, page),
        *_endings(before[-1]),
        *_sizes(former_signs, signs),
    ]
    if all(ground.weight >= 0 for ground in grounds):
        grounds += _untied(page)
    grounds.sort(key=lambda ground: -ground.weight)
    score = round(min(1.0, max(0.0, sum(ground.weight for ground in grounds))), 2)
    return First(score, tuple(ground.said for ground in grounds if ground.weight > 0))


def unread() -> First:
    """What can be said of a page that nobody could read: that somebody must look."""
    return First(ENOUGH, (Said(HARDLY_READ),))


def _unsaid(page: PageReading, *, behind_blank: bool) -> Iterator[_Ground]:
    """What leaves it open whether the page goes on: an empty sheet before it, or few words."""
    if behind_blank:
        yield _Ground(0.6, Said(BLANK_BEFORE))
    sure, letters = sure_letters(page), sum(len(line.text) for line in page.lines)
    if sure < SOME or sure < POOR * letters:
        yield _Ground(0.5, Said(HARDLY_READ))


def _untied(page: PageReading) -> Iterator[_Ground]:
    """What so few words leave open where none of them ties the page to what precedes: a card, a
    slip, a flyer. Signatures alone are the end of what precedes."""
    if SOME <= sure_letters(page) < FEW and not _SIGNED.search(page.text):
        yield _Ground(0.5, Said(FEW_WORDS))


def _numbers(former: PageReading, page: PageReading) -> Iterator[_Ground]:
    """Page numbers that begin anew, or go on."""
    number, of = _number(page)
    before, before_of = _number(former)
    if number is None:
        if before is not None and before == before_of:
            yield _Ground(0.4, Said(LAST_BEFORE, {"of": before_of or before}))
    elif number == 1:
        yield _Ground(0.6, Said(NUMBERED_ONE))
    elif before == number - 1 and (of is None or before_of is None or of == before_of):
        yield _Ground(-0.9, Said(GOES_ON))
    else:
        yield _Ground(-0.2, Said(GOES_ON))


def _number(page: PageReading) -> tuple[int | None, int | None]:
    """The page's own number and of how many, where it says so at its top or foot."""
    for line in page.lines:
        text = unicodedata.normalize("NFKC", line.text).strip()
        middle = (line.box[1] + line.box[3]) / 2 / max(1, page.height)
        at_edge = middle < EDGE or middle > 1 - EDGE
        match = _HAN_OF.search(text) or _HAN_PAGE.search(text) or _PAGE_OF.search(text)
        if match is None and at_edge:
            match = _BARE.fullmatch(text)
        if match and (at_edge or match["of"]):
            return int(match["page"]), int(match["of"]) if match["of"] else None
    return None, None


def _headings(before: Sequence[PageReading], page: PageReading) -> Iterator[_Ground]:
    """A large heading, or the name of a kind of paper; or a beginning that is none."""
    top = _body(page)[:2]
    if any(_GOES_ON.match(line.text) for line in top):
        yield _Ground(-0.5, Said(GOES_ON))
        return
    names = [] if _is_running_head(before, page) else [*headings(Paper([page])).values()]
    scored = [(_heading(line, page, names), line) for line in page.lines]
    weight, heading = max(scored, key=lambda one: one[0], default=(0.0, None))
    if heading is not None and weight > 0:
        yield _Ground(weight, Said(HEADED, {"title": heading.text.strip()[:40]}))


def _is_running_head(before: Sequence[PageReading], page: PageReading) -> bool:
    """Whether the page before has the same heading: it may stand on every page of a paper."""
    return not headings(Paper([page])).keys().isdisjoint(headings(Paper([before[-1]])))


def _heading(line: Line, page: PageReading, names: Sequence[Line]) -> float:
    """How much a line stands out as the paper's name: by its size, place and words."""
    left, top, right, bottom = line.box
    letters = sum(unicodedata.category(letter)[0] == "L" for letter in line.text)
    if top > HEAD * page.height or not 2 <= letters <= 40 or letters < len(line.text) / 2:
        return 0.0
    usual = median(other.box[3] - other.box[1] for other in page.lines)
    large = bottom - top > LARGE * usual
    centred = abs((left + right) / 2 - page.width / 2) < 0.08 * page.width
    ends = _NAMED.search(unicodedata.normalize("NFKC", line.text).strip()) is not None
    called = line in names and (large or centred or ends)
    named = 0.4 if called else 0.2 if ends else 0.0
    return 0.25 * large + 0.1 * (centred and (large or ends or called)) + named


def _body(page: PageReading) -> list[Line]:
    """Its lines from the top, without a running head that is only a number."""
    lines = sorted(page.lines, key=lambda line: line.box[1])
    return [line for line in lines if not _BARE.fullmatch(line.text.strip())]


def _own_numbers(before: Sequence[PageReading], page: PageReading) -> Iterator[_Ground]:
    """Another number of its own than the papers before it, or the same."""
    known = {number for one in _near(before) for number in _own(one)}
    own = _own(page)
    if own and not known.isdisjoint(own):
        yield _Ground(-0.3, Said(GOES_ON))
    elif own and known:
        yield _Ground(0.2, Said(OTHER_NUMBER))


def _own(page: PageReading) -> set[str]:
    """The numbers in the page's upper part that may be the paper's own."""
    upper = "\n".join(line.text for line in page.lines if line.box[1] < HEAD * page.height)
    plain = unicodedata.normalize("NFKC", upper).lower()
    return {match["told"] or match["issued"] for match in _OWN_NUMBER.finditer(plain)}


def _kinds(first: PageReading, page: PageReading) -> Iterator[_Ground]:
    """The words of another kind of paper than those with which the paper before begins."""
    kind, sure = _kind(page)
    if kind != OTHER and sure > KIND_SURE and kind != _kind(first)[0]:
        yield _Ground(0.3, Said(OTHER_KIND))


def _kind(page: PageReading) -> tuple[str, float]:
    paper = Paper([page])
    return kind_of(paper, title_of(paper))


def _near(before: Sequence[PageReading]) -> Sequence[PageReading]:
    """Of a long paper the first page and the last ones."""
    return before if len(before) <= REMEMBERED else (before[0], *before[1 - REMEMBERED :])


def _parties(before: Sequence[PageReading], page: PageReading) -> Iterator[_Ground]:
    """Other companies than in the paper before, or the same."""
    known = {name for one in _near(before) for name in _PARTY.findall(one.text)}
    named = set(_PARTY.findall(page.text))
    if known and named:
        if known.isdisjoint(named):
            yield _Ground(0.2, Said(OTHER_NAMES))
        else:
            yield _Ground(-0.1, Said(GOES_ON))


def _endings(former: PageReading) -> Iterator[_Ground]:
    """A signature at the end of the page before."""
    last = "\n".join(line.text for line in former.lines[-8:])
    if _SIGNED.search(last) or _ENDED.search(last):
        yield _Ground(0.2, Said(SIGNED_BEFORE))


def _sizes(former: PageSigns, signs: PageSigns) -> Iterator[_Ground]:
    """Another sheet of paper."""
    one, other = _sides(former), _sides(signs)
    if any(abs(a - b) > ALIKE * max(a, b) for a, b in zip(one, other, strict=True)):
        yield _Ground(0.3, Said(OTHER_SIZE))
    elif former.dpi != signs.dpi:
        yield _Ground(0.1, Said(OTHER_SIZE))


def _sides(signs: PageSigns) -> tuple[float, float]:
    """The short and the long side in millimetres; turned by 90° it is the same paper."""
    short, long = sorted((signs.width, signs.height))
    per_inch = signs.dpi or long / ASSUMED_LENGTH * MILLIMETRES
    return short / per_inch * MILLIMETRES, long / per_inch * MILLIMETRES


NUMBERED_ONE = N_("The page is numbered as the first.")
LAST_BEFORE = N_("The page before is numbered as the last of %(of)s.")
HEADED = N_("The page has the heading “%(title)s”.")
BLANK_BEFORE = N_("A sheet with nothing on it lies before this page: perhaps a new paper begins.")
HARDLY_READ = N_(
    "Hardly anything can be read on this page, so nobody can tell whether a new paper begins with "
    "it. Look at the paper."
)
FEW_WORDS = N_(
    "Few words stand on this page and none of them goes on from the page before: perhaps a new "
    "paper begins. Look at the paper."
)
OTHER_NUMBER = N_("The page carries another number than the pages before it.")
OTHER_KIND = N_("The page reads like another kind of paper than the pages before it.")
OTHER_NAMES = N_("The page names other companies than the pages before it.")
SIGNED_BEFORE = N_("The page before ends with signatures.")
OTHER_SIZE = N_("The paper is of another size, or was scanned otherwise, than the page before.")
GOES_ON = N_("The page goes on from the one before.")
