"""Kinds: what sort of paper it is, by the words that stand on it."""

import re
from collections.abc import Sequence

from scanning.fields.finding import Found
from scanning.fields.paper import Paper
from scanning.fields.titles import closed
from scanning.reading import Line

# What papers of a kind call themselves; this says much in the title and little elsewhere.
NAMES: dict[str, tuple[str, ...]] = {
    "licence": (
        "营业执照", "许可证", "资质证书", "认证证书", "组织机构代码证", "税务登记证", "资格证",
        "备案登记表", "business licen", "certificate of incorporation",
        "certificate of registration", "certificate of approval", "经营证",
    ),
    "contract": (
        "合同", "协议", "契约", "agreement", "contract", "订单", "purchase order", "合约",
        "确认书", "sales confirmation", "order confirmation",
    ),
    "waybill": (
        "运单", "发货单", "送货单", "快递单", "waybill", "consignment note", "货票", "托运书",
        "面单",
    ),
    "bill_of_lading": ("提单", "bill of lading", "提货单", "sea waybill", "海运单"),
    "customs_declaration": ("报关单", "customs declaration", "进口货物报关", "出口货物报关"),
    "invoice": ("发票", "invoice"),
    "receipt": (
        "收据", "收条", "收款凭证", "receipt", "收款收据", "缴款书", "tax invoice", "回单",
        "进账单", "转账凭证",
    ),
    "authority": (
        "授权委托书", "委托书", "授权书", "power of attorney", "letter of authority",
        "letter of authorization", "介绍信", "授权函",
    ),
    "identity": ("居民身份证", "passport", "驾驶证", "居留证", "identity card", "通行证"),
    "other": (
        "报价单", "通知", "文件", "附件", "quotation", "申请", "登记表", "清单", "packing list",
        "函", "报告", "装箱单", "对账单", "certificate of origin", "原产地证", "结算单",
        "会议纪要", "价格表", "说明", "成绩", "承诺书", "检验", "statement of account",
    ),
}  # fmt: skip
IN_TITLE, ELSEWHERE = 6.0, 0.5

