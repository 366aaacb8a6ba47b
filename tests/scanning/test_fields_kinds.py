"""Papers of every kind, line by line as a reader finds them, and what they say."""

import pytest

from scanning.fields import Field, Suggestion, names_of, suggest
from scanning.reading import Line, PageReading

Row = tuple[int, int, str]


def paper(*rows: Row) -> list[PageReading]:
    """A page of lines at their left and top; what stands at the very top is large print."""
    lines = []
    for left, top, said in rows:
        height = 50 if top <= 120 else 30
        width = sum(height if ord(char) > 0x2E80 else height * 0.52 for char in said)
        lines.append(Line(said, (left, top, int(left + width), top + height), 0.99))
    return [PageReading(1, tuple(lines), 0, 0.0, 1700, 2300, 200, "test", "1", "ocr")]


def told(suggestion: Suggestion) -> dict[str, object]:
    """The kind and the values that a paper of it is asked for."""
    asked = names_of(suggestion.kind)
    said = {name: suggestion.fields[name].value for name in asked if name in suggestion.fields}
    return {"kind": suggestion.kind, **said}


SOLE_TRADER = (
    (600, 100, "营业执照"),
    (200, 300, "统一社会信用代码 92330106MA2J0R6L4U"),
    (200, 400, "名称"), (450, 400, "杭州市西湖区小满茶点铺"),
    (200, 480, "类型"), (450, 480, "个体工商户"),
    (200, 560, "经营场所"), (450, 560, "浙江省杭州市西湖区文三路478号商铺102室(自主申"),
    (450, 600, "报)"),
    (200, 680, "经营者"), (450, 680, "蒋若溪"),
    (200, 760, "组成形式"), (450, 760, "个人经营"),
    (200, 840, "注册日期"), (450, 840, "2014年05月06日"),
    (200, 920, "经营期限"), (450, 920, "2014年05月06日至长期"),
    (200, 1000, "经营范围"), (450, 1000, "服务：餐饮服务"),
    (900, 1300, "登记机关"), (900, 1400, "2016 年 03月 11日"),
    (200, 1700, "企业信用信息公示系统网址：http://zj.gsxt.gov.cn/"),
)  # fmt: skip

SERVICES = (
    (600, 100, "技术服务协议"),
    (200, 250, "协议编号: JS[2024]第018号"),
    (200, 330, "委托方(甲方): 上海云图软件有限公司"),
    (200, 380, "住所地: 上海市徐汇区漕河泾路100号"),
    (200, 500, "受托方(乙方): 南京睿智信息技术有限公司"),
    (200, 750, "第二条 合同金额: 本合同服务费总额为人民币360,000.00元(大写: 叁拾陆万元整)。"),
    (200, 800, "第三条 服务期限: 一年, 自 2024年5月1日 至 2025年4月30日 。"),
    (200, 850, "第四条 违约责任: 甲方逾期付款的, 应支付违约金5,000.00元。"),
    (200, 1500, "甲方(盖章):"), (900, 1500, "乙方(盖章):"),
    (200, 1620, "日期: 2024年4月25日"), (900, 1620, "日期: 2024年4月25日"),
)  # fmt: skip

LADING = (
    (600, 100, "OCEAN BILL OF LADING"),
    (150, 200, "B/L NO.: 00LU6271839450"),
    (150, 260, "SHIPPER: NINGBO HUAYANG TEXTILE CO., LTD."),
    (150, 320, "CONSIGNEE: ATLAS HOME DECOR LLC"),
    (150, 380, "NOTIFY PARTY: RHEINLAND HANDELS GMBH"),
    (150, 440, "VESSEL/VOYAGE: COSCO ARIES / 047W"),
    (150, 500, "PORT OF LOADING: NINGBO"), (900, 500, "PORT OF DISCHARGE: HAMBURG"),
    (150, 560, "CONTAINER/SEAL NO.: CSQU3054383/CN88291"),
    (150, 620, "PACKAGES: 412 CARTONS"), (900, 620, "GROSS WEIGHT: 6,284.7 KGS"),
)  # fmt: skip

