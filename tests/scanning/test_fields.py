"""What a paper says where the filing needs to know, read into plain values."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanning.fields import Suggestion, amounts, dates, suggest
from scanning.reading import Line, PageReading
from tests.bench.forms.facts import capitals

CONTRACT = """设备采购合同
甲方（供方）：江苏恒岳精密机械有限公司
乙方（需方）：宁波澄海国际物流股份有限公司
合同编号：HY-2023-SC-00417
签订日期：二〇二三年十一月十六日
第二条 本合同总价为人民币壹佰贰拾捌万陆仟伍佰元整（￥1,286,500.00）。
第六条 违约责任：乙方逾期付款的，按逾期金额的万分之五承担违约责任。
本合同有效期：自2023年12月1日起至2024年11月30日止。"""

LICENCE = """营 业 执 照
统一社会信用代码
91350100M000100Y43
名 称 福州市晋安区青禾茶业有限公司
法定代表人 顾文瀚
注册资本 伍佰万元整
成立日期 2019年05月27日
住 所 福州市晋安区鼓山镇福兴大道18号
经营范围 茶叶销售
登记机关"""


def paper(text: str, confidence: float = 1.0) -> list[PageReading]:
    """A page of these lines, one under another, the first in larger print."""
    lines, top = [], 100
    for row, said in enumerate(text.splitlines()):
        height = 60 if row == 0 else 30
        left = 400 if row == 0 else 100
        box = (left, top, left + height * len(said), top + height)
        lines.append(Line(said, box, confidence))
        top += 2 * height
    return [PageReading(1, tuple(lines), 0, 0.0, 1160, 1700, 150, "test", "1", "ocr")]


def value(suggestion: Suggestion, name: str) -> object:
    return suggestion.fields[name].value


def test_a_contract_tells_its_number_parties_dates_and_amount() -> None:
    suggested = suggest(paper(CONTRACT))
    assert suggested.kind == "contract"
    assert value(suggested, "title") == "设备采购合同"
    assert value(suggested, "contract_number") == "HY-2023-SC-00417"
    assert value(suggested, "signed_on") == "2023-11-16"
    assert (value(suggested, "valid_from"), value(suggested, "valid_to")) == (
        "2023-12-01",
        "2024-11-30",
    )
    assert value(suggested, "amount") == "1286500.00"
    assert value(suggested, "currency") == "CNY"
    assert value(suggested, "parties") == [
        {"name": "江苏恒岳精密机械有限公司", "role": "甲方"},
        {"name": "宁波澄海国际物流股份有限公司", "role": "乙方"},
    ]


def test_the_party_is_never_our_own_company() -> None:
    suggested = suggest(paper(CONTRACT), ["江苏恒岳精密机械有限公司"])
    assert value(suggested, "party") == "宁波澄海国际物流股份有限公司"


def test_a_licence_tells_its_name_and_a_code_that_checks() -> None:
    suggested = suggest(paper(LICENCE))
    assert suggested.kind == "licence"
    assert value(suggested, "credit_code") == "91350100M000100Y43"
    assert suggested.fields["credit_code"].confidence > 0.95
    assert value(suggested, "party") == "福州市晋安区青禾茶业有限公司"
    assert value(suggested, "legal_representative") == "顾文瀚"
    assert value(suggested, "founded_on") == "2019-05-27"
    assert value(suggested, "capital") == "5000000.00"


def test_a_code_whose_check_character_is_wrong_is_doubtful() -> None:
    suggested = suggest(paper(LICENCE.replace("Y43", "Y4A")))
    assert suggested.fields["credit_code"].confidence <= 0.5


def test_eighteen_digits_of_an_account_are_no_credit_code() -> None:
    assert "credit_code" not in suggest(paper(CONTRACT + "\n账号：322019886360590001")).fields


def test_a_value_may_stand_beside_or_below_its_label() -> None:
    lines = (
        Line("公路货物托运单", (300, 50, 700, 110), 1.0),
        Line("托运单号", (100, 200, 220, 230), 1.0),
        Line("YD20240612-08831", (260, 201, 500, 231), 1.0),
        Line("收货人", (700, 200, 790, 230), 1.0),
        Line("成都锦江聚源建材商行", (690, 245, 990, 275), 1.0),
        Line("托运日期", (100, 300, 220, 330), 1.0),
        Line("2024.6.12", (260, 300, 400, 330), 1.0),
    )
    page = PageReading(1, lines, 0, 0.0, 1160, 1700, 150, "test", "1", "ocr")
    suggested = suggest([page])
    assert suggested.kind == "waybill"
    assert value(suggested, "waybill_number") == "YD20240612-08831"
    assert suggested.fields["waybill_number"].box == (260, 201, 500, 231)
    assert value(suggested, "shipped_on") == "2024-06-12"
    assert value(suggested, "consignee") == "成都锦江聚源建材商行"


def test_an_amount_whose_capitals_and_figures_disagree_is_doubtful() -> None:
    agreeing = suggest(paper(CONTRACT)).fields["amount"].confidence
    bent = suggest(paper(CONTRACT.replace("1,286,500.00", "1,236,500.00")))
    assert bent.fields["amount"].confidence < 0.7 < agreeing


def test_what_was_read_doubtfully_is_doubtful() -> None:
    sure, unsure = suggest(paper(CONTRACT)), suggest(paper(CONTRACT, confidence=0.6))
    name = "contract_number"
    assert unsure.fields[name].confidence == pytest.approx(0.6 * sure.fields[name].confidence)


def test_a_field_says_where_it_stands() -> None:
    field = suggest(paper(CONTRACT)).fields["contract_number"]
    assert (field.page, field.box) == (1, paper(CONTRACT)[0].lines[3].box)
    assert field.to_dict()["box"] == list(field.box)


def test_an_unknown_paper_is_other_and_a_blank_one_too() -> None:
    assert suggest(paper("今天天气很好\n明天也是")).kind == "other"
    assert suggest([]) == Suggestion("other", 0.3, {})


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("二〇二四年五月二日", "2024-05-02"),
        ("二○二四年十二月三十一日", "2024-12-31"),
        ("2024 年 5 月 2 日", "2024-05-02"),
        ("２０２４年５月２日", "2024-05-02"),
        ("2024-05-02", "2024-05-02"),
        ("2024.5.2", "2024-05-02"),
        ("2024/5/2", "2024-05-02"),
        ("20240502", "2024-05-02"),
        ("贰零贰肆年零壹月壹拾伍日", "2024-01-15"),
        ("2024年零壹拾月零贰拾日", "2024-10-20"),
        ("March 9, 2021", "2021-03-09"),
        ("14 MAR 2018", "2018-03-14"),
        ("2024年5月", "2024-05"),
        ("2024年", "2024"),
    ],
)
def test_a_date_in_any_form_is_read_and_a_partial_one_stays_partial(
    written: str, meant: str
) -> None:
    assert [date for date, _, _ in dates.dates_in(f"于{written}签订")] == [meant]


@pytest.mark.parametrize("written", ["2023年2月30日", "2023年13月1日", "1234年5月6日", "三月五日"])
def test_what_is_no_date_is_not_made_one(written: str) -> None:
    assert dates.dates_in(written) == []


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("壹仟肆佰零玖元伍角", "1409.50"),
        ("壹万陆仟肆佰零玖元零贰分", "16409.02"),
        ("陆仟零柒元壹角肆分", "6007.14"),
        ("壹亿贰仟叁佰万零伍拾圆整", "123000050.00"),
        ("拾万元整", "100000.00"),
        ("柒仟零壹拾捌圆捌角叁分", "7018.83"),
        ("叁佰万美元整", "3000000.00"),
    ],
)
def test_amounts_in_capitals_are_read(written: str, meant: str) -> None:
    assert [amounts.money(value) for value, _, _ in amounts.capitals_in(f"人民币{written}")] == [
        meant
    ]


@given(st.integers(min_value=1, max_value=10**12 - 1))
def test_every_whole_amount_comes_back_from_its_capitals(amount: int) -> None:
    assert amounts.capitals_in(capitals(Decimal(amount)))[0][0] == Decimal(amount)
