"""Papers of trade: waybills, bills of lading, customs declarations, invoices."""

from decimal import Decimal

from tests.bench.forms.drawing import A4, A4_WIDE, Sheet
from tests.bench.forms.facts import Facts, Truth, capitals, grouped, money

PORTS = ("NINGBO, CHINA", "SHANGHAI, CHINA", "QINGDAO, CHINA", "YANTIAN, CHINA")
FAR_PORTS = ("LOS ANGELES, USA", "HAMBURG, GERMANY", "SAN ANTONIO, CHILE", "MANILA, PHILIPPINES")
VESSELS = ("COSCO ARIES", "EVER GIVEN", "MSC OSCAR", "OOCL TOKYO")


def _weight(facts: Facts) -> str:
    return f"{facts.chance.randint(200, 24_000)}.{facts.chance.randrange(10)}"


def waybill_form(facts: Facts) -> tuple[Sheet, Truth]:
    """A road consignment note: two columns of cells, goods with totals below."""
    sheet, (shipper, consignee) = Sheet(), facts.two()
    number, day = facts.number("YD"), facts.day(2018, 2024)
    pieces, freight = facts.chance.randint(12, 400), facts.amount(300, 30_000)
    weight = _weight(facts)
    sheet.middle(90, "公路货物运输托运单", 44)
    sheet.write(120, 180, f"托运单号：{number}", 22)
    sheet.write(760, 180, f"托运日期：{facts.written(day)}", 22)
    rows = (
        ("托运人", shipper, "收货人", consignee),
        ("联系人", facts.person(), "联系人", facts.person()),
        ("电话", f"0551-{facts.digits(8)}", "电话", f"028-{facts.digits(8)}"),
        ("装货地址", facts.address()[:14], "卸货地址", facts.address()[:14]),
    )
    y = sheet.table(110, 230, (120, 400, 120, 400), rows, height=50, size=20)
    goods = (
        ("序号", "货物名称", "包装", "件数", "重量kg", "运费元"),
        ("1", "不锈钢法兰盘", "木箱", f"{pieces - 4}", f"{Decimal(weight) - 100}", "260.00"),
        ("2", "膨胀螺栓", "纸箱", "4", "100.0", "40.00"),
        ("合计", "", "", f"{pieces}", weight, money(freight)),
    )
    y = sheet.table(110, y + 30, (90, 330, 140, 140, 170, 170), goods)
    y = sheet.table(110, y + 30, (240, 800), (
        ("运费合计（大写）", capitals(freight)), ("付款方式", "货到付款，凭回单结算"),
        ("货物保价", "声明价值¥86,000.00，保价费率千分之三"),
    ))  # fmt: skip
    sheet.write(110, y + 60, "托运人签字：", 20)
    sheet.write(500, y + 60, "承运人签字：", 20)
    return sheet, Truth("waybill", {
        "waybill_number": number, "shipped_on": f"{day}", "shipper": shipper,
        "consignee": consignee, "pieces": f"{pieces}", "weight_kg": weight,
        "amount": money(freight),
    })  # fmt: skip


def waybill_express(facts: Facts) -> tuple[Sheet, Truth]:
    """An express company's slip: sender and receiver in blocks, number under the barcode."""
    sheet, (shipper, consignee) = Sheet((1000, 1200)), facts.two()
    number, day, freight = f"SF{facts.digits(13)}", facts.day(2019, 2024), facts.amount(12, 300)
    pieces, weight = facts.chance.randint(1, 9), f"{facts.chance.randint(1, 30)}.5"
    sheet.write(80, 60, "顺丰速运  快递运单", 36)
    for stripe in range(90):
        if facts.chance.random() < 0.5:
            sheet.box(500 + 5 * stripe, 50, 2, 60)
    sheet.write(540, 120, f"运单号 {number}", 26)
    for block, (label, name) in enumerate((("寄件", shipper), ("收件", consignee))):
        top = 180 + 260 * block
        sheet.box(60, top, 880, 240)
        sheet.write(80, top + 16, f"{label}人：{facts.person()}   电话：139{facts.digits(8)}", 22)
        sheet.write(80, top + 70, f"{label}单位：{name}", 24)
        sheet.write(80, top + 130, f"{label}地址：{facts.address()}", 22)
    rows = (
        ("寄件日期", f"{day}", "件数", f"{pieces}"),
        ("计费重量", f"{weight}kg", "运费", f"¥{money(freight)}"),
    )
    sheet.table(60, 720, (160, 280, 160, 280), rows, height=60, size=22)
    sheet.write(80, 900, "收件人签字：", 22)
    return sheet, Truth("waybill", {
        "waybill_number": number, "shipped_on": f"{day}", "shipper": shipper,
        "consignee": consignee, "pieces": f"{pieces}", "weight_kg": weight,
        "amount": money(freight),
    })  # fmt: skip