IMPORTS = (
    (600, 100, "中华人民共和国海关进口货物报关单"),
    (150, 200, "预录入编号：I20240000012345678"), (700, 200, "海关编号：222520241005839170"),
    (150, 260, "境内收货人(91310115MA1K35X26C)"), (500, 260, "进境关别(2225)"),
    (850, 260, "进口日期"), (1200, 260, "申报日期"),
    (150, 296, "上海云图软件有限公司"), (500, 296, "外高桥关"), (850, 296, "20240611"),
    (1200, 296, "20240613"),
    (150, 340, "境外发货人"), (500, 340, "运输方式(2)"), (850, 340, "运输工具名称及航次号"),
    (1200, 340, "提运单号"),
    (150, 376, "OSAKA TEXTILE CO.,LTD."), (500, 376, "水路运输"), (850, 376, "OOCL TOKYO/088E"),
    (1200, 376, "OOLU2718281828"),
    (150, 420, "合同协议号"), (500, 420, "贸易国(地区)(116)"),
    (150, 456, "OT-2024-55"), (500, 456, "日本"),
    (150, 500, "包装种类(22)"), (500, 500, "件数"),
    (650, 500, "毛重(千克)"), (850, 500, "净重(千克)"),
    (150, 536, "纸制或纤维板制盒/箱"), (500, 536, "86"), (650, 536, "1520.5"), (850, 536, "1388"),
    (150, 900, "报关人员 张三"), (500, 900, "申报单位(913101157764XXXXXX)上海捷申报关有限公司"),
)  # fmt: skip

RAIL = (
    (600, 100, "铁路货物运单"),
    (150, 200, "运单号：TL20240088"), (900, 200, "承运日期：2024年6月1日"),
    (150, 260, "发货人：山西晋煤集团有限公司"),
    (150, 310, "收货人：武汉钢联物资有限公司"),
    (150, 380, "货物名称：焦炭  件数：120件  重量：62.5吨"),
    (150, 440, "运费合计：¥8,760.50"),
)  # fmt: skip

RECEIPT = (
    (600, 100, "收据"),
    (150, 200, "NO：0012873"), (900, 200, "2024年3月18日"),
    (150, 260, "今收到 上海云图软件有限公司"),
    (150, 320, "交来 投标保证金"),
    (150, 380, "金额(大写) 贰万元整"), (900, 380, "￥20000.00"),
    (150, 460, "收款单位(章)："), (400, 460, "南京睿智招标代理有限公司"),
)  # fmt: skip

AUTHORITY = (
    (600, 100, "授权委托书"),
    (150, 250, "致：南京睿智招标代理有限公司"),
    (150, 320, "兹授权我公司员工赵六（身份证号：110101199003074514）为我公司"),
    (150, 370, "代理人，全权办理投标事宜。授权期限自2024年3月1日至2024年12月31日。"),
    (900, 600, "授权单位：上海云图软件有限公司（公章）"),
    (900, 720, "日期：2024年3月1日"),
)  # fmt: skip

E_INVOICE = (
    (600, 100, "电子发票（普通发票）"),
    (1100, 150, "发票号码：24312000000012345678"), (1100, 200, "开票日期：2024年03月18日"),
    (100, 300, "购"), (160, 300, "名称：上海云图软件有限公司"),
    (850, 300, "销"), (920, 300, "名称：南京睿智信息技术有限公司"),
    (160, 380, "统一社会信用代码/纳税人识别号：91310115MA1K35X26C"),
    (850, 500, "单价"), (1000, 500, "金额"), (1150, 500, "税率/征收率"), (1350, 500, "税额"),
    (850, 560, "339622.64"), (1000, 560, "339622.64"), (1150, 560, "6%"), (1350, 560, "20377.36"),
    (200, 700, "合"), (300, 700, "计"), (1000, 700, "¥339622.64"), (1350, 700, "¥20377.36"),
    (200, 780, "价税合计（大写）"), (500, 780, "⊗叁拾陆万圆整"), (1100, 780, "（小写）¥360000.00"),
)  # fmt: skip

IDENTITY = (
    (600, 100, "居民身份证"),
    (150, 200, "姓名"), (300, 200, "赵六"),
    (150, 400, "公民身份号码"), (400, 400, "110101199003074514"),
    (150, 600, "签发机关北京市公安局"),
    (150, 660, "有效期限2015.05.03-2035.05.03"),
)  # fmt: skip

