"""Papers of a company: licences, contracts, receipts, letters of authority, identity cards."""

from datetime import date

from tests.bench.forms.drawing import A4, A4_WIDE, GREY, Sheet
from tests.bench.forms.facts import Facts, Truth, capitals, grouped, money

SCOPE = (
    "智能仓储设备、自动化控制系统的研发、设计、制造、销售；计算机软硬件的开发与销售；"
    "货物及技术进出口业务；道路货物运输。（依法须经批准的项目，经相关部门批准后方可开展经营活动）"
)
TYPES = ("有限责任公司(自然人投资或控股)", "有限责任公司（法人独资）", "股份有限公司(非上市)")


def _licence(facts: Facts) -> tuple[dict[str, str], str]:
    """What a business licence says, and its term as printed."""
    founded = facts.day(2005, 2018)
    registered = facts.day(2019, 2024)
    ends = founded.replace(year=founded.year + 30, day=min(founded.day, 28))
    millions = facts.chance.choice((100, 500, 1000, 3050))
    written = facts.pick(
        f"{capitals_of(millions)}元整", f"{millions}万元人民币", f"人民币{millions}.00万元"
    )
    told = {
        "name": facts.company(), "credit_code": facts.credit_code(),
        "type": facts.pick(*TYPES), "legal_representative": facts.person(),
        "capital": f"{millions * 10_000}.00", "capital as printed": written,
        "founded_on": f"{founded}", "registered_on": f"{registered}", "valid_to": f"{ends}",
        "address": facts.address(), "scope": SCOPE,
        "registrar": f"{facts.city()[:3]}市场监督管理局",
    }  # fmt: skip
    term = f"{founded:%Y年%m月%d日}至{ends:%Y年%m月%d日}"
    return told, term


def capitals_of(millions: int) -> str:
    return {100: "壹佰万", 500: "伍佰万", 1000: "壹仟万", 3050: "叁仟零伍拾万"}[millions]


def _licence_truth(told: dict[str, str], *missing: str) -> Truth:
    left_out = {"capital as printed", *missing}
    return Truth("licence", {name: v for name, v in told.items() if name not in left_out})


def licence_landscape(facts: Facts) -> tuple[Sheet, Truth]:
    """The lying licence of 2019: two columns, no colons, the registrar only in the seal."""
    sheet, (told, term) = Sheet(A4_WIDE), _licence(facts)
    founded = f"{_day(told['founded_on']):%Y年%m月%d日}"
    sheet.box(30, 30, 1694, 1180)
    sheet.middle(120, "营 业 执 照", 64)
    sheet.middle(215, facts.pick("（副本）", "（副 本）"), 30)
    sheet.write(120, 190, "统一社会信用代码", 22)
    sheet.write(120, 225, told["credit_code"], 26)
    left = (("名    称", "name"), ("类    型", "type"), ("法定代表人", "legal_representative"))
    for row, (label, name) in enumerate(left):
        sheet.write(130, 340 + 70 * row, label, 24)
        sheet.write(310, 340 + 70 * row, told[name], 24)
    sheet.write(130, 550, "经营范围", 24)
    sheet.paragraph(310, 550, told["scope"], 600, 22)
    right = (
        ("注册资本", told["capital as printed"]),
        ("成立日期", founded),
        ("营业期限", term), ("住    所", told["address"]),
    )  # fmt: skip
    for row, (label, text) in enumerate(right):
        sheet.write(980, 340 + 70 * row, label, 24)
        sheet.write(1130, 340 + 70 * row, text, 22)
    sheet.write(1200, 900, "登记机关", 26)
    year, month, day = told["registered_on"].split("-")
    sheet.write(1180, 1040, f"{year} 年 {month} 月 {day} 日", 24)
    sheet.seal(1290, 960, told["registrar"])
    return sheet, _licence_truth(told, "registrar")


