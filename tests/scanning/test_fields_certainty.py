"""Which values are shown without doubt, and why."""

from pathlib import Path

import pytest

from scanning.engines import READERS
from scanning.fields import Field, Known, suggest
from scanning.fields.certainty import recognised
from scanning.reading import Box, PageReading
from scanning.second import SecondReader, Sheet
from scanning.workshop import Workshop
from tests.scanning.papers import drawn
from tests.scanning.test_fields import CONTRACT, LICENCE, paper

NUMBER = "HY-2023-SC-00417"


def number(second: str | None, text: str = CONTRACT) -> Field:
    """The contract's number, where a second reader reads `second` everywhere."""

    def reads(page: int, box: Box, script: str) -> str:
        return second or ""

    return suggest(paper(text), second=reads if second is not None else None).fields[
        "contract_number"
    ]


def test_what_two_readers_read_alike_is_certain() -> None:
    told = number(f"{NUMBER} ")
    assert (told.certain, told.reason.text) == (True, "A second reader reads the same.")
    assert told.confidence >= 0.95


@pytest.mark.parametrize("second", ["HY-2023-SC-00411", "HY-2023-SC-004171", "合同"])
def test_what_two_readers_read_differently_is_doubtful(second: str) -> None:
    told = number(second)
    assert (told.certain, told.reason.text) == (False, "A second reader reads it differently.")


def test_what_a_second_reader_cannot_read_is_doubtful() -> None:
    told = number("")
    assert (told.certain, told.reason.text) == (False, "A second reader cannot read it.")


def test_without_a_second_reader_a_number_is_doubtful() -> None:
    assert not number(None).certain


def test_two_values_for_one_field_are_both_doubtful_and_the_other_is_named() -> None:
    told = number(NUMBER, CONTRACT + "\n合同编号：HY-2023-SC-00999")
    assert not told.certain
    assert told.reason.text % told.reason.params == "The paper also says HY-2023-SC-00999."


def test_an_amount_is_certain_when_capitals_and_figures_agree() -> None:
    agreeing = suggest(paper(CONTRACT)).fields["amount"]
    bent = suggest(paper(CONTRACT.replace("1,286,500.00", "1,236,500.00"))).fields["amount"]
    assert agreeing.certain
    assert not bent.certain
    assert bent.reason.text == "The amount in figures differs from the amount in capitals."


def test_a_code_is_certain_by_its_check_digit_alone() -> None:
    right = suggest(paper(LICENCE)).fields["credit_code"]
    wrong = suggest(paper(LICENCE.replace("Y43", "Y4A"))).fields["credit_code"]
    assert (right.certain, wrong.certain) == (True, False)


def test_a_partial_date_is_never_certain() -> None:
    text = CONTRACT.replace("二〇二三年十一月十六日", "2023年11月")
    told = suggest(paper(text), second=lambda *_: "2023年11月").fields["signed_on"]
    assert (told.value, told.certain) == ("2023-11", False)


def test_what_was_read_with_difficulty_is_doubtful_whoever_agrees() -> None:
    told = suggest(paper(CONTRACT, confidence=0.8), second=lambda *_: NUMBER)
    assert not told.fields["contract_number"].certain


def test_a_value_that_stands_at_no_label_is_doubtful_whoever_agrees() -> None:
    told = suggest(paper(CONTRACT), second=lambda *_: "设备采购").fields["subject"]
    assert (told.value, told.certain) == ("设备采购", False)
    assert told.reason.text == "No label on the paper says for certain what it is."


def test_a_known_partys_name_is_certain_and_one_like_it_is_pointed_out() -> None:
    known = [Known("福州市晋安区青禾茶业有限公司", "91350100M000100Y43")]
    exact = suggest(paper(LICENCE), known=known).fields["name"]
    bent = suggest(paper(LICENCE.replace("青禾茶业", "青未茶业")), known=known).fields["name"]
    assert exact.certain
    assert not bent.certain
    assert bent.reason.params == {"name": "福州市晋安区青禾茶业有限公司"}


def test_a_known_party_is_recognised_by_code_before_name() -> None:
    ours, theirs = Known("青禾茶业有限公司", "A"), Known("澄海物流有限公司", "B")
    assert recognised("青禾茶叶有限公司", [ours, theirs]) == ours
    assert recognised("青禾茶业有限公司", [ours, theirs], "B") == theirs
    assert recognised("毫不相干的商行", [ours, theirs]) is None


def test_the_end_of_a_term_without_end_is_doubtful_and_as_printed() -> None:
    told = suggest(paper(LICENCE.replace("经营范围", "营业期限 永续经营\n经营范围")))
    end = told.fields["valid_to"]
    assert (end.value, end.certain, end.reason.text) == ("永续经营", False, "The term has no end.")


@pytest.mark.skipif(not READERS["tesseract"]().available(), reason="Tesseract is not installed")
def test_tesseract_backs_what_it_reads_on_the_fields_own_words(tmp_path: Path) -> None:
    drawn().rotate(180).save(tmp_path / "page.png")
    with Workshop(workers=1, seconds=60) as workshop:
        reading: PageReading = workshop.read_page(tmp_path / "page.png", 1)
    second = SecondReader([Sheet(tmp_path / "page.png", 1, reading)])
    told = suggest([reading], second=second).fields
    assert told["contract_number"].certain
    assert told["signed_on"].certain