# What stands on papers of a kind, and how much it says.
WORDS: dict[str, dict[str, float]] = {
    "licence": {
        "统一社会信用代码": 1, "法定代表人": 1, "注册资本": 1, "成立日期": 1, "经营范围": 1.5,
        "登记机关": 2, "发证机关": 2, "副本": 1, "正本": 0.5, "发证日期": 1, "营业期限": 1,
    },
    "contract": {
        "本合同": 1.5, "本协议": 1.5, "甲方": 1, "乙方": 1, "违约": 1.5, "争议": 1, "买方": 0.5,
        "卖方": 0.5, "出租方": 1, "承租方": 1, "一式": 1, "仲裁": 1, "第一条": 1, "hereinafter": 1,
        "governing law": 1.5, "terms and conditions": 1, "s/c no": 1.5, "undermentioned goods": 2,
        "terms of payment": 0.5, "time of shipment": 1, "arbitration": 1, "供方": 1, "需方": 1,
        "in witness whereof": 2,
        "the seller": 0.5, "the buyer": 0.5, "this agreement": 1.5, "this contract": 1.5,
    },
    "waybill": {
        "托运人": 1.5, "收货人": 1, "承运人": 1.5, "提货": 0.5, "件数": 0.5, "发货人": 0.5,
        "快递": 1.5, "寄件": 1.5, "收件": 1.5, "车牌": 1, "运费": 0.5, "airport of departure": 3,
        "收货单位": 1, "发货单位": 1, "chargeable weight": 2, "运单号": 2, "托运单号": 2,
    },
    "bill_of_lading": {
        "b/l no": 3, "port of loading": 1.5, "port of discharge": 2, "notify party": 2, "vessel": 1,
        "ocean vessel": 1.5, "shipped on board": 2, "装货港": 1.5, "卸货港": 2, "通知人": 1.5,
        "提单号": 1, "container no": 1.5, "place of delivery": 1.5, "freight prepaid": 1,
    },
    "customs_declaration": {
        "海关编号": 3, "预录入编号": 2, "监管方式": 2, "征免": 2, "境内发货人": 2, "境内收货人": 2,
        "申报日期": 1, "报关人员": 1.5, "申报单位": 1, "提运单号": 1, "毛重": 0.5, "成交方式": 1,
    },
    "invoice": {
        "价税合计": 3, "纳税人识别号": 1.5, "开票日期": 2, "税率": 0.5, "税额": 1, "购买方": 1,
        "销售方": 1, "购货单位": 1, "销货单位": 1, "开票人": 1, "发票代码": 2, "发票号码": 2,
        "invoice no": 2, "commercial invoice": 3, "unit price": 0.5, "invoice date": 1.5,
    },
    "receipt": {
        "今收到": 3, "交来": 1.5, "收款人": 1, "收款单位": 1.5, "交款": 1.5, "cashier": 2,
        "change": 1.5, "cash": 1, "rounding": 2, "thank you": 2, "subtotal": 1.5, "sub total": 1.5,
        "gst": 1, "received from": 2, "qty": 0.5, "收银": 3, "找零": 3, "goods sold": 2,
        "please come again": 2, "户名": 1, "记账日期": 2, "回单": 1, "付款人": 1,
    },
    "authority": {
        "受托人": 2, "被授权人": 3, "授权委托": 2, "兹授权": 3, "兹委托": 3, "转委托": 2,
        "代理人": 1.5, "委托期限": 1.5, "授权范围": 1.5, "委托权限": 2, "法人代表": 0.5,
        "身份证号": 1, "代理权限": 2,
    },
    "identity": {
        "公民身份号码": 5, "签发机关": 2, "居民身份证": 3, "民族": 1, "住址": 1, "准驾车型": 4,
    },
    "other": {"各有关单位": 2, "现将有关": 2, "报价": 2, "特此通知": 2},
}  # fmt: skip
OTHER = "other"
DOUBT = 2.5  # what speaks for no kind at all
# What is read for letters in headings.
LETTERS = {"0": "o", "1": "i", "5": "s", "8": "b"}
TITLE_ROOM = 16  # characters that a title may have beside the paper's name


def kind_of(paper: Paper, title: Found | None) -> tuple[str, float]:
    """The kind with the most words on the paper, and how far it leads."""
    text = "".join(closed(place.plain) for place in paper.places).lower()
    called = [*([_lettered(title.value.lower())] if title else []), *headings(paper)]
    scores = {kind: _score(kind, text, called) for kind in WORDS}
    best, second = sorted(scores, key=lambda kind: -scores[kind])[:2]
    if scores[best] < DOUBT:
        return OTHER, 0.3
    return best, round(scores[best] / (scores[best] + scores[second] + DOUBT), 3)


def _score(kind: str, text: str, titles: Sequence[str]) -> float:
    called = 0.0
    for name in NAMES[kind]:
        if any(name in title for title in titles):
            # The longer name says more: 授权委托书 is no 协议书.
            called = max(called, IN_TITLE + len(name) / 10)
        elif name in text:
            called = max(called, ELSEWHERE)
    return called + sum(weight for word, weight in WORDS[kind].items() if word in text)


def _lettered(heading: str) -> str:
    """A heading in which figures were read for letters: SALES C0NFIRMATION."""
    return re.sub(r"(?<=[a-z])[0158]|[0158](?=[a-z])", lambda one: LETTERS[one[0]], heading)


def headings(paper: Paper) -> dict[str, Line]:
    """Short lines of the first page's upper part that hold a paper's name and no sentence: their
    text in small letters, and the lines."""
    first = paper.readings[0] if paper.readings else None
    upper = {
        _lettered(closed(place.plain).lower()): place.line
        for place in paper.places
        if first and place.page == first.number and place.line.box[1] < first.height * 0.25
    }
    return {text: line for text, line in upper.items() if _is_name(text)}


def _is_name(line: str) -> bool:
    return not re.search("[:,。;、]|号", line) and any(
        name in line and len(line) <= len(name) + TITLE_ROOM
        for names in NAMES.values()
        for name in names
    )