def licence_portrait(facts: Facts) -> tuple[Sheet, Truth]:
    """The standing licence: one column, a long address over two lines."""
    sheet, (told, term) = Sheet(A4, "kai"), _licence(facts)
    founded = f"{_day(told['founded_on']):%Y年%m月%d日}"
    sheet.middle(200, "营业执照", 80)
    sheet.middle(310, f"统一社会信用代码  {told['credit_code']}", 28)
    is_endless = facts.chance.random() < 0.5
    rows = (
        ("名 称", told["name"]), ("类 型", told["type"]), ("住 所", told["address"]),
        ("法定代表人", told["legal_representative"]), ("注册资本", told["capital as printed"]),
        ("成立日期", founded),
        ("营业期限", term.split("至")[0] + "至长期" if is_endless else term),
        ("经营范围", told["scope"]),
    )  # fmt: skip
    y = 430
    for label, text in rows:
        sheet.write(160, y, label, 28)
        y = max(sheet.paragraph(380, y, text, 640, 28), y + 66)
    sheet.write(700, y + 120, "登记机关  " + told["registrar"], 28)
    sheet.write(720, y + 200, facts.written(_day(told["registered_on"])), 28)
    sheet.seal(820, y + 190, told["registrar"])
    if is_endless:
        told["valid_to"] = "长期"
    return sheet, _licence_truth(told)


def permit(facts: Facts) -> tuple[Sheet, Truth]:
    """A trade permit: labels with colons, its term as one date, no capital."""
    sheet, (told, _) = Sheet(A4), _licence(facts)
    title = facts.pick("道路运输经营许可证", "危险化学品经营许可证", "食品经营许可证")
    goods = "预包装食品销售，散装食品销售"
    sheet.middle(180, title, 60)
    sheet.middle(270, f"许可证编号：JY{facts.digits(14)}", 24)
    rows = (
        ("经营者名称：", told["name"]), ("社会信用代码：", told["credit_code"]),
        ("法定代表人：", told["legal_representative"]), ("住所：", told["address"]),
        ("经营场所：", told["address"]), ("经营项目：", goods),
        ("有效期至：", facts.written(_day(told["valid_to"]))), ("发证机关：", told["registrar"]),
        ("发证日期：", facts.written(_day(told["registered_on"]))),
    )  # fmt: skip
    for row, (label, text) in enumerate(rows):
        end = sheet.write(200, 400 + 90 * row, label, 28)
        sheet.write(max(end, 430), 400 + 90 * row, text, 28)
    sheet.seal(650, 1080, told["registrar"])
    told["scope"] = goods
    return sheet, _licence_truth(told, "type", "capital", "founded_on")


def licence_of_old(facts: Facts) -> tuple[Sheet, Truth]:
    """A ruled copy with the registrar printed and labels in cells, as provinces drew their own."""
    sheet, (told, term) = Sheet(A4, "kai"), _licence(facts)
    sheet.middle(140, "企业法人营业执照", 56)
    sheet.middle(220, "(副 本)", 30)
    sheet.write(700, 280, f"注册号/统一社会信用代码：{told['credit_code']}", 20)
    rows = (
        ("企业名称", told["name"]), ("住所(地址)", told["address"]),
        ("法定代表人姓名", told["legal_representative"]), ("公司类型", told["type"]),
        ("注册资本", told["capital as printed"]),
        ("成立日期", facts.written(_day(told["founded_on"]))), ("经营期限", f"自{term}"),
    )  # fmt: skip
    y = sheet.table(130, 340, (260, 720), rows, height=70, size=26)
    sheet.box(130, y, 980, 260)
    sheet.write(140, y + 20, "经营范围", 26)
    sheet.paragraph(400, y + 20, told["scope"], 690, 24)
    sheet.write(700, y + 330, told["registrar"], 28)
    sheet.write(740, y + 400, facts.written(_day(told["registered_on"])), 28)
    sheet.seal(850, y + 380, told["registrar"])
    return sheet, _licence_truth(told)


