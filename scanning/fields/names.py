"""Names of companies and people, as printed, and how alike two of them are."""

import re
from collections import Counter

from scanning.fields.signs import PLAIN

ORGANISATION = re.compile(
    r"(有限责任公司|股份有限公司|有限公司|公司|集团|厂|店|铺|商行|经营部|事务所|合作社|中心|银行|局"
    r"|学院|大学|研究院|研究所|医院|委员会|工作室|酒店|部|站|行|社|馆|园|企业|有限合伙|科|处|学校"
    r"|[中小]学|大队|车队|运输队|支队|检察院|法院|政府|厅|署|港|矿|农场|市场|超市|药房|饭店|门诊)"
    r"(\([^()]{1,12}\))?$"
    r"|\b(ltd|limited|trading|enterprise|restaurant|store|hardware|mart|pharmacy|hotel|cafe|tools|llc|inc|corp|corporation|gmbh|company|bhd|s\.?a|plc|co|ag|b\.?v|s\.?r\.?l|kg"
    r"|pte|pty|llp)\.?$",
    re.IGNORECASE,
)
# A name ends where the next label, sentence or column begins.
NAME_END = re.compile(
    r"\s{2,}|[;:。]|,(?!\s*(?:ltd|limited|inc|llc|co\b|s\.?a))|\s*[一-龥]{2,6}:"
    r"|\(?(?:以下|下称|简称|盖章|签章|公章|签字)|\([^()]{0,6}[章签]",
    re.IGNORECASE,
)
# What is left of a firm's ending for the next line: 有限公 司
TAILS = frozenset(
    ending[start:] for ending in ("股份有限公司", "有限责任公司") for start in range(len(ending))
)
# What a firm's name ends with on a line of its own.
ENDING = re.compile(r"(?:co\.?,?\s*)?(?:ltd|limited|inc|llc)\b\.?", re.IGNORECASE)
FOR = re.compile(r"(?:For and on behalf of|For|M/S|Messrs)\b\.?\s*", re.IGNORECASE)
DELEGATE = re.compile(r"^[一-龥()]{6,40}\(委[派托]?(?:代?表?)?(?::?[一-龥·]{0,6})?(?P<end>\))?$")
PERSON = re.compile("[一-龥]{2,4}|[一-龥]{1,10}·[一-龥]{1,10}")
SEALED = re.compile(r"\(?(?:盖章|公章|签章|章)\)?\s*:\s*")  # The rest of a label, before the name.
# What beside a label is no name, whatever it looks like.
NO_NAME = re.compile(
    r"^(?:信息|盖章|签章|签字|签名|日期|电话|地址|住址|联系|传真|姓名|名称|户名|全称|账号|开户|单位$|单位[:(]|编号"
    r"|有限|限公司|股份|公司$|集团$|同上|的|应|在|有|需|按|于|如|未|及|和|与|可|不)"
    r"|[买卖供需]方(?![一-龥])|[甲乙丙]方"
    r"|^[\d零〇○一二三四五六七八九]{2,4}年|^(?:address|tel|fax|name|date|signature|no\b|and|of|the|shall)\b",
    re.IGNORECASE,
)


def name_in(text: str) -> tuple[int, int] | None:
    """Where in the text a name stands, if it begins with one."""
    if sealed := SEALED.match(text):
        where = name_in(text[sealed.end() :])
        return where and (where[0] + sealed.end(), where[1] + sealed.end())
    end = NAME_END.search(text)
    name = (text[: end.start()] if end else text).strip(" _-.,")
    name = name.removeprefix(called[0]) if (called := FOR.match(name)) else name
    first = name.split(" ")[0]
    if "一" <= name[:1] <= "龥" and is_organisation(first) and not is_organisation(name):
        name = first  # Its address stands behind it.
    if (
        name[:1].islower()
        or not 2 <= len(name) <= 90
        or not re.search("[一-龥A-Za-z]{2}", name)
        or NO_NAME.search(name)
    ):
        return None
    if re.search(r"[A-Za-z]\s*$", name) and text[text.index(name) + len(name) :][:1] == ".":
        name += "."  # CORP. and CO., LTD. keep their stop.
    start = text.index(name)
    return start, start + len(name)


def is_organisation(name: str) -> bool:
    return ORGANISATION.search(name.translate(PLAIN).strip()) is not None


def likeness(one: str, other: str) -> float:
    """How alike two names are, 0 to 1: Dice's share of the pairs of characters in both."""
    pairs, others = _pairs(one), _pairs(other)
    both = sum((pairs & others).values())
    return 2 * both / max(1, sum(pairs.values()) + sum(others.values()))


def folded(name: str) -> str:
    """Letters and digits alone, small, plain: what makes two writings one name."""
    return "".join(filter(str.isalnum, name.translate(PLAIN))).lower()


def _pairs(name: str) -> Counter[str]:
    text = f" {folded(name)} "
    return Counter(text[i : i + 2] for i in range(len(text) - 1))
