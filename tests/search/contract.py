"""What must be found and what must not, to be read aloud; every engine and the marks obey it.

Each row: the text of a page, what somebody types, and the words marked on the page, or None when
the page must not be found. An empty list says: found, but by nothing on this page.
"""

from typing import NamedTuple


class Case(NamedTuple):
    """One row of the contract."""

    text: str
    typed: str
    marked: list[str] | None


PHRASES = [
    Case("合同编号：HT-2024-0031", "合同编号", ["合同编号"]),
    Case("本合同与同编者无关，编号另附", "合同编号", None),
    Case("本合同与同编者无关，编号另附", "编号另附", ["编号另附"]),
    Case("买卖合同", "合同买卖", None),
    Case("上海远东物流有限公司", "远东物流", ["远东物流"]),
    Case("上海远东方物流有限公司", "远东物流", None),
    Case("甲方甲方甲方", "甲方甲方", ["甲方甲方甲方"]),
    Case("违约责任由违约方承担违约责任", "违约责任", ["违约责任", "违约责任"]),
    Case("约责违约", "违约责", None),
    Case("天天见", "天天天", None),
    Case("天天天见", "天天天", ["天天天"]),
    Case("3 items", "3 3", ["3"]),
    Case("3 items", '"3 3"', None),
    Case("人民法院", "人民币", None),
    Case("中华人民共和国", "中国", None),
    Case("中华人民共和国", "华人", ["华人"]),
    Case("第3条 付款方式", "第3条", ["第3条"]),
    Case("第 3 条 付款方式", "第3条", ["第 3 条"]),
    Case("第13条 付款方式", "第3条", None),
    Case("货物清单 A4 纸", "清单A4纸", ["清单 A4 纸"]),
    Case("甲方（出租方）：王伟", "甲方出租方", ["甲方（出租方"]),
    Case("甲方出租方：王伟", "甲方（出租方）", ["甲方出租方"]),
    Case("阿卜杜勒·穆罕默德", "阿卜杜勒穆罕默德", ["阿卜杜勒·穆罕默德"]),
    Case("阿卜杜勒穆罕默德", "阿卜杜勒・穆罕默德", ["阿卜杜勒穆罕默德"]),
    Case("二〇二四年三月一日", "二〇二四年", ["二〇二四年"]),
    Case("カタカナのテキスト", "テキスト", ["テキスト"]),
    Case("𠀀𠀁𠀂", "𠀁𠀂", ["𠀁𠀂"]),
]

SINGLE = [
    Case("承运人：王伟", "王", ["王"]),
    Case("王", "王", ["王"]),
    Case("玉石", "王", None),
    Case("甲、乙、丙", "乙", ["乙"]),
    Case("表3", "3", ["3"]),
    Case("Plan B", "b", ["B"]),
    Case("Plans", "b", None),
    Case("王王", "王", ["王", "王"]),
]

BROKEN = [
    Case("合 同 编 号", "合同编号", ["合 同 编 号"]),
    Case("本合\n同自签字之日起生效", "合同", ["合\n同"]),
    Case("本合 \r\n  同自签字之日起生效", "合同自", ["合 \r\n  同自"]),
    Case("租\u3000赁", "租赁", ["租\u3000赁"]),
    Case("合同编号", "合 同", ["合", "同"]),
    Case("租\u200b赁合同", "租赁", ["租\u200b赁"]),
    Case("a letter\nof credit", "letter of credit", ["letter", "of", "credit"]),
    Case("a letter\nof credit", '"letter of credit"', ["letter\nof credit"]),
    Case("this agree-\nment is made", "agreement", ["agree-\nment"]),
    Case("in\u00adterest", "interest", ["in\u00adterest"]),
]

FOLDED = [
    Case("ＨＴ－２０２４－００３１", "HT-2024-0031", ["ＨＴ－２０２４－００３１"]),
    Case("HT-2024-0031", "ｈｔ－２０２４－００３１", ["HT-2024-0031"]),
    Case("BILL OF LADING", "bill of lading", ["BILL", "OF", "LADING"]),
    Case("bill", "BILL", ["bill"]),
    Case("重量５０㎏", "50kg", ["５０㎏"]),
    Case("重量 50 ㎏", "kg", ["㎏"]),
    Case("Straße", "STRASSE", ["Straße"]),
    Case("cafe\u0301 au lait", "café", ["cafe\u0301"]),
    Case("café au lait", "cafe\u0301", ["café"]),
    Case("⼈⺠法院", "人", ["⼈"]),
    Case("ﬁnal", "final", ["ﬁnal"]),
    Case("第①条", "第1条", ["第①条"]),
]

WORDS = [
    Case("letter of credit", "credit", ["credit"]),
    Case("letters of credit", "letter", None),
    Case("accredited", "credit", None),
    Case("letter of credit", "cred", None),
    Case("letter of credit", "cred*", ["credit"]),
    Case("letter of credit", "redit*", None),
    Case("arbitration and arbitrator", "arbitr*", ["arbitration", "arbitrator"]),
    Case("letter of credit", "letter of cred*", ["letter", "of", "credit"]),
    Case("letter of credit", '"letter of cred*"', ["letter of credit"]),
    Case("credit of letter", '"letter of credit"', None),
    Case("credit of letter", "letter of credit", ["credit", "of", "letter"]),
    Case("letter for credit", '"letter of credit"', None),
    Case("账号 6222020200112233", "6222020200112233", ["6222020200112233"]),
    Case("账号 6222020200112233", "6222", None),
    Case("账号 6222020200112233", "6222*", ["6222020200112233"]),
    Case("账号 6222020200112233", "2233", None),
    Case("自2024年起", "2024", ["2024"]),
    Case("自2024年起", "202", None),
    Case("合同书", "合同*", ["合同"]),
    Case("合同 书", "合同＊", ["合同"]),
    Case("don't", "don't", ["don't"]),
    Case("Договор поставки", "договор", ["Договор"]),
    Case("계약서 작성", "계약서", ["계약서"]),
]

