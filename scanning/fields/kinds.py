"""Kinds: what sort of paper it is, by the words that stand on it, and what it calls itself."""

import re
import unicodedata
from statistics import median

from scanning.fields.finding import Found, Paper, Place

# What papers of a kind call themselves; this says much in the title and little elsewhere.
NAMES: dict[str, tuple[str, ...]] = {
    "licence": (
        "营业执照", "许可证", "资质证书", "认证证书", "组织机构代码证", "税务登记证", "资格证",
        "备案登记表", "business licen", "certificate",
    ),
    "contract": ("合同", "协议", "契约", "agreement", "contract", "订单", "purchase order"),
    "waybill": ("运单", "托运单", "发货单", "送货单", "快递单", "waybill", "consignment note"),
    "invoice": ("发票", "invoice"),
    "other": (
        "报关单", "报价单", "通知", "文件", "提单", "bill of lading", "委托书", "收据", "receipt",
        "身份证", "附件", "quotation", "申请", "登记表", "清单", "packing list", "函", "报告",
    ),
}  # fmt: skip
IN_TITLE, ELSEWHERE = 6.0, 0.5

# What stands on papers of a kind, and how much it says.
WORDS: dict[str, dict[str, float]] = {
    "licence": {
        "统一社会信用代码": 1, "法定代表人": 1, "注册资本": 1, "成立日期": 1, "经营范围": 1.5,
        "登记机关": 2, "发证机关": 2, "副本": 1, "正本": 0.5, "发证日期": 1,
    },
    "contract": {
        "本合同": 1.5, "本协议": 1.5, "甲方": 1, "乙方": 1, "违约": 1.5, "争议": 1, "买方": 0.5,
        "卖方": 0.5, "出租方": 1, "承租方": 1, "一式": 1, "仲裁": 1, "第一条": 1, "hereinafter": 1,
        "governing law": 1.5, "arbitration": 1, "in witness whereof": 2,
    },
    "waybill": {
        "托运人": 1.5, "收货人": 1, "承运人": 1.5, "提货": 0.5, "件数": 0.5, "发货人": 0.5,
        "快递": 1.5, "寄件": 1.5, "收件": 1.5, "车牌": 1, "运费": 0.5,
    },
    "invoice": {
        "价税合计": 3, "纳税人识别号": 1.5, "开票日期": 2, "税率": 0.5, "税额": 1, "购买方": 1,
        "销售方": 1, "购货单位": 1, "销货单位": 1, "开票人": 1, "发票代码": 2, "发票号码": 2,
    },
    "other": {"报关": 2, "海关": 2, "各有关单位": 1, "现将有关": 2, "监管方式": 2},
}  # fmt: skip
DOUBT = 2.0  # what speaks for no kind at all

TITLE_ENDS = re.compile(
    r"(合同|协议书?|执照|许可证|证书?|单|书|表|通知|函|决定|报告|发票|收据|规定|办法|文件|凭证"
    r"|agreement|contract|invoice|note|receipt|certificate|licen[cs]e|list|order)\)?$",
    re.IGNORECASE,
)


def kind_of(paper: Paper, title: Found | None) -> tuple[str, float]:
    """The kind with the most words on the paper, and how far it leads."""
    text = "".join(place.plain for place in paper.places).lower()
    heading = title.value.lower() if title else ""
    scores = {kind: _score(kind, text, heading) for kind in WORDS}
    best, second = sorted(scores, key=lambda kind: -scores[kind])[:2]
    if scores[best] < DOUBT:
        return "other", 0.3
    return best, round(scores[best] / (scores[best] + scores[second] + DOUBT), 3)


def _score(kind: str, text: str, heading: str) -> float:
    called = max(
        IN_TITLE if name in heading else ELSEWHERE if name in text else 0.0 for name in NAMES[kind]
    )
    return called + sum(weight for word, weight in WORDS[kind].items() if word in text)


def title_of(paper: Paper) -> Found | None:
    """The heading: large print in the upper part of the first page, or what reads like one."""
    first = paper.readings[0] if paper.readings else None
    upper = [
        place
        for place in paper.places
        if first and place.page == first.number and place.line.box[1] < first.height * 0.45
    ]
    if first is None or not upper:
        return None
    usual = median(_letter_height(line.box) for line in first.lines)
    best = max(upper, key=lambda place: _heading_score(place, usual, first.width))
    score = _heading_score(best, usual, first.width)
    sure = min(0.95, 0.3 + 0.25 * score)
    return Found.at(best, 0, len(best.plain), best.line.text.strip(), sure) if score > 0.7 else None


def _heading_score(place: Place, usual: float, width: int) -> float:
    """Points for large letters, standing in the middle, and ending as a paper's name does."""
    left, _, right, _ = place.line.box
    text = place.plain.strip()
    letters = sum(unicodedata.category(char)[0] == "L" for char in text)
    if not 2 <= letters <= 60 or letters < len(text) / 2:
        return 0.0
    size = min(1.2, _letter_height(place.line.box) / usual - 1)
    middle = 0.5 if abs((left + right) / 2 - width / 2) < 0.08 * width else 0.0
    return size + middle + (1.0 if TITLE_ENDS.search(text) else 0.0)


def _letter_height(box: tuple[int, int, int, int]) -> int:
    return min(box[3] - box[1], box[2] - box[0])
