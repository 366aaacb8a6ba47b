"""Facts: invented names, numbers, dates and amounts, in the forms in which papers write them."""

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from stdnum import iso6346
from stdnum.cn import ric, uscc

CITIES = {
    "上海市浦东新区": "310115", "宁波市鄞州区": "330212", "无锡市锡山区": "320205",
    "深圳市盐田区": "440308", "青岛市黄岛区": "370211", "成都市锦江区": "510104",
}  # fmt: skip
BRANDS = (
    "恒岳",
    "澄海",
    "青禾",
    "锦程",
    "瑞禾",
    "墨白",
    "东篱",
    "岚图",
    "聚源",
    "鑫诚",
    "华扬",
    "金桥",
)
TRADES = ("精密机械", "国际物流", "智能装备", "纺织品", "供应链管理", "电子科技", "进出口", "建材")
ENDS = ("有限公司", "有限责任公司", "股份有限公司", "集团有限公司")
FOREIGN = (
    "ATLAS HOME DECOR LLC", "RHEINLAND HANDELS GMBH", "MANILA ROOFING CORP.",
    "NORTHGATE MARINE SUPPLIES LTD.", "PACIFIC TRADE PTE. LTD.", "OSAKA TEXTILE CO., LTD.",
    "ANDES SOLAR S.A.", "BLUE HARBOR IMPORTS INC.",
)  # fmt: skip
EXPORTERS = (
    "NINGBO HUAYANG TEXTILE CO., LTD.", "QINGDAO BLUEWAVE TRADING CO., LTD.",
    "SHENZHEN LANTU SUPPLY CHAIN CO., LTD.", "WUXI QINGHE EQUIPMENT CO., LTD.",
)  # fmt: skip
SURNAMES, GIVEN = (
    "顾蒋范罗沈周潘陶章欧林郑",
    ("文瀚", "若溪", "志远", "小曼", "雨桐", "建国", "思远", "明哲"),
)
MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September",
          "October", "November", "December")  # fmt: skip


@dataclass
class Truth:
    """What a drawn paper says, by the names of the contract."""

    kind: str
    fields: dict[str, object] = field(default_factory=dict)