def contract_prose(facts: Facts) -> tuple[Sheet, Truth]:
    """Clauses of running text; amount in capitals and figures; signed at the foot."""
    sheet, (first, second) = Sheet(), facts.two()
    subject = facts.pick("设备采购", "仓储服务", "货物运输", "技术服务", "产品购销")
    number, amount, signed = facts.number("HT"), facts.amount(), facts.day(2018, 2024)
    begins, ends = facts.day(2018, 2020), facts.day(2022, 2026)
    sheet.middle(110, f"{subject}合同", 48)
    sheet.write(800, 190, f"合同编号：{number}", 22)
    roles = facts.chance.choice((("甲方", "乙方"), ("买方", "卖方"), ("委托方", "受托方")))
    for row, (role, name) in enumerate(zip(roles, (first, second), strict=True)):
        sheet.write(130, 250 + 100 * row, f"{role}：{name}", 24)
        sheet.write(130, 298 + 100 * row, f"地址：{facts.address()}", 22)
    clauses = (
        "根据《中华人民共和国民法典》及有关法律法规的规定，双方经友好协商，订立本合同。",
        f"第一条 价款：本合同总金额为人民币{capitals(amount)}（¥{grouped(amount)}），含税。",
        "第二条 付款方式：合同签订后七个工作日内支付30%，验收合格后支付其余款项。",
        f"第三条 本合同有效期自{facts.written(begins)}起至{facts.written(ends)}止。",
        "第四条 违约责任：逾期付款的，每逾期一日按万分之五支付违约金。",
        "第五条 争议解决：协商不成的，提交合同签订地人民法院解决。本合同一式四份。",
    )
    y = 470
    for clause in clauses:
        y = sheet.paragraph(130, y, clause, 980) + 14
    for column, (role, name) in enumerate(zip(roles, (first, second), strict=True)):
        sheet.write(130 + 540 * column, y + 80, f"{role}（盖章）：", 22)
        sheet.write(130 + 540 * column, y + 130, name, 22)
        sheet.write(130 + 540 * column, y + 180, "签字：", 22)
    sheet.write(130, y + 260, f"签订日期：{facts.written(signed)}", 22)
    sheet.seal(300, y + 150, first)
    parties = [{"name": n, "role": r} for n, r in zip((first, second), roles, strict=True)]
    return sheet, Truth("contract", {
        "parties": parties, "contract_number": number, "signed_on": f"{signed}",
        "valid_from": f"{begins}", "valid_to": f"{ends}", "amount": money(amount),
        "currency": "CNY", "subject": subject,
    })  # fmt: skip


def contract_form(facts: Facts) -> tuple[Sheet, Truth]:
    """A factory's form: supplier and customer in two columns, goods in a table."""
    sheet, (first, second) = Sheet(face=facts.pick("hei", "kai")), facts.two()
    number, signed = facts.number("XS"), facts.day(2018, 2024)
    quantity, price = facts.chance.randint(20, 400), facts.amount(50, 900)
    amount = quantity * price
    sheet.middle(100, "工矿产品购销合同", 46)
    sheet.write(130, 200, f"供方：{first}", 22)
    sheet.write(730, 200, f"合同编号：{number}", 22)
    sheet.write(130, 250, f"需方：{second}", 22)
    sheet.write(730, 250, f"签订时间：{facts.written(signed)}", 22)
    sheet.write(730, 300, f"签订地点：{facts.city()}", 22)
    rows = (
        ("产品名称", "规格型号", "单位", "数量", "单价", "金额"),
        ("镀锌角钢", "50×50×5", "件", f"{quantity}", f"{money(price)}", f"{money(amount)}"),
        ("合计", "", "", f"{quantity}", "", f"{money(amount)}"),
    )
    y = sheet.table(130, 370, (220, 180, 90, 120, 160, 200), rows)
    sheet.box(130, y, 970, 50)
    sheet.write(140, y + 12, f"合计人民币金额（大写）：{capitals(amount)}", 20)
    y += 80
    for clause in (
        "一、质量要求：按国家标准执行。", "二、交货地点：需方仓库，运费由供方承担。",
        "三、结算方式：货到验收合格后三十日内付款。", "四、违约责任：按民法典有关规定执行。",
        "五、解决纠纷的方式：协商解决，协商不成由需方所在地人民法院管辖。本合同一式两份。",
    ):  # fmt: skip
        y = sheet.paragraph(130, y, clause, 980, 22) + 8
    for column, (role, name) in enumerate((("供方", first), ("需方", second))):
        sheet.box(130 + 485 * column, y + 40, 485, 230)
        sheet.write(150 + 485 * column, y + 60, f"单位名称(章)：{name}", 20)
        sheet.write(150 + 485 * column, y + 110, f"单位地址：{facts.address()}", 20)
        sheet.write(150 + 485 * column, y + 160, f"法定代表人：{facts.person()}", 20)
        sheet.write(150 + 485 * column, y + 210, f"电话：021-{facts.digits(8)}", 20)
        assert role
    return sheet, Truth("contract", {
        "parties": [{"name": first, "role": "供方"}, {"name": second, "role": "需方"}],
        "contract_number": number, "signed_on": f"{signed}", "amount": money(amount),
        "currency": "CNY", "subject": "工矿产品购销",
    })  # fmt: skip


