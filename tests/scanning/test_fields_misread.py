"""Fields in spite of letters read wrongly: labels, stops for commas, sums that begin wrongly."""

from decimal import Decimal

import pytest

from scanning.fields import amounts, numbers, suggest
from scanning.fields.labels import Labels
from tests.scanning.test_fields import CONTRACT, LICENCE, paper

FORM = Labels(("发货单位", "收货单位", "托运日期", "Consignee", "收货人", "Port of Discharge"))


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("托运日朗:2024年5月2日", "托运日期"),
        ("Consigee", "Consignee"),
        ("Port of Dischange", "Port of Discharge"),
        ("收货人Consigee", "收货人"),
        ("加货港 Port of Discharge", "Port of Discharge"),
    ],
)
def test_a_label_is_known_in_spite_of_a_wrong_letter(line: str, name: str) -> None:
    assert [mark.names[0] for mark in FORM.marks(line)] == [name]
    assert FORM.begins(line)


@pytest.mark.parametrize("line", ["友货单位:上海云图软件有限公司", "货单:12", "Shipped by sea"])
def test_what_may_be_another_label_or_none_is_not_taken_for_one(line: str) -> None:
    assert FORM.marks(line) == ()


def test_a_value_at_a_misread_label_is_less_sure() -> None:
    right = suggest(paper(LICENCE)).fields["founded_on"]
    bent = suggest(paper(LICENCE.replace("成立日期 2019", "成立日朗：2019"))).fields["founded_on"]
    assert bent.value == right.value
    assert bent.confidence < 0.9


@pytest.mark.parametrize(
    ("read", "meant"),
    [
        ("1,286,500.00", "1286500.00"),
        ("1.286.500.00", "1286500.00"),
        ("1,286.500.00", "1286500.00"),
        ("1.286.500,00", "1286500.00"),
        ("1，286，500", "1286500"),
        ("12.5", "12.5"),
        ("18342.655", "18342.655"),
    ],
)
def test_figures_are_read_in_spite_of_stops_for_commas(read: str, meant: str) -> None:
    assert [value for value, _, _ in amounts.figures_in(read)] == [Decimal(meant)]


def test_the_end_of_a_sum_whose_beginning_is_misread_is_no_sum() -> None:
    assert amounts.capitals_in("人民币贰拾染万伍佰元整") == []
    assert amounts.capitals_in("人民币贰拾柒万伍佰元整")[0][0] == 270_500


def test_a_sum_misread_in_capitals_is_doubtful_in_figures() -> None:
    told = suggest(paper(CONTRACT.replace("捌万陆仟", "捌方陆仟"))).fields["amount"]
    assert (told.value, told.certain) == ("1286500.00", False)


@pytest.mark.parametrize(
    ("read", "meant"),
    [
        ("00LU6271839450", "OOLU6271839450"),
        ("C0SU6271839450", "COSU6271839450"),
        ("EGLV142400187536", "EGLV142400187536"),
        ("20240618003", "20240618003"),
    ],
)
def test_a_bills_carrier_is_written_in_letters(read: str, meant: str) -> None:
    assert numbers.bill_number(read) == meant


def test_a_containers_owner_is_written_in_letters_and_its_check_digit_decides() -> None:
    assert [(n, ok) for n, ok, _, _ in numbers.containers_in("C5QU3054383 CSQU3054384")] == [
        ("CSQU3054383", True),
        ("CSQU3054384", False),
    ]