class Facts:
    """Chance with the manners of an office."""

    def __init__(self, seed: int, regulars: Sequence[str] = ()) -> None:
        self.chance = random.Random(seed)
        self._regulars = regulars

    def pick(self, *ones: str) -> str:
        return self.chance.choice(ones)

    def city(self) -> str:
        return self.chance.choice(list(CITIES))

    def company(self) -> str:
        """Anybody's name, or one of the regulars'."""
        if self._regulars:
            return self.pick(*self._regulars)
        return f"{self.city()[:2]}{self.pick(*BRANDS)}{self.pick(*TRADES)}{self.pick(*ENDS)}"

    def two(self) -> tuple[str, str]:
        first = self.company()
        while (second := self.company()) == first:
            pass
        return first, second

    def foreign(self) -> str:
        return self.pick(*FOREIGN)

    def exporter(self) -> str:
        return self.pick(*EXPORTERS)

    def person(self) -> str:
        return self.pick(*SURNAMES) + self.pick(*GIVEN)

    def address(self) -> str:
        street = self.pick("丹山路", "深盐路", "凌港路", "创业大道", "文三路")
        number = self.chance.randint(2, 890)
        return f"{self.city()}{street}{number}号{self.chance.randint(2, 30)}楼"

    def digits(self, count: int) -> str:
        return "".join(self.chance.choices("0123456789", k=count))

    def credit_code(self) -> str:
        where = self.chance.choice(list(CITIES.values()))
        own = "MA" + "".join(self.chance.choices("0123456789ABCDEFGHJKLMNPQRTUWXY", k=6))
        body = f"91{where}{own}{self.digits(1)}"
        return body + uscc.calc_check_digit(body)

    def identity(self) -> str:
        body = self.chance.choice(list(CITIES.values())) + f"{self.day(1960, 1999):%Y%m%d}"
        body += self.digits(3)
        return body + ric.calc_check_digit(body + "0")

    def container(self) -> str:
        body = self.pick("CSQU", "MSCU", "TGHU", "EGHU", "OOLU") + self.digits(6)
        return body + iso6346.calc_check_digit(body)

    def number(self, prefix: str) -> str:
        """A house's own number: HY-2023-SC-00417."""
        year = self.chance.randint(2018, 2025)
        form = self.pick("{p}-{y}-{a}-{n}", "{p}{y}{n}", "{p}-{y}{n}", "{p}{y}-{n}")
        return form.format(p=prefix, y=year, a=self.pick("SC", "CG", "XS"), n=self.digits(4))

    def day(self, first: int = 2015, last: int = 2025) -> date:
        start = date(first, 1, 1)
        return start + timedelta(days=self.chance.randrange((date(last, 12, 31) - start).days))

    def written(self, day: date) -> str:
        """The day as a Chinese paper writes it."""
        form = self.chance.randrange(7)
        return (
            f"{day.year}年{day.month}月{day.day}日", f"{day.year}年{day.month:02}月{day.day:02}日",
            f"{day.year} 年 {day.month} 月 {day.day} 日", f"{day}", f"{day:%Y/%m/%d}",
            f"{day.year}.{day.month}.{day.day}", in_chinese(day),
        )[form]  # fmt: skip

    def english(self, day: date) -> str:
        month = MONTHS[day.month - 1]
        form = self.chance.randrange(4)
        return (
            f"{month} {day.day}, {day.year}", f"{day.day:02} {month[:3].upper()} {day.year}",
            f"{day}", f"{month[:3].upper()}. {day.day}, {day.year}",
        )[form]  # fmt: skip

    def amount(self, low: int = 800, high: int = 3_000_000) -> Decimal:
        whole = self.chance.randint(low, high)
        cents = self.chance.choice((0, 0, self.chance.randrange(100)))
        rounded = whole // 100 * 100 if whole > 2_000 and not cents else whole
        return Decimal(rounded) + Decimal(cents) / 100


def money(value: Decimal) -> str:
    return f"{value:.2f}"


def grouped(value: Decimal) -> str:
    return f"{value:,.2f}"


def in_chinese(day: date) -> str:
    """二〇二四年五月二十日."""
    digits = "〇一二三四五六七八九"
    year = "".join(digits[int(one)] for one in str(day.year))
    return f"{year}年{_few(day.month)}月{_few(day.day)}日"


def _few(number: int) -> str:
    tens, ones = divmod(number, 10)
    digits = "〇一二三四五六七八九"
    before = "" if tens == 0 else "十" if tens == 1 else digits[tens] + "十"
    return before + (digits[ones] if ones else "")


def capitals(value: Decimal) -> str:
    """壹拾贰万叁仟元整, as the rules for bills of exchange write it."""
    whole, cents = divmod(int(value * 100), 100)
    written = _whole(whole) + "元"
    jiao, fen = divmod(cents, 10)
    digits = "零壹贰叁肆伍陆柒捌玖"
    if not cents:
        return written + "整"
    written += digits[jiao] + "角" if jiao else "零"
    return written + (digits[fen] + "分" if fen else "整")


def _whole(number: int) -> str:
    digits, written = "零壹贰叁肆伍陆柒捌玖", ""
    for unit, size in (("亿", 10**8), ("万", 10**4), ("", 1)):
        group = number // size % 10**4
        if not group:
            continue
        if written and group < 1000:
            written += "零"
        zero = False
        for power, name in ((1000, "仟"), (100, "佰"), (10, "拾"), (1, "")):
            figure = group // power % 10
            if figure:
                written += ("零" if zero else "") + digits[figure] + name
                zero = False
            elif group >= power:
                zero = True
        written += unit
    return written