def contract_english(facts: Facts) -> tuple[Sheet, Truth]:
    """A sales contract in English with Chinese beside it."""
    sheet, seller, buyer = Sheet(), facts.exporter(), facts.foreign()
    number, signed, amount = facts.number("SC"), facts.day(2018, 2024), facts.amount(9_000)
    sheet.middle(90, "SALES CONTRACT", 42)
    sheet.middle(150, "销售合同", 36)
    sheet.write(760, 220, f"Contract No.: {number}", 22)
    sheet.write(760, 260, f"Date: {facts.english(signed)}", 22)
    sheet.write(130, 320, f"The Seller: {seller}", 22)
    sheet.write(130, 360, "Address: No. 668 Tiantong North Road, China", 22)
    sheet.write(130, 410, f"The Buyer: {buyer}", 22)
    sheet.write(130, 450, "Address: Hafenstrasse 41, 47119 Duisburg", 22)
    y = sheet.paragraph(
        130, 520, "The Seller agrees to sell and the Buyer agrees to buy the undermentioned "
        "goods on the terms and conditions stated below:", 980, 22,
    )  # fmt: skip
    rows = (
        ("Commodity", "Quantity", "Unit Price", "Amount"),
        ("Cotton Towel 70x140cm", "4800 PCS", "USD 3.15", f"USD {grouped(amount)}"),
    )
    y = sheet.table(130, y + 20, (400, 180, 180, 220), rows)
    for clause in (
        f"1. Total Amount: USD {grouped(amount)}",
        "2. Shipment: from Ningbo, China.",
        "3. Payment: by irrevocable L/C at sight.",
        "4. Arbitration: all disputes shall be submitted to CIETAC for arbitration.",
    ):
        y = sheet.paragraph(130, y + 24, clause, 980, 22)
    sheet.write(160, y + 120, "THE SELLER", 22)
    sheet.write(760, y + 120, "THE BUYER", 22)
    parties = [{"name": seller, "role": "The Seller"}, {"name": buyer, "role": "The Buyer"}]
    return sheet, Truth("contract", {
        "parties": parties, "contract_number": number, "signed_on": f"{signed}",
        "amount": money(amount), "currency": "USD", "subject": None,
    })  # fmt: skip


