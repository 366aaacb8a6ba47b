"""Cells of a form: labels down its side, beside several rows, and values that go on below."""

from scanning.fields import suggest
from scanning.fields.paper import Paper
from scanning.reading import Line, PageReading
from tests.scanning.test_fields_kinds import Row, paper

WAYBILL: Row = (600, 100, "公路货物运单")
BILL = ((600, 100, "BILL OF LADING"), (1200, 200, "B/L No. COSU6342817750"))


def fields(*rows: Row) -> dict[str, object]:
    return {name: one.value for name, one in suggest(paper(*rows)).fields.items()}


def test_a_label_may_be_printed_down_the_form_sign_by_sign() -> None:
    told = fields(
        WAYBILL,
        (100, 400, "发"), (100, 445, "货"), (100, 490, "人"),
        (180, 400, "单位：无锡和众机电有限公司"), (180, 445, "地址：无锡市人民路8号"),
        (800, 400, "收"), (800, 445, "货"), (800, 490, "人"),
        (880, 400, "单位：合肥瑞光灯具有限公司"), (880, 445, "地址：合肥市长江路9号"),
    )  # fmt: skip
    assert told["shipper"] == "无锡和众机电有限公司"
    assert told["consignee"] == "合肥瑞光灯具有限公司"


def test_a_label_down_the_form_may_be_read_as_one_line() -> None:
    tall = Line("发货人", (100, 390, 130, 520), 0.99)
    page = paper(WAYBILL, (180, 400, "名称：无锡和众机电有限公司"))[0]
    reading = PageReading(**{**vars(page), "lines": (*page.lines, tall)})
    assert suggest([reading]).fields["shipper"].value == "无锡和众机电有限公司"


def test_a_narrow_cell_breaks_a_label_after_every_second_sign() -> None:
    told = fields(
        (600, 100, "营业执照"),
        (100, 400, "法定"), (100, 432, "代表"), (100, 464, "人"), (200, 430, "龚涵静"),
        (100, 510, "注册"), (100, 542, "资本"), (200, 526, "壹仟万元整"),
    )  # fmt: skip
    assert (told["legal_representative"], told["capital"]) == ("龚涵静", "10000000.00")


def test_what_is_measured_in_cubic_metres_is_no_weight() -> None:
    told = fields(
        *BILL,
        (900, 400, "Measurement"), (900, 435, "Gross Weight (KGS)"),
        (900, 480, "28.000 CBM"), (900, 515, "4862.858 KGS"),
    )  # fmt: skip
    assert "weight_kg" not in told


def test_signs_in_a_column_that_make_no_label_are_none() -> None:
    told = fields(WAYBILL, (100, 400, "发"), (100, 445, "台"), (180, 400, "单位：无锡有限公司"))
    assert "shipper" not in told


def test_the_name_may_stand_higher_than_the_label_of_two_rows() -> None:
    told = fields(
        WAYBILL,
        (100, 422, "托运人"), (300, 400, "名称"), (500, 400, "无锡和众机电有限公司"),
        (300, 445, "住址"), (500, 445, "无锡市人民路8号"),
    )  # fmt: skip
    assert told["shipper"] == "无锡和众机电有限公司"


def test_of_a_cell_of_two_lines_the_upper_one_is_read_first() -> None:
    told = fields(
        WAYBILL,
        (100, 416, "收货人"),
        (505, 402, "无锡和众机电设备制造有"), (500, 430, "限公司"),
    )  # fmt: skip
    assert told["consignee"] == "无锡和众机电设备制造有限公司"


def test_a_firms_name_goes_on_under_its_label() -> None:
    told = fields(
        (600, 100, "SALES CONTRACT"),
        (100, 300, "The Seller 卖方: SUZHOU BOYUAN TEXTILE CO.,"), (100, 335, "LTD."),
        (100, 400, "The Buyer: Kestrel Trading Limited"),
    )  # fmt: skip
    assert told["parties"] == [
        {"name": "SUZHOU BOYUAN TEXTILE CO., LTD.", "role": "The Seller"},
        {"name": "Kestrel Trading Limited", "role": "The Buyer"},
    ]


def test_a_firms_name_whose_end_is_nowhere_is_doubtful_whoever_agrees() -> None:
    rows = paper(*BILL, (100, 400, "Shipper: SUZHOU BOYUAN TEXTILE CO.,"))
    told = suggest(rows, second=lambda *_: "SUZHOU BOYUAN TEXTILE CO").fields["shipper"]
    assert not told.certain


def test_the_day_of_loading_is_neither_ship_nor_voyage() -> None:
    told = fields(
        *BILL,
        (100, 500, "Ocean Vessel / Voyage No."), (100, 540, "ONE FALCON 0201E"),
        (100, 900, "Laden on board the vessel: AUG.09,2022"),
    )  # fmt: skip
    assert (told["vessel"], told["voyage"]) == ("ONE FALCON", "0201E")


def test_the_unit_under_a_columns_head_is_no_weight() -> None:
    told = fields(
        WAYBILL,
        (100, 400, "件数"), (400, 400, "托运人确定重量"), (400, 436, "（千克）"),
        (100, 490, "283"), (400, 490, "21121"),
    )  # fmt: skip
    assert (told["pieces"], told["weight_kg"]) == ("283", "21121")