def waybill_air(facts: Facts) -> tuple[Sheet, Truth]:
    """An air waybill: labels in English above their values."""
    sheet, shipper, consignee = Sheet(), facts.exporter(), facts.foreign()
    serial, day = facts.digits(7), facts.day(2018, 2024)
    number = f"{facts.pick('999', '781', '784')}-{serial}{int(serial) % 7}"
    pieces, weight = facts.chance.randint(2, 90), _weight(facts)
    sheet.write(120, 70, number, 30)
    sheet.write(860, 70, number, 30)
    sheet.middle(120, "AIR WAYBILL", 36)
    addresses = "\nNo. 668 Tiantong Road, Ningbo", "\nHafenstrasse 41, Duisburg"
    left = (("Shipper", shipper), ("Consignee", consignee))
    for row, (label, name) in enumerate(left):
        box = (100, 190 + 180 * row, 540, 180)
        sheet.cell(box, f"{label}'s Name and Address", name + addresses[row], above=True)
    sheet.cell((640, 190, 500, 180), "Issued by", "AIR CHINA CARGO CO., LTD.", above=True)
    sheet.cell((640, 370, 500, 180), "Airport of Departure", "SHANGHAI PUDONG", above=True)
    sheet.table(100, 600, (180, 220, 280, 360), (
        ("No. of Pieces", "Gross Weight", "Chargeable Weight", "Nature of Goods"),
        (f"{pieces}", f"{weight} K", f"{weight}", "COTTON TOWEL"),
    ))  # fmt: skip
    sheet.write(640, 900, f"Executed on (date): {facts.english(day)}", 20)
    return sheet, Truth("waybill", {
        "waybill_number": number, "shipped_on": f"{day}", "shipper": shipper,
        "consignee": consignee, "pieces": f"{pieces}", "weight_kg": weight,
    })  # fmt: skip


def goods_note(facts: Facts) -> tuple[Sheet, Truth]:
    """A haulier's own form, labels with colons in one column, other words for the same things."""
    sheet, (shipper, consignee) = Sheet(face="kai"), facts.two()
    number, day, freight = f"{facts.digits(10)}", facts.day(2018, 2024), facts.amount(300, 9_000)
    pieces, weight = facts.chance.randint(12, 400), _weight(facts)
    sheet.middle(100, "货物运单", 50)
    sheet.write(830, 180, f"运单编号：{number}", 24)
    rows = (
        f"发货单位：{shipper}",
        f"收货单位：{consignee}",
        f"发货日期：{facts.written(day)}",
        "货物名称：聚氨酯密封胶",
        f"总件数：{pieces}件",
        f"总重量：{weight}公斤",
        f"运费：人民币{capitals(freight)}（¥{money(freight)}）",
        "车牌号：皖A7K629",
    )
    for row, text in enumerate(rows):
        sheet.write(150, 260 + 75 * row, text, 26)
    sheet.write(150, 920, f"承运人签字：{facts.person()}", 24)
    sheet.write(700, 920, "收货人签字：", 24)
    sheet.seal(800, 700, shipper)
    return sheet, Truth("waybill", {
        "waybill_number": number, "shipped_on": f"{day}", "shipper": shipper,
        "consignee": consignee, "pieces": f"{pieces}", "weight_kg": weight,
        "amount": money(freight),
    })  # fmt: skip


def lading(facts: Facts) -> tuple[Sheet, Truth]:
    """An ocean bill of lading: boxes with English labels above the values."""
    return _lading(facts, {
        "shipper": "Shipper", "consignee": "Consignee", "notify": "Notify Party",
        "bill": "B/L No.", "vessel": "Ocean Vessel", "voyage": "Voy. No.",
        "from": "Port of Loading", "to": "Port of Discharge",
    }, "BILL OF LADING")  # fmt: skip


def lading_bilingual(facts: Facts) -> tuple[Sheet, Truth]:
    """The same with Chinese labels first, as Chinese forwarders print it."""
    return _lading(facts, {
        "shipper": "托运人 Shipper", "consignee": "收货人 Consignee", "notify": "通知人 Notify",
        "bill": "提单号 B/L No.", "vessel": "船名 Vessel", "voyage": "航次 Voyage",
        "from": "装货港 Port of Loading", "to": "卸货港 Port of Discharge",
    }, "海运提单 BILL OF LADING")  # fmt: skip