PAPERS: dict[str, tuple[tuple[Row, ...], dict[str, object]]] = {
    "a sole trader's licence without end": (SOLE_TRADER, {
        "kind": "licence", "name": "杭州市西湖区小满茶点铺", "credit_code": "92330106MA2J0R6L4U",
        "type": "个体工商户", "legal_representative": "蒋若溪", "founded_on": "2014-05-06",
        "registered_on": "2016-03-11", "valid_to": "长期",
        "address": "浙江省杭州市西湖区文三路478号商铺102室(自主申报)", "scope": "服务：餐饮服务",
    }),
    "a contract of services": (SERVICES, {
        "kind": "contract", "parties": [
            {"name": "上海云图软件有限公司", "role": "委托方"},
            {"name": "南京睿智信息技术有限公司", "role": "受托方"},
        ],
        "contract_number": "JS[2024]第018号", "signed_on": "2024-04-25",
        "valid_from": "2024-05-01", "valid_to": "2025-04-30", "amount": "360000.00",
        "currency": "CNY", "subject": "技术服务",
    }),
    "a bill of lading": (LADING, {
        "kind": "bill_of_lading", "bill_number": "OOLU6271839450",
        "shipper": "NINGBO HUAYANG TEXTILE CO., LTD.", "consignee": "ATLAS HOME DECOR LLC",
        "notify": "RHEINLAND HANDELS GMBH", "vessel": "COSCO ARIES", "voyage": "047W",
        "port_of_loading": "NINGBO", "port_of_discharge": "HAMBURG",
        "containers": ["CSQU3054383"], "pieces": "412", "weight_kg": "6284.7",
    }),
    "an import declaration, labels above values": (IMPORTS, {
        "kind": "customs_declaration", "declaration_number": "222520241005839170",
        "declarant": "上海捷申报关有限公司", "declared_on": "2024-06-13",
        "bill_number": "OOLU2718281828", "contract_number": "OT-2024-55", "pieces": "86",
        "gross_kg": "1520.5", "net_kg": "1388",
    }),
    "a rail waybill with tons": (RAIL, {
        "kind": "waybill", "waybill_number": "TL20240088", "shipped_on": "2024-06-01",
        "shipper": "山西晋煤集团有限公司", "consignee": "武汉钢联物资有限公司", "pieces": "120",
        "weight_kg": "62500", "amount": "8760.50",
    }),
    "a receipt": (RECEIPT, {
        "kind": "receipt", "receipt_number": "0012873", "issued_on": "2024-03-18",
        "payer": "上海云图软件有限公司", "payee": "南京睿智招标代理有限公司", "amount": "20000.00",
    }),
    "a letter of authority, its number masked": (AUTHORITY, {
        "kind": "authority", "principal": "上海云图软件有限公司", "agent": "赵六",
        "identity_number": "110***********4514", "valid_to": "2024-12-31",
        "signed_on": "2024-03-01",
    }),
    "an electronic invoice, buyer left and seller right": (E_INVOICE, {
        "kind": "invoice", "invoice_number": "24312000000012345678", "issued_on": "2024-03-18",
        "buyer": "上海云图软件有限公司", "seller": "南京睿智信息技术有限公司",
        "amount": "360000.00", "tax": "20377.36",
    }),
    "an identity card, its number masked": (IDENTITY, {
        "kind": "identity", "name": "赵六", "identity_number": "110***********4514",
        "valid_from": "2015-05-03", "valid_to": "2035-05-03",
    }),
}  # fmt: skip


@pytest.mark.parametrize("name", PAPERS)
def test_a_paper_says_what_stands_on_it(name: str) -> None:
    rows, meant = PAPERS[name]
    assert told(suggest(paper(*rows))) == meant


@pytest.mark.parametrize("name", PAPERS)
def test_no_citizens_number_is_shown_whole(name: str) -> None:
    fields = suggest(paper(*PAPERS[name][0])).fields
    assert "110101199003074514" not in str([field.to_dict() for field in fields.values()])


def test_of_many_rows_without_a_total_the_first_is_only_a_guess() -> None:
    goods = [(700, 500 + 50 * n, f"{n + 2}4") for n in range(3)]
    rows = (*RAIL[:4], (700, 450, "件数"), *goods)
    assert field(rows, "pieces").confidence < 0.7


def test_a_column_that_adds_up_is_certain() -> None:
    rows = (*RAIL[:4], (700, 450, "件数"), (700, 500, "24"), (700, 550, "6"))
    summed = field((*rows, (150, 600, "合计"), (700, 600, "30")), "pieces")
    assert (summed.value, summed.certain) == ("30", True)
    assert not field((*rows, (150, 600, "合计"), (700, 600, "31")), "pieces").certain


def test_a_deposit_is_not_the_contracts_amount() -> None:
    rows = [row for row in SERVICES if "合同金额" not in row[2]]
    deposit = (200, 700, "押金：乙方支付押金人民币贰万元整（¥20,000.00）。")
    assert "amount" not in suggest(paper(*rows, deposit)).fields


def test_the_term_of_secrecy_is_not_the_contracts() -> None:
    rows = [row for row in SERVICES if "服务期限" not in row[2]]
    secrecy = (200, 800, "第三条 保密期限: 自 2024年5月1日 至 2030年4月30日 。")
    assert "valid_to" not in suggest(paper(*rows, secrecy)).fields


def field(rows: tuple[Row, ...], name: str) -> Field:
    return suggest(paper(*rows)).fields[name]