def test_a_column_whose_head_says_tons_is_told_in_kilograms() -> None:
    one = fields(WAYBILL, (400, 400, "重量"), (400, 436, "(吨)"), (700, 418, "包装"),
                 (400, 490, "3.296"), (700, 490, "裸装"))  # fmt: skip
    assert one["weight_kg"] == "3296"
    added = suggest(paper(WAYBILL, (100, 400, "货名"), (400, 400, "重量(吨)"),
                          (100, 440, "轮胎"), (400, 440, "3.2"), (100, 480, "轮辋"),
                          (400, 480, "1.3"), (100, 520, "合计"), (400, 520, "4.5")))  # fmt: skip
    weight = added.fields["weight_kg"]
    assert (weight.value, weight.certain) == ("4500", True)


def test_a_column_ends_where_the_next_label_stands() -> None:
    told = suggest(
        paper(
            (600, 100, "中华人民共和国海关出口货物报关单"),
            (100, 400, "件数"), (400, 400, "毛重（公斤）"),
            (100, 440, "492"), (400, 440, "24350"),
            (100, 500, "集装箱号"), (400, 500, "净重（公斤）"),
            (100, 540, "0"), (400, 540, "24023"),
        ),
        second=lambda _, box, __: {440: "24350", 540: "24023"}[box[1]] if box[0] > 300 else "492",
    ).fields  # fmt: skip
    assert (told["gross_kg"].value, told["gross_kg"].certain) == ("24350", True)
    assert (told["net_kg"].value, told["net_kg"].certain) == ("24023", True)
    assert (told["pieces"].value, told["pieces"].certain) == ("492", True)


def test_the_pieces_of_two_containers_are_added_up() -> None:
    told = suggest(paper(
        *BILL,
        (100, 400, "CONTAINER NO."), (500, 400, "PACKAGES"), (800, 400, "GROSS WEIGHT"),
        (100, 450, "CSQU3054383"), (500, 450, "70 CTNS"), (800, 450, "11,581.50 KGS"),
        (100, 500, "MSKU7500359"), (500, 500, "72 CTNS"), (800, 500, "11,000.00 KGS"),
        (100, 550, "TOTAL"), (500, 550, "142 CTNS"), (800, 550, "22,581.50 KGS"),
    )).fields  # fmt: skip
    assert (told["pieces"].value, told["pieces"].certain) == ("142", True)
    assert (told["weight_kg"].value, told["weight_kg"].certain) == ("22581.50", True)


def test_the_first_row_under_a_head_that_says_total_is_not_the_sum() -> None:
    told = fields(
        (600, 100, "COMMERCIAL INVOICE"),
        (100, 400, "Quantity 数量"), (500, 400, "Unit Price 单价"),
        (900, 400, "Total Amount 总金额"),
        (100, 450, "2086 SETS"), (500, 450, "US$14.08"), (900, 450, "US$29,370.88"),
        (100, 500, "TOTAL 合计"), (900, 500, "US$29,370.88"),
    )  # fmt: skip
    assert told["amount"] == "29370.88"


def test_a_role_and_a_date_are_no_names() -> None:
    told = fields(
        (600, 100, "COMMERCIAL INVOICE"),
        (100, 400, "Buyer 买方"), (105, 440, "Lakeshore Steel Pty Ltd"),
    )  # fmt: skip
    assert told["buyer"] == "Lakeshore Steel Pty Ltd"
    loan = fields(
        (600, 100, "借款合同"),
        (100, 300, "贷款人（甲方）：昆明领先物流有限公司"), (100, 350, "借款人（乙方）：邓振佳"),
        (100, 600, "甲方："), (100, 640, "二零一七年十一月二十三日"),
    )  # fmt: skip
    assert loan["parties"] == [
        {"name": "昆明领先物流有限公司", "role": "贷款人"},
        {"name": "邓振佳", "role": "借款人"},
    ]


def test_a_tax_invoices_sides_are_no_names() -> None:
    sides = (
        Line("购买方信息", (100, 380, 140, 600), 0.99),
        Line("销售方信息", (800, 380, 840, 600), 0.99),
    )
    page = paper(
        (600, 100, "电子发票（普通发票）"),
        (160, 400, "名称：昆明卓越环保工程有限公司"), (860, 400, "名称：西安嘉禾农业有限公司"),
        (160, 480, "统一社会信用代码/纳税人识别号："), (100, 700, "价税合计（大写）"),
    )[0]  # fmt: skip
    reading = PageReading(**{**vars(page), "lines": (*page.lines, *sides)})
    told = suggest([reading], second=lambda _, box, __: _said(reading, box)).fields
    assert (told["buyer"].value, told["buyer"].certain) == ("昆明卓越环保工程有限公司", True)
    assert (told["seller"].value, told["seller"].certain) == ("西安嘉禾农业有限公司", True)


def _said(reading: PageReading, box: tuple[int, int, int, int]) -> str:
    """What a second reader says who reads what stands in the box."""
    for place in Paper([reading]).places:
        left, top, right, bottom = place.line.box
        if (top, right, bottom) == (box[1], box[2], box[3]) and left <= box[0]:
            return place.plain.partition(":")[2]
    return ""


def test_a_receipts_number_stands_behind_numero_however_it_is_read() -> None:
    for sign in ("No", "Nº", "№", "Ne"):
        told = fields((600, 100, "收款收据"), (1200, 200, f"{sign} 0608343"))
        assert told["receipt_number"] == "0608343"


def test_the_beginning_of_a_term_is_not_its_end() -> None:
    rows = paper(
        (600, 100, "技术服务合同"),
        (100, 300, "有效期限：2021年4月16日至2023年4月16日"),
    )
    told = suggest(rows, second=lambda *_: "2023年4月16日").fields["valid_to"]
    assert (told.value, told.certain) == ("2023-04-16", True)
