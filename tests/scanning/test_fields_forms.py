"""Where values stand on forms: beside labels, below them, in columns; and very many lines."""

import time

import pytest

from scanning.fields import amounts, dates, numbers, suggest
from scanning.fields.paper import Paper
from scanning.reading import Line, PageReading
from tests.bench import typed
from tests.bench.fields import typed_out
from tests.scanning.test_fields_kinds import Row, paper

BILL = ((600, 100, "BILL OF LADING"), (1200, 200, "B/L No. COSU6342817750"))


def fields(*rows: Row) -> dict[str, object]:
    return {name: one.value for name, one in suggest(paper(*rows)).fields.items()}


def test_beside_a_label_in_a_row_of_labels_stands_no_value() -> None:
    told = fields(
        *BILL,
        (100, 500, "6. Ocean Vessel"), (500, 500, "7. Port of Loading"),
        (900, 500, "Service Contract No."),
        (100, 540, "CSCL SATURN"), (500, 540, "XINGANG, CHINA"),
    )  # fmt: skip
    assert told["vessel"] == "CSCL SATURN"
    assert told["port_of_loading"] == "XINGANG, CHINA"


def test_a_label_may_be_printed_over_two_lines_of_a_narrow_cell() -> None:
    told = fields(
        *BILL,
        (100, 500, "No. of Container"), (600, 500, "Gross"),
        (100, 532, "or Packages"), (600, 532, "Weight"),
        (100, 590, "36 PACKAGES"), (600, 590, "41872 KGS"),
    )  # fmt: skip
    assert (told["pieces"], told["weight_kg"]) == ("36", "41872")


def test_the_second_half_of_a_label_in_its_own_cell_is_no_name() -> None:
    told = fields(
        (600, 100, "铁路货物运单"), (1200, 200, "运单号码 A0173562"),
        (100, 400, "托运人"), (300, 400, "名称"), (500, 400, "河北敬业钢铁销售有限公司"),
        (100, 480, "收货人"), (300, 480, "名称"), (500, 480, "广州市番禺钢材市场有限公司"),
    )  # fmt: skip
    assert told["shipper"] == "河北敬业钢铁销售有限公司"
    assert told["consignee"] == "广州市番禺钢材市场有限公司"


def test_a_label_of_the_same_language_is_no_translation_of_the_one_before() -> None:
    told = fields((600, 100, "营业执照"), (200, 300, "名称 福州青禾茶业有限公司"),
                  (200, 400, "经营范围 一般项目：创业投资；茶叶销售"))  # fmt: skip
    assert told["scope"] == "一般项目：创业投资；茶叶销售"


def test_places_of_a_sum_that_a_form_fills_with_noughts_count_nothing() -> None:
    assert amounts.capitals_in("零拾零万伍仟陆佰零拾零元零角零分")[0][0] == 5_600


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("03 8月/AUG 2029", "2029-08-03"),
        ("2018年1O月29日", "2018-10-29"),
        ("2018年10月Z9日", "2018-10-29"),
    ],
)
def test_a_date_is_read_in_two_languages_and_in_spite_of_letters(written: str, meant: str) -> None:
    assert [one for one, _, _ in dates.dates_in(written)] == [meant]


@pytest.mark.parametrize(
    ("read", "meant"),
    [
        ("CTZY-GC-2021-O46", "CTZY-GC-2021-046"),
        ("BJ2O240226-03", "BJ20240226-03"),
        ("XS-20240315-0O7", "XS-20240315-007"),
        ("SO240116022", "SO240116022"),
        ("A-OIL-12", "A-OIL-12"),
        ("JG0B17", "JG0B17"),
    ],
)
def test_a_letter_among_figures_is_a_figure(read: str, meant: str) -> None:
    assert numbers.house_number(read) == meant


def test_a_figure_whose_last_nought_is_read_as_a_letter_keeps_it() -> None:
    assert [value for value, _, _ in amounts.figures_in("6100O")] == [61_000]


def test_a_sum_of_which_a_paper_says_that_it_is_a_part_is_not_the_sum() -> None:
    told = suggest(
        paper(
            (600, 100, "建设工程施工合同"), (200, 300, "发包人：湖北楚天置业有限公司"),
            (200, 350, "承包人：中建华盛建设集团有限公司"),
            (200, 500, "其中：安全文明施工费：人民币（大写）柒拾陆万元整（￥760,000.00元）；"),
        )
    )  # fmt: skip
    amount = told.fields.get("amount")
    assert amount is None or not amount.certain


def test_two_cells_read_as_one_line_are_cut_where_the_next_label_begins() -> None:
    cuts = tuple(range(100, 100 + 16 * 29, 16))
    lines = (
        Line("BILL OF LADING", (600, 60, 1000, 110), 0.99),
        Line("Ocean vessel", (100, 300, 290, 330), 0.99),
        Line("Port of loading", (370, 300, 600, 330), 0.99),
        Line("OOCL BRISBANE    NANSHA PORT"[:28], (100, 340, 548, 370), 0.99, cuts),
    )
    page = PageReading(1, lines, 0, 0.0, 1700, 2300, 200, "test", "1", "ocr")
    told = suggest([page]).fields
    assert told["vessel"].value == "OOCL BRISBANE"
    assert told["port_of_loading"].value == "NANSHA PORT"
    assert not told["vessel"].certain


