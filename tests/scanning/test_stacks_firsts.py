"""The reader's own judgement: which pages may begin a new paper, and on what ground."""

from dataclasses import replace

import pytest

from scanning.reading import PageReading
from scanning.stacks.sheets import Reason
from scanning.stacks.splitting import Settings, split
from tests.scanning.leaves import BLANK, FIRST, TEXT, papers, read

LAST = read("第九条 本合同一式两份。", "甲方（盖章）：  法定代表人：", "第2页 共2页")
# A page full of text that says nothing of where it belongs.
GOES_ON = read(*["乙方应在收到书面通知之日起三个工作日内完成整改。"] * 5)
OTHER = read("公路货物运输托运单", "收货人：宁波澄海五金制品有限公司", "第1页 共1页")


def test_a_new_first_page_is_suggested_with_its_ground_and_parts_nothing() -> None:
    found = split([TEXT, TEXT, TEXT], readings=[FIRST, LAST, OTHER])
    assert papers(found) == [(0, 1, 2)]
    (suggestion,) = found.suggestions
    assert (suggestion.at, suggestion.reason, suggestion.certain) == (2, Reason.READER, False)
    assert "first" in str(suggestion.said)
    assert 0.5 <= suggestion.score <= 1


def test_the_reader_parts_where_it_is_trusted_but_never_for_certain() -> None:
    found = split(
        [TEXT, TEXT, TEXT], readings=[FIRST, LAST, OTHER], settings=Settings(trust_reader=True)
    )
    assert papers(found) == [(0, 1), (2,)]
    assert found.papers[1].boundary.reason is Reason.READER
    assert not found.papers[1].boundary.certain
    assert found.suggestions == ()


@pytest.mark.parametrize(
    "second",
    [
        read("第二条 价款", "合同总价为人民币壹拾万元整"),
        read("附件一：技术协议", "上海远帆物流有限公司"),
        read("续表", "序号 名称 数量"),
        read("第2页 共5页", "购销合同"),
        read("二、付款方式"),
    ],
)
def test_a_page_that_goes_on_is_not_suggested(second: PageReading) -> None:
    assert split([TEXT, TEXT], readings=[FIRST, second]).suggestions == ()


def test_another_size_of_paper_counts_but_a_turned_sheet_does_not() -> None:
    slip = replace(TEXT, width=472, height=1181)  # 80 × 200 mm
    turned = replace(TEXT, width=1754, height=1240)
    signed = read("第九条 本合同一式两份。", "甲方（盖章）：")
    scores = [
        sum(one.score for one in split([TEXT, second], readings=[signed, GOES_ON]).suggestions)
        for second in (slip, turned)
    ]
    assert scores[0] >= 0.5 and scores[1] == 0


@pytest.mark.parametrize(
    "unreadable", [None, read(), read("托运 收货 件数 重量 运费 备注", confidence=0.4)]
)
def test_a_page_that_cannot_be_read_may_be_a_first_page(unreadable: PageReading | None) -> None:
    found = split([TEXT, TEXT, TEXT], readings=[FIRST, unreadable, LAST])
    assert [one.at for one in found.suggestions] == [1]
    assert "nobody can tell" in str(found.suggestions[0].said)
    assert papers(found) == [(0, 1, 2)]


@pytest.mark.parametrize(
    "few",
    [
        read("姓名 刘志", "性别 男 民族 汉", "住址 潍坊市新华路12号"),
        read("扫码了解更多优惠", "活动于本月内有效"),
    ],
)
def test_a_page_of_few_words_that_nothing_ties_to_the_one_before_is_asked_about(
    few: PageReading,
) -> None:
    (suggestion,) = split([TEXT, TEXT, TEXT], readings=[FIRST, GOES_ON, few]).suggestions
    assert suggestion.at == 2
    assert "few words" in str(suggestion.said).lower()


@pytest.mark.parametrize(
    "few",
    [
        read("甲方（盖章）：", "乙方（盖章）：", "日期：2025年3月1日"),
        read("上海远帆物流有限公司", "2025年3月1日"),
        read("第三条 交货地点：宁波"),
    ],
)
def test_few_words_that_end_the_paper_before_or_go_on_from_it_are_not_asked_about(
    few: PageReading,
) -> None:
    assert split([TEXT, TEXT], readings=[FIRST, few]).suggestions == ()


def test_a_stack_that_nobody_read_gets_no_suggestion() -> None:
    assert split([TEXT, TEXT], readings=[None, None]).suggestions == ()


def test_a_page_behind_a_blank_sheet_may_be_a_first_page() -> None:
    stack, readings = [TEXT, TEXT, BLANK, TEXT], [FIRST, GOES_ON, None, GOES_ON]
    found = split(stack, readings=readings)
    assert [one.at for one in found.suggestions] == [3]
    assert "nothing on it" in str(found.suggestions[0].said)
    numbered = read("第三条 交付", "第2页 共2页")
    assert split(stack, readings=[*readings[:3], numbered]).suggestions == ()


@pytest.mark.parametrize("two_sided", [True, False])
def test_a_page_behind_a_blank_back_is_no_first_page_for_that(two_sided: bool) -> None:
    stack, readings = [TEXT, BLANK] * 3, [FIRST, None, GOES_ON, None, GOES_ON, None]
    found = split(stack, readings=readings, settings=Settings(two_sided=two_sided))
    assert found.suggestions == ()


def test_the_name_of_a_kind_of_paper_makes_a_first_page_though_its_print_is_small() -> None:
    said = ("托运日期：2024年6月12日", "托运人", "收货人")
    plain = replace(read("公路货物运输托运单", *said), width=510)
    assert [one.at for one in split([TEXT, TEXT], readings=[FIRST, plain]).suggestions] == [1]
    again = replace(read("购销合同", "合同编号：HY-2024-117", "续前页：交付"), width=360)
    begins = replace(read("购销合同", "合同编号：HY-2024-117", "甲方：某公司"), width=360)
    assert split([TEXT, TEXT], readings=[begins, again]).suggestions == ()