def _lading(facts: Facts, labels: dict[str, str], title: str) -> tuple[Sheet, Truth]:
    sheet, shipper, consignee = Sheet(), facts.exporter(), facts.foreign()
    number = f"{facts.pick('EGLV', 'COSU', 'MSCU', 'OOLU')}{facts.digits(10)}"
    vessel, voyage = facts.pick(*VESSELS), f"{facts.digits(3)}{facts.pick('W', 'E')}"
    containers = [facts.container() for _ in range(facts.chance.randint(1, 2))]
    pieces, weight = facts.chance.randint(100, 2_000), _weight(facts)
    loading, discharge = facts.pick(*PORTS), facts.pick(*FAR_PORTS)
    same = facts.chance.random() < 0.5
    notify = "SAME AS CONSIGNEE" if same else facts.foreign()
    left = (
        (labels["shipper"], f"{shipper}\nNo. 668 Tiantong North Road, China"),
        (labels["consignee"], f"{consignee}\nHafenstrasse 41, 47119 Duisburg"),
        (labels["notify"], notify),
    )
    sheet.middle(60, title, 36)
    for row, (label, text) in enumerate(left):
        sheet.cell((90, 130 + 150 * row, 580, 150), label, text, above=True)
    sheet.cell((670, 130, 480, 100), labels["bill"], number, above=True)
    cells = (("vessel", vessel), ("voyage", voyage), ("from", loading), ("to", discharge))
    for place, (label, text) in enumerate(cells):
        box = (90 + 290 * (place % 2), 580 + 90 * (place // 2), 290, 90)
        sheet.cell(box, labels[label], text, above=True)
    sheet.table(90, 800, (330, 230, 300, 200), (
        ("Container No. / Seal No.", "No. of Packages", "Description of Goods", "Gross Weight"),
        (f"{containers[0]}", f"{pieces} CARTONS", "SOLAR MODULE", f"{weight} KGS"),
        *((one, "", "", "") for one in containers[1:]),
    ))  # fmt: skip
    sheet.write(700, 1100, f"Place and date of issue: {facts.pick(*PORTS)}", 20)
    return sheet, Truth("bill_of_lading", {
        "bill_number": number, "shipper": shipper, "consignee": consignee,
        "notify": notify, "vessel": vessel, "voyage": voyage, "port_of_loading": loading,
        "port_of_discharge": discharge, "containers": containers, "pieces": f"{pieces}",
        "weight_kg": weight,
    })  # fmt: skip


def _declared(facts: Facts) -> dict[str, str]:
    day = facts.day(2018, 2024)
    gross = _weight(facts)
    return {
        "declaration_number": f"{facts.pick('3101', '2248', '5304')}{day.year}0{facts.digits(9)}",
        "declarant": f"{facts.city()[:2]}捷申报关有限公司", "declared_on": f"{day}",
        "bill_number": f"{facts.pick('EGLV', 'COSU')}{facts.digits(10)}",
        "contract_number": facts.number("JC"), "pieces": f"{facts.chance.randint(20, 3_000)}",
        "gross_kg": gross, "net_kg": f"{Decimal(gross) - 90}",
    }  # fmt: skip


def customs_export(facts: Facts) -> tuple[Sheet, Truth]:
    """An export declaration whose cells hold "label value" on one line."""
    return _customs(facts, above=False, goes="出")


def customs_import(facts: Facts) -> tuple[Sheet, Truth]:
    """An import declaration as GB prints it: small labels above the values."""
    return _customs(facts, above=True, goes="进")


def _customs(facts: Facts, *, above: bool, goes: str) -> tuple[Sheet, Truth]:
    sheet, told = Sheet(A4_WIDE), _declared(facts)
    trader, day = facts.company(), told["declared_on"].replace("-", "")
    far = "收" if goes == "出" else "发"
    sheet.middle(60, f"中华人民共和国海关{goes}口货物报关单", 36)
    sheet.write(100, 130, f"预录入编号：{told['declaration_number']}", 18)
    sheet.write(700, 130, f"海关编号：{told['declaration_number']}", 18)
    sheet.write(1400, 130, "页码/页数：1/1", 18)
    near = "发" if goes == "出" else "收"
    cells = (
        (f"境内{near}货人", trader), (f"{goes}境关别", "洋山港区 2248"), (f"{goes}口日期", day),
        ("申报日期", day), (f"境外{far}货人", facts.foreign()), ("运输方式", "水路运输"),
        ("运输工具名称及航次号", f"{facts.pick(*VESSELS)}/0621E"),
        ("提运单号", told["bill_number"]),
        ("生产销售单位" if goes == "出" else "消费使用单位", trader), ("监管方式", "一般贸易 0110"),
        ("征免性质", "一般征税 101"), ("许可证号", ""),
        ("合同协议号", told["contract_number"]), ("贸易国（地区）", "美国"),
        ("启运国（地区）", "美国"), ("离境口岸", "洋山港"),
    )  # fmt: skip
    height = 70 if above else 46
    for place, (label, text) in enumerate(cells):
        box = (80 + 400 * (place % 4), 165 + height * (place // 4), 400, height)
        sheet.cell(box, label, text, above=above, size=18)
    y = 165 + 4 * height
    small = (("包装种类", "纸箱"), ("件数", told["pieces"]), ("毛重(千克)", told["gross_kg"]),
             ("净重(千克)", told["net_kg"]), ("成交方式", "FOB"), ("运费", ""))  # fmt: skip
    for place, (label, text) in enumerate(small):
        box = (80 + 266 * place, y, 266, height)
        sheet.cell(box, label, text, above=above, size=18)
    rows = (
        ("项号", "商品编号", "商品名称及规格型号", "数量及单位", "单价/总价/币制", "原产国(地区)"),
        ("1", "5407520091", "染色涤纶机织物", "86400米", "109296.00 美元", "中国"),
    )
    y = sheet.table(80, y + height + 20, (80, 220, 560, 260, 280, 200), rows, size=18)
    sheet.write(90, y + 60, f"报关人员 {facts.person()}", 18)
    sheet.write(420, y + 60, f"报关人员证号 {facts.digits(8)}", 18)
    sheet.write(90, y + 130, f"申报单位 {told['declarant']}", 18)
    sheet.seal(400, y + 140, told["declarant"], 80)
    return sheet, Truth("customs_declaration", dict(told))


def invoice_special(facts: Facts) -> tuple[Sheet, Truth]:
    """增值税专用发票 on its form: code and number at the top, parties in boxes."""
    return _invoice(facts, "增值税专用发票", old=False)


def invoice_of_old(facts: Facts) -> tuple[Sheet, Truth]:
    """The form before: 购货单位 and 销货单位."""
    return _invoice(facts, "增值税普通发票", old=True)


def _invoice(facts: Facts, title: str, *, old: bool) -> tuple[Sheet, Truth]:
    sheet, (buyer, seller) = Sheet((1400, 900), "kai"), facts.two()
    net, day = facts.amount(500, 80_000), facts.day(2016, 2023)
    tax = (net * Decimal("0.13")).quantize(Decimal("0.01"))
    total = net + tax
    code, number = f"{facts.pick('3302', '1100')}{facts.digits(6)}", facts.digits(8)
    sheet.middle(40, title, 40)
    if old:
        sheet.write(120, 50, code, 26)
        sheet.write(1050, 45, f"№ {number}", 30)
    else:
        sheet.write(1020, 40, f"发票代码：{code}", 22)
        sheet.write(1020, 75, f"发票号码：{number}", 22)
    sheet.write(1020, 115, f"开票日期：{day:%Y年%m月%d日}", 22)
    names = ("购货单位", "销货单位") if old else ("购买方", "销售方")
    for block, (side, name) in enumerate(zip(names, (buyer, seller), strict=True)):
        top = 160 + 470 * block
        sheet.box(80, top, 1240, 140)
        for row, char in enumerate(side):
            sheet.write(95, top + 10 + 30 * row, char, 22)
        sheet.write(140, top + 10, f"名        称：{name}", 22)
        sheet.write(140, top + 42, f"纳税人识别号：{facts.credit_code()}", 22)
        sheet.write(140, top + 74, f"地址、电话：{facts.address()} 021-{facts.digits(8)}", 20)
        sheet.write(140, top + 106, f"开户行及账号：中国银行{facts.digits(16)}", 20)
    rows = (
        ("货物或应税劳务名称", "规格型号", "单位", "数量", "单价", "金额", "税率", "税额"),
        ("*五金制品*法兰盘", "DN150", "件", "1", money(net), money(net), "13%", money(tax)),
        ("合    计", "", "", "", "", f"¥{money(net)}", "", f"¥{money(tax)}"),
    )
    y = sheet.table(80, 300, (280, 130, 80, 90, 180, 190, 90, 200), rows, height=80)
    sheet.box(80, y, 1240, 90)
    sheet.write(100, y + 30, "价税合计（大写）", 22)
    sheet.write(400, y + 30, capitals(total), 22)
    sheet.write(980, y + 30, f"（小写）¥{money(total)}", 22)
    sheet.write(100, 790, f"收款人：{facts.person()}", 20)
    sheet.write(500, 790, f"复核：{facts.person()}", 20)
    sheet.write(850, 790, f"开票人：{facts.person()}", 20)
    return sheet, Truth("invoice", {
        "invoice_number": number, "invoice_code": code, "issued_on": f"{day}", "seller": seller,
        "buyer": buyer, "amount": money(total), "tax": money(tax),
    })  # fmt: skip


def invoice_digital(facts: Facts) -> tuple[Sheet, Truth]:
    """电子发票 of 2022 on: a number of twenty digits, no code; parties side by side."""
    sheet, (buyer, seller) = Sheet((1400, 900)), facts.two()
    net, day = facts.amount(500, 80_000), facts.day(2023, 2025)
    tax = (net * Decimal("0.06")).quantize(Decimal("0.01"))
    total, number = net + tax, f"{day:%y}{facts.pick('33', '31')}{facts.digits(16)}"
    sheet.middle(50, f"电子发票（{facts.pick('普通发票', '增值税专用发票')}）", 38)
    sheet.write(950, 60, f"发票号码：{number}", 20)
    sheet.write(950, 100, f"开票日期：{day:%Y年%m月%d日}", 20)
    for column, (side, name) in enumerate((("购买方信息", buyer), ("销售方信息", seller))):
        left = 80 + 620 * column
        sheet.box(left, 150, 620, 130)
        for row, char in enumerate(side):
            sheet.write(left + 8, 154 + 25 * row, char, 18)
        sheet.write(left + 50, 170, f"名称：{name}", 20)
        sheet.write(left + 50, 225, f"统一社会信用代码/纳税人识别号：{facts.credit_code()}", 18)
    rows = (
        ("项目名称", "规格型号", "单位", "数量", "单价", "金额", "税率/征收率", "税额"),
        ("*运输服务*运费", "", "次", "1", money(net), money(net), "6%", money(tax)),
        ("合        计", "", "", "", "", f"¥{money(net)}", "", f"¥{money(tax)}"),
    )
    y = sheet.table(80, 280, (280, 130, 80, 90, 180, 190, 130, 160), rows, height=70)
    sheet.box(80, y, 1240, 70)
    sheet.write(100, y + 20, "价税合计（大写）", 22)
    sheet.write(400, y + 20, capitals(total), 22)
    sheet.write(950, y + 20, f"（小写）¥{money(total)}", 22)
    sheet.write(100, y + 120, "备注", 20)
    sheet.write(120, 800, f"开票人：{facts.person()}", 20)
    return sheet, Truth("invoice", {
        "invoice_number": number, "issued_on": f"{day}", "seller": seller, "buyer": buyer,
        "amount": money(total), "tax": money(tax),
    })  # fmt: skip


def invoice_commercial(facts: Facts) -> tuple[Sheet, Truth]:
    """A commercial invoice in English."""
    sheet, seller, buyer = Sheet(A4), facts.exporter(), facts.foreign()
    number, day, amount = facts.number("INV"), facts.day(2018, 2024), facts.amount(2_000, 90_000)
    sheet.middle(70, seller, 30)
    sheet.middle(120, "No. 668 Tiantong North Road, Ningbo, China", 20)
    sheet.middle(190, "COMMERCIAL INVOICE", 38)
    sheet.write(110, 280, f"To: {buyer}", 22)
    sheet.write(110, 320, "Hafenstrasse 41, 47119 Duisburg", 20)
    sheet.write(760, 280, f"Invoice No.: {number}", 22)
    sheet.write(760, 320, f"Invoice Date: {facts.english(day)}", 22)
    sheet.write(760, 360, f"S/C No.: {facts.number('SC')}", 22)
    sheet.write(110, 400, f"From {facts.pick(*PORTS)} to {facts.pick(*FAR_PORTS)}", 22)
    rows = (
        ("Marks", "Description of Goods", "Quantity", "Unit Price", "Amount"),
        ("N/M", "Polyester Curtain", "1250 PCS", "USD 7.80", f"USD {grouped(amount)}"),
        ("TOTAL", "", "1250 PCS", "", f"USD {grouped(amount)}"),
    )
    y = sheet.table(100, 480, (140, 320, 180, 180, 220), rows)
    sheet.write(110, y + 40, "Packed in 412 cartons, gross weight 6,284.7 KGS.", 20)
    sheet.write(700, y + 160, seller, 22)
    return sheet, Truth("invoice", {
        "invoice_number": number, "issued_on": f"{day}", "seller": seller, "buyer": buyer,
        "amount": money(amount),
    })  # fmt: skip