def lease(facts: Facts) -> tuple[Sheet, Truth]:
    """A lease whose parties are called again in brackets, whose rent is not its amount."""
    sheet, (first, second) = Sheet(face="kai"), facts.two()
    number, amount, signed = facts.number("ZL"), facts.amount(20_000), facts.day(2018, 2021)
    begins, ends = facts.day(2021, 2021), facts.day(2024, 2026)
    sheet.middle(120, "仓库租赁合同书", 48)
    sheet.write(140, 210, f"编号：{number}", 22)
    sheet.write(140, 280, f"出租人（以下简称甲方）：{first}", 25)
    sheet.write(140, 330, f"承租人（以下简称乙方）：{second}", 25)
    clauses = (
        "依照《中华人民共和国民法典》，甲乙双方就仓库租赁事宜协商一致，签订本合同。",
        "一、租赁物：位于凌港路19号的三号仓库，建筑面积共计2460.5平方米。",
        f"二、租赁期限：自{facts.written(begins)}起至{facts.written(ends)}止。",
        f"三、合同总价：租金总额（大写）人民币{capitals(amount)}，¥{grouped(amount)}元，按季度支付。",
        "四、押金：乙方应于签约当日向甲方支付押金人民币贰万元整。",
        "五、维修：房屋主体结构由甲方负责维修。", "六、本合同一式两份，双方各执一份。",
    )  # fmt: skip
    y = 420
    for clause in clauses:
        y = sheet.paragraph(140, y, clause, 960, 25) + 10
    for column, (role, name) in enumerate((("甲方", first), ("乙方", second))):
        sheet.write(140 + 520 * column, y + 80, f"{role}（签章）", 24)
        sheet.write(140 + 520 * column, y + 130, name, 22)
        sheet.write(140 + 520 * column, y + 180, facts.written(signed), 22)
    sheet.seal(760, y + 150, second)
    return sheet, Truth("contract", {
        "parties": [{"name": first, "role": "出租人"}, {"name": second, "role": "承租人"}],
        "contract_number": number, "signed_on": f"{signed}", "valid_from": f"{begins}",
        "valid_to": f"{ends}", "amount": money(amount), "currency": "CNY", "subject": "仓库租赁",
    })  # fmt: skip


def receipt(facts: Facts) -> tuple[Sheet, Truth]:
    """收据, filled in: received from whom, how much, for what."""
    sheet, payer, payee = Sheet((1240, 640)), facts.company(), facts.company()
    amount, day, number = facts.amount(100, 90_000), facts.day(2018, 2024), facts.digits(7)
    sheet.middle(50, "收 款 收 据", 48)
    sheet.write(900, 110, f"No. {number}", 24)
    sheet.write(420, 150, f"日期：{facts.written(day)}", 22)
    sheet.box(120, 190, 1000, 330)
    sheet.write(150, 220, f"今收到：{payer}", 24)
    sheet.write(150, 290, "交来：运输保证金", 24)
    sheet.write(150, 360, f"人民币（大写）：{capitals(amount)}", 24)
    sheet.write(850, 360, f"¥{money(amount)}", 24)
    sheet.write(150, 440, f"收款单位：{payee}", 24)
    sheet.write(850, 440, f"收款人：{facts.person()}", 24)
    sheet.seal(640, 440, payee, 80)
    return sheet, Truth("receipt", {
        "receipt_number": number, "issued_on": f"{day}", "payer": payer, "payee": payee,
        "amount": money(amount),
    })  # fmt: skip


def authority(facts: Facts) -> tuple[Sheet, Truth]:
    """法人授权委托书, in running text; the agent's number must not be shown whole."""
    sheet, principal, agent = Sheet(face=facts.pick("hei", "kai")), facts.company(), facts.person()
    identity, signed, ends = facts.identity(), facts.day(2018, 2022), facts.day(2023, 2026)
    sheet.middle(140, facts.pick("法人授权委托书", "授权委托书"), 46)
    y = sheet.paragraph(150, 260, f"委托单位：{principal}", 940)
    y = sheet.paragraph(150, y + 10, f"法定代表人：{facts.person()}", 940)
    y = sheet.paragraph(150, y + 10, f"受托人：{agent}", 940)
    y = sheet.paragraph(150, y + 10, f"身份证号码：{identity}", 940)
    y = sheet.paragraph(
        150, y + 30, "现委托上述受托人作为我单位代理人，办理货物提取及结算事宜。代理人在授权范围内"
        "签署的一切文件，我单位均予以承认。代理人无转委托权。", 940,
    )  # fmt: skip
    y = sheet.paragraph(150, y + 10, f"委托期限：自签署之日起至{facts.written(ends)}止。", 940)
    sheet.write(640, y + 80, f"委托单位（盖章）：{principal}", 22)
    sheet.write(740, y + 150, facts.written(signed), 22)
    sheet.seal(860, y + 130, principal)
    return sheet, Truth("authority", {
        "principal": principal, "agent": agent, "identity_number": masked(identity),
        "valid_to": f"{ends}", "signed_on": f"{signed}",
    })  # fmt: skip