CODES = [
    Case("编号HT-2024-0031号", "HT-2024-0031", ["HT-2024-0031"]),
    Case("编号HT-2024-0031号", "HT20240031", ["HT-2024-0031"]),
    Case("编号HT-2024-0031号", "ht2024", ["HT-2024"]),
    Case("编号HT-2024-0031号", "20240031", ["2024-0031"]),
    Case("编号HT-2024-0031号", "2024-0031", ["2024-0031"]),
    Case("编号HT-2024-0031号", "0031", ["0031"]),
    Case("编号HT-2024-0031号", "0031-2024", None),
    Case("编号HT-2024-0031号", "HT-2024-003", None),
    Case("编号HT-2024-0031号", "HT-2024-003*", ["HT-2024-0031"]),
    Case("编号HT-2024-0031号", "HT2024003*", ["HT-2024-0031"]),
    Case("编号HT-2024-0031号", "T-2024", None),
    Case("编号HT20240031号", "HT-2024-0031", ["HT20240031"]),
    Case("编号HT20240031号", "HT/2024/0031", ["HT20240031"]),
    Case("编号HT 2024 0031号", "HT-2024-0031", ["HT 2024 0031"]),
    Case("编号HT/2024.0031号", "HT-2024-0031", ["HT/2024.0031"]),
    Case("编号HT_2024—0031号", "HT-2024-0031", ["HT_2024—0031"]),
    Case("HT2024-0031", "HT-2024-0031", ["HT2024-0031"]),
    Case("HT -2024- 0031", "HT20240031", ["HT -2024- 0031"]),
    Case("HT-2024-\n0031", "HT20240031", ["HT-2024-\n0031"]),
    Case("Paid on 3. 2024 is over", "32024", None),
    Case("HT-2024-0032", "HT-2024-0031", None),
    Case("提单号 COSU6123456780", "COSU6123456780", ["COSU6123456780"]),
    Case("提单号 COSU6123456780", "COSU*", ["COSU6123456780"]),
    Case("档号 0001-ZD·2024-Y-0007", "2024-Y-0007", ["2024-Y-0007"]),
    Case("91310115MA1K4XYZ2B", "91310115ma1k4xyz2b", ["91310115MA1K4XYZ2B"]),
    Case("车牌沪A·12345", "沪A12345", ["沪A·12345"]),
    Case("车牌沪A·12345", "沪A123*", ["沪A·12345"]),
    Case("车牌沪A12345", "沪A·12345", ["沪A12345"]),
    Case("车牌沪 A-12345", "沪A12345", ["沪 A-12345"]),
    Case("车牌浙A·12345", "沪A12345", None),
    Case("v1.2.3", "1.2", None),
    Case("见 1.2.3 节", "1.2", ["1.2"]),
    Case("见 1.2.3 节", "1.3", None),
]

TOGETHER = [
    Case("租赁合同", "租赁 合同", ["租赁", "合同"]),
    Case("合同的租赁", "租赁 合同", ["合同", "租赁"]),
    Case("合同书", "租赁 合同", None),
    Case("租赁书", "租赁 合同", None),
    Case("租赁合同 lease", "租赁 LEASE", ["租赁", "lease"]),
    Case("租赁合同", '"租赁 合同"', ["租赁合同"]),
    Case("租赁的合同", '"租赁合同"', None),
    Case("租赁合同", "“租赁合同”", ["租赁合同"]),
    Case("租赁合同", "「租赁合同」", ["租赁合同"]),
    Case("租赁和合同", "租赁\u3000合同", ["租赁", "合同"]),
    Case("租赁合同", "租赁 租赁", ["租赁"]),
]

MALFORMED = [
    Case("租赁合同", '"租赁', ["租赁"]),
    Case("租赁合同", '租赁"', ["租赁"]),
    Case("租赁合同", '"" 租赁', ["租赁"]),
    Case("租赁合同", "租赁 ***", ["租赁"]),
    Case("租赁合同", "(租赁 AND", None),
    Case("租赁合同", "((租赁)", ["租赁"]),
    Case("租赁合同", "租赁:", ["租赁"]),
    Case("租赁合同", "租赁 -", ["租赁"]),
    Case("租赁合同", "\\租赁\\", ["租赁"]),
    Case("租赁合同", "，", None),
    Case("租赁合同", '"', None),
    Case("租赁合同", "\x00", None),
    Case("租赁合同", "\ud800租赁", ["租赁"]),
    Case("租赁合同", "[租赁", ["租赁"]),
    Case("租赁合同", "租赁~2", None),
    Case("租赁合同", "租赁^", ["租赁"]),
    Case("", "租赁", None),
    Case("\ud800 租赁", "租赁", ["租赁"]),
]

CASES = [*PHRASES, *SINGLE, *BROKEN, *FOLDED, *WORDS, *CODES, *TOGETHER, *MALFORMED]