def test_heads_of_columns_read_as_one_line_have_their_values_below() -> None:
    cuts = tuple(range(100, 100 + 16 * 32, 16))[:29]
    lines = (
        Line("BILL OF LADING", (600, 60, 1000, 110), 0.99),
        Line("Gross Weight     Measurement", (100, 300, 548, 330), 0.99, cuts),
        Line("7420 KGS", (100, 340, 230, 370), 0.99),
        Line("61.2 CBM", (372, 340, 500, 370), 0.99),
    )
    page = PageReading(1, lines, 0, 0.0, 1700, 2300, 200, "test", "1", "ocr")
    assert suggest([page]).fields["weight_kg"].value == "7420"


def test_the_label_of_another_person_in_two_languages_names_no_party() -> None:
    told = fields(
        (600, 100, "采购订单"), (200, 300, "供应商：昆山精工弹簧有限公司"),
        (200, 350, "采购方 Buyer：博泽汽车部件（太仓）有限公司"),
        (200, 900, "采购员 Purchaser：顾菲"),
    )  # fmt: skip
    assert told["parties"] == [
        {"name": "昆山精工弹簧有限公司", "role": "供应商"},
        {"name": "博泽汽车部件（太仓）有限公司", "role": "采购方"},
    ]


def test_an_english_contract_calls_its_parties_in_brackets() -> None:
    told = fields(
        (500, 100, "INSPECTION SERVICES AGREEMENT"),
        (100, 300, "This Agreement is entered into as of February 1, 2021 by and between:"),
        (100, 340, '(1) Ashford & Lane Apparel Limited, a company of Leeds (the "Client"); and'),
        (100, 380, '(2) Trustmark Inspection Co., Ltd., of Shenzhen (the "Service Provider").'),
        (100, 420, "WHEREAS the Client wishes to appoint the Service Provider."),
        (100, 460, "This Agreement shall continue until January 31, 2023."),
    )
    assert told["parties"] == [
        {"name": "Ashford & Lane Apparel Limited", "role": "Client"},
        {"name": "Trustmark Inspection Co., Ltd.", "role": "Service Provider"},
    ]
    assert (told["signed_on"], told["valid_to"]) == ("2021-02-01", "2023-01-31")


def test_a_receipt_is_for_a_deposit_too_and_names_who_paid_it() -> None:
    told = fields(
        (700, 100, "收条"),
        (
            100,
            300,
            "今收到陕西秦峰钻探工程有限公司退还投标保证金人民币壹万伍仟元整（15000.00元）。",
        ),
        (900, 500, "2022年8月30日"),
    )
    assert (told["payer"], told["amount"]) == ("陕西秦峰钻探工程有限公司", "15000.00")


def test_a_parcel_has_its_number_by_the_posts_own_check_digit() -> None:
    assert [(number, ok) for number, ok, _, _ in numbers.postal_in("RB123456785GB")] == [
        ("RB123456785GB", True)
    ]
    assert [ok for _, ok, _, _ in numbers.postal_in("RB123456784GB")] == [False]


def test_a_number_goes_on_after_chinese_letters_between_strokes() -> None:
    told = fields(
        (600, 100, "处置协议"),
        (900, 200, "合同编号：AQGZ2022-危废-015"),
        (100, 300, "甲方：安庆港贮有限公司"),
        (100, 350, "乙方：芜湖绿源有限公司"),
    )
    assert told["contract_number"] == "AQGZ2022-危废-015"


def test_twenty_thousand_characters_each_read_as_a_line_take_no_longer_than_a_moment() -> None:
    corners = [(24 * (n % 140), 24 * (n // 140)) for n in range(20_000)]
    lines = tuple(
        Line("名称住所类型"[n % 6], (left, top, left + 22, top + 22), 0.9)
        for n, (left, top) in enumerate(corners)
    )
    page = PageReading(1, lines, 0, 0.0, 3_400, 3_500, 200, "test", "1", "ocr")
    began = time.process_time()
    joined = Paper([page]).places
    assert time.process_time() - began < 3
    assert joined[0].plain == "名称"


@pytest.mark.parametrize("half", typed.HALVES)
@pytest.mark.parametrize("seed", [None, 1])
def test_other_peoples_forms_are_read_and_what_is_certain_is_right(
    half: str, seed: int | None
) -> None:
    bench = typed_out(half, [seed])
    figures = list(bench.rows())[-1]
    assert bench.wrongly_certain == []
    assert figures["precision"] >= (0.9 if seed else 0.99)
    assert figures["recall"] >= (0.85 if seed else 0.98)