def masked(identity: str) -> str:
    return identity[:3] + "*" * 11 + identity[-4:]


def identity_card(facts: Facts) -> tuple[Sheet, Truth]:
    """Both sides of an identity card copied onto one page."""
    sheet, name, number = Sheet(), facts.person(), facts.identity()
    begins = facts.day(2010, 2020)
    ends = begins.replace(year=begins.year + 20, day=min(begins.day, 28))
    sheet.box(250, 200, 740, 460)
    born = f"{number[6:10]} 年 {int(number[10:12])} 月 {int(number[12:14])} 日"
    rows = (
        ("姓 名", name),
        ("性 别", "男   民 族 汉"),
        ("出 生", born),
        ("住 址", facts.address()),
    )
    for row, (label, text) in enumerate(rows):
        sheet.write(290, 240 + 75 * row, label, 22, ink=GREY)
        sheet.write(390, 240 + 75 * row, text, 24)
    sheet.write(290, 600, "公民身份号码", 22, ink=GREY)
    sheet.write(480, 596, number, 28)
    sheet.box(250, 800, 740, 460)
    sheet.middle(850, "中华人民共和国", 36)
    sheet.middle(920, "居 民 身 份 证", 44)
    sheet.write(330, 1100, f"签发机关  {facts.city()[:3]}公安局", 24)
    sheet.write(330, 1160, f"有效期限  {begins:%Y.%m.%d}-{ends:%Y.%m.%d}", 24)
    return sheet, Truth("identity", {
        "name": name, "identity_number": masked(number),
        "valid_from": f"{begins}", "valid_to": f"{ends}",
    })  # fmt: skip


def notice(facts: Facts) -> tuple[Sheet, Truth]:
    """A notice that speaks of contracts and licences and is neither."""
    sheet = Sheet(face="kai")
    sheet.middle(140, "关于开展道路货运企业安全检查的通知", 38)
    y = sheet.paragraph(
        150, 280, "各有关单位：为进一步加强安全管理，决定对持有营业执照和道路运输经营许可证的"
        "企业开展专项检查，重点检查运输合同、运单管理情况。请于月底前报送自查表。", 940,
    )  # fmt: skip
    sheet.write(740, y + 120, f"{facts.city()[:3]}交通运输局", 24)
    sheet.write(760, y + 170, facts.written(facts.day()), 24)
    return sheet, Truth("other")


def quotation(facts: Facts) -> tuple[Sheet, Truth]:
    """A price list with a number, a customer and sums, and no contract."""
    sheet = Sheet()
    sheet.middle(120, "产品报价单", 46)
    sheet.write(130, 220, f"客户：{facts.company()}", 24)
    sheet.write(800, 220, f"报价编号：QT-{facts.digits(6)}", 22)
    rows = [("产品名称", "规格", "单价", "数量", "金额")]
    rows += [("散热铝型材", f"SR-{n}", "16.40", f"{n}", f"{16.4 * n:.2f}") for n in (120, 260, 45)]
    y = sheet.table(130, 300, (260, 200, 160, 140, 200), rows)
    sheet.paragraph(130, y + 30, "以上报价含13%增值税，不含运费；付款方式为月结60天。", 960)
    return sheet, Truth("other")


def _day(iso: str) -> date:
    return date.fromisoformat(iso)
