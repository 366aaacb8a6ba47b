"""Sample papers: invented licences, contracts, waybills and invoices, drawn as PDF pages.

Everything on them is made up. The same seed gives the same papers.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO

from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas
from stdnum.cn import uscc

from labels import fonts
from labels.fonts import Font

MARGIN = 64.0
LINE = 21.0
PER_LINE = 40

PLACES = (
    "上海",
    "宁波",
    "苏州",
    "青岛",
    "厦门",
    "成都",
    "武汉",
    "天津",
    "佛山",
    "合肥",
    "无锡",
    "烟台",
)
NAMES = (
    "远帆",
    "恒岳",
    "澄海",
    "青禾",
    "鑫诚",
    "聚源",
    "宏钢",
    "瑞丰",
    "博达",
    "兴隆",
    "嘉禾",
    "金桥",
)
TRADES = ("国际贸易", "精密机械", "物流", "智能装备", "五金制品", "新材料")
PEOPLE = ("顾文瀚", "范志远", "罗小曼", "潘建国", "沈若溪", "韩立群", "唐婉清", "邹明哲")
GOODS = ("不锈钢法兰盘", "镀锌角钢", "全自动分拣输送线", "聚氨酯密封胶", "棉质印花布", "工业减速机")
CLAUSES = (
    "第一条 标的物：甲方向乙方提供{goods}共{count}件，随货附带合格证及使用说明书各一份。",
    "第二条 价款：本合同总价为人民币（¥{amount}），该价格已包含13%增值税、包装费及运输费。",
    "第三条 付款方式：合同签订后七个工作日内，乙方支付合同总价的30%作为预付款；"
    "货到验收合格之日起三十日内付清余款。",
    "第四条 交付：甲方应于{delivery}前将货物运至{place}，由乙方指定的仓库签收。",
    "第五条 质量保证：质量保证期为验收合格之日起十二个月，"
    "期内因制造原因发生的损坏由甲方无偿修复或更换。",
    "第六条 违约责任：任何一方逾期履行的，每逾期一日按合同总价的万分之五向对方支付违约金。",
    "第七条 保密：双方对因履行本合同知悉的商业秘密负有保密义务，该义务不因合同终止而解除。",
    "第八条 争议解决：因本合同发生的争议，双方协商解决；协商不成的，提交{place}仲裁委员会仲裁。",
    "第九条 本合同一式两份，双方各执一份，自双方盖章之日起生效，有效期至{until}。",
)


@dataclass(frozen=True)
class Paper:
    """A drawn paper: its file, and what a clerk would say of it."""

    name: str
    kind: str
    party: str
    pdf: bytes


@dataclass(frozen=True)
class Company:
    """An invented customer."""

    name: str
    credit_code: str
    place: str
    head: str


def companies(count: int, seed: int = 1) -> list[Company]:
    """Invented companies, each with a credit code whose check character fits."""
    chance = random.Random(seed)  # noqa: S311 - nothing here is secret
    names = [(place, name) for place in PLACES for name in NAMES]
    made = []
    for place, name in chance.sample(names, count):
        body = f"9131{chance.randrange(10**4):04d}MA1K{chance.randrange(10**5):05d}"
        code = body + uscc.calc_check_digit(body)
        full = f"{place}{name}{chance.choice(TRADES)}有限公司"
        made.append(Company(full, code, place, chance.choice(PEOPLE)))
    return made


def papers(owner: str, count: int = 14, seed: int = 1) -> Iterator[Paper]:
    """A licence, three contracts, two waybills and two invoices of each company with `owner`."""
    chance = random.Random(seed)  # noqa: S311
    for number, company in enumerate(companies(count, seed), 1):
        yield _paper(f"营业执照-{number:02d}.pdf", "licence", company, _licence(company))
        for year in (2023, 2024, 2024):
            serial = f"HT-{year}-{chance.randrange(10**4):04d}"
            lines = _contract(company, owner, serial, year, chance)
            yield _paper(f"合同-{serial}.pdf", "contract", company, lines)
        for _ in range(2):
            serial = f"YD2024{chance.randrange(1, 13):02d}{chance.randrange(10**6):06d}"
            lines = _waybill(company, owner, serial, chance)
            yield _paper(f"运单-{serial}.pdf", "waybill", company, lines)
            serial = f"{chance.randrange(10**8):08d}"
            lines = _invoice(company, owner, serial, chance)
            yield _paper(f"发票-{serial}.pdf", "invoice", company, lines)


def _licence(company: Company) -> list[str]:
    return [
        "营业执照",
        f"统一社会信用代码：{company.credit_code}",
        f"名称：{company.name}",
        "类型：有限责任公司（自然人投资或控股）",
        f"法定代表人：{company.head}",
        "注册资本：伍佰万元整",
        "成立日期：2016年04月18日",
        f"住所：{company.place}市高新区创业路88号3幢1205室",
        "经营范围：货物进出口；技术进出口；机械设备销售；金属材料销售；普通货物仓储服务。",
        f"登记机关：{company.place}市市场监督管理局",
    ]


def _contract(
    company: Company, owner: str, serial: str, year: int, chance: random.Random
) -> list[str]:
    month, day = chance.randrange(1, 13), chance.randrange(1, 29)
    told = {
        "goods": chance.choice(GOODS),
        "count": chance.randrange(10, 900),
        "amount": f"{chance.randrange(20, 4000) * 500:,}.00",
        "delivery": f"{year + 1}年{month}月{day}日",
        "place": company.place,
        "until": f"{year + 1}年12月31日",
    }
    return [
        "购销合同",
        f"合同编号：{serial}",
        f"甲方（供方）：{owner}",
        f"乙方（需方）：{company.name}",
        f"签订地点：{company.place}市",
        f"签订日期：{year}年{month}月{day}日",
        "根据《中华人民共和国民法典》及有关法律法规的规定，甲乙双方本着平等自愿、诚实信用的原则，达成如下协议，以资共同遵守。",
        *(clause.format(**told) for clause in CLAUSES),
    ]


def _waybill(company: Company, owner: str, serial: str, chance: random.Random) -> list[str]:
    return [
        "公路货物运输托运单",
        f"托运单号：{serial}",
        f"托运日期：2024年{chance.randrange(1, 13)}月{chance.randrange(1, 29)}日",
        f"托运人：{owner}",
        f"收货人：{company.name}",
        f"货物名称：{chance.choice(GOODS)}",
        f"件数：{chance.randrange(2, 300)}件",
        f"重量：{chance.randrange(80, 9000)}千克",
        f"卸货地址：{company.place}市港区路{chance.randrange(1, 300)}号",
        "付款方式：货到付款，凭回单结算",
    ]


def _invoice(company: Company, owner: str, serial: str, chance: random.Random) -> list[str]:
    amount = chance.randrange(20, 4000) * 50
    return [
        "增值税专用发票",
        f"发票号码：{serial}",
        f"开票日期：2024年{chance.randrange(1, 13):02d}月{chance.randrange(1, 29):02d}日",
        f"购买方名称：{company.name}",
        f"购买方统一社会信用代码：{company.credit_code}",
        f"销售方名称：{owner}",
        f"货物名称：{chance.choice(GOODS)}",
        f"价税合计：¥{amount:,}.00",
    ]


def _paper(name: str, kind: str, company: Company, lines: list[str]) -> Paper:
    target = BytesIO()
    canvas = Canvas(target, pagesize=A4, invariant=1)
    regular, bold = fonts.load("regular"), fonts.load("bold")
    _, height = A4
    _write(canvas, bold, lines[0], A4[0] / 2 - bold.width(lines[0], 22) / 2, height - 90, 22)
    y = height - 140
    for line in (part for whole in lines[1:] for part in _wrapped(whole)):
        _write(canvas, regular, line, MARGIN, y, 11.5)
        y -= LINE
    canvas.save()
    return Paper(name, kind, company.name, target.getvalue())


def _wrapped(line: str) -> list[str]:
    return [line[start : start + PER_LINE] for start in range(0, len(line), PER_LINE)]


def _write(canvas: Canvas, font: Font, line: str, x: float, y: float, size: float) -> None:
    text = canvas.beginText(x, y)
    for run in font.runs(line):
        text.setFont(run.font, size)
        text.textOut(run.text)
    canvas.drawText(text)
