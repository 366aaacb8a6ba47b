"""The lists: columns, pages, page numbers, texts of every length."""

from collections.abc import Sequence
from io import BytesIO

import pytest

from labels.forms import lists
from labels.forms.lists import Catalogue, Entry, FileList, Handed, Item, Transfer
from tests.labels.forms.paperwork import embedded, overlapping, pages, rules, size, words

CODE, TITLE = "Q001-ZY·KH·2·2024·D10-0001", "江苏恒岳精密机械有限公司 合同与订单 2024"
COMPANIES = ("启明公司", "江苏恒岳精密机械有限公司")
LONGEST = "关于𠮷野家株式会社与㐱氏物流有限公司签订的设备采购合同及其补充协议，" * 20


def item(number: int) -> Item:
    return Item(
        number, f"第{number}份合同" + "及其附件" * (number % 5), number % 3 + 1,
        f"{CODE}-{number:03d}", f"HY-2024-{number}", COMPANIES[number % 2],
        "2024-05-31", "内部", "复印件" if number % 4 == 0 else "",
    )  # fmt: skip


def catalogue(items: Sequence[Item]) -> Catalogue:
    return Catalogue(CODE, TITLE, items)


def printed(*catalogues: Catalogue, by_count: bool = False) -> BytesIO:
    target = BytesIO()
    assert lists.draw_catalogues(catalogues, target, by_count=by_count).lacking == ""
    return target


def test_a_catalogue_has_the_columns_and_rows_it_was_given() -> None:
    pdf = printed(catalogue([item(number) for number in range(1, 6)]))
    (page,) = pages(pdf)
    told = words(page)
    assert size(page) == (210, 297)
    for field in (
        "卷内文件目录", f"档号：{CODE}", f"案卷题名：{TITLE.replace(' ', '')}",
        "序号文号责任者题名日期页号备注", "HY-2024-3", "第3份合同及其附件及其附件及其附件",
        "20240531", "复印件", "第1页共1页",
    ):  # fmt: skip
        assert field in told
    assert overlapping(pdf) == []
    assert embedded(page)


def test_the_columns_stand_to_the_millimetre_between_the_holes_and_the_rim() -> None:
    (page,) = pages(printed(catalogue([item(1)])))
    downward = sorted({rule.x for rule in rules(page) if rule.width == 0})
    assert downward == [25, 37, 62, 88, 140, 160, 173, 198]


def test_pages_are_numbered_through_a_bound_volume_and_counted_in_a_loose_one() -> None:
    items = [Item(1, "甲", 3), Item(2, "乙", 0), Item(3, "丙", 4), Item(4, "丁", 2)]
    told = [words(pages(printed(catalogue(items), by_count=way))[0]) for way in (False, True)]
    assert [one.rpartition("备注")[2] for one in told] == [
        "1甲12乙3丙44丁8-9第1页共1页",
        "1甲32乙03丙44丁2第1页共1页",
    ]
    assert "页号" in told[0]
    assert "页数" in told[1]


def test_1500_rows_keep_their_order_under_a_heading_on_every_page() -> None:
    items = [Item(number, f"设备采购合同{number:04}号", 1) for number in range(1, 1501)]
    sheets = pages(printed(catalogue(items)))
    told = [words(sheet) for sheet in sheets]
    count = len(sheets)
    assert count > 50
    assert [one.endswith(f"第{number}页共{count}页") for number, one in enumerate(told, 1)] == [
        True
    ] * count
    assert all("序号文号责任者题名日期页号备注" in one and CODE in one for one in told)
    whole = "".join(told)
    places = [whole.find(f"设备采购合同{number:04}号") for number in range(1, 1501)]
    assert -1 not in places
    assert places == sorted(places)


def test_each_volumes_pages_are_numbered_from_one() -> None:
    many = catalogue([item(number) for number in range(1, 61)])
    told = [words(page) for page in pages(printed(many, catalogue([item(1)]), catalogue([])))]
    count = len(told) - 2
    assert count > 1
    assert [one.rpartition("第")[2] for one in told] == [
        *(f"{number}页共{count}页" for number in range(1, count + 1)), "1页共1页", "1页共1页",
    ]  # fmt: skip


def test_the_longest_texts_wrap_and_are_never_cut() -> None:
    """The longest that the archive takes: title 300, number 100, who answers 200, remark 500."""
    long = Item(
        1500, LONGEST[:300], 99, CODE + "-1500", LONGEST[:100], LONGEST[:200], "2024-05-31",
        "普通商密", LONGEST[:500],
    )  # fmt: skip
    around = [item(1), long, item(3)]
    by_item = BytesIO()
    lists.draw_item_catalogues([Catalogue(CODE, LONGEST[:400], around)], by_item)
    for pdf in (printed(Catalogue(CODE, LONGEST[:400], around)), by_item):
        told = [words(page) for page in pages(pdf)]
        (row,) = [one for one in told if "1500" in one.replace(CODE, "")]
        for column in (long.title, long.reference, long.responsible, long.remark):
            assert row.count(column) >= 1
        assert not any("…" in one for one in told)
        assert overlapping(pdf) == []


def test_a_catalogue_of_items_lies_on_its_side_with_codes_and_secrecy() -> None:
    pdf = BytesIO()
    lists.draw_item_catalogues([catalogue([item(number) for number in range(1, 30)])], pdf)
    first = pages(pdf)[0]
    assert size(first) == (297, 210)
    told = words(first)
    assert "序号档号文号责任者题名日期密级页数备注" in told
    assert f"{CODE}-001" in told
    assert "内部" in told
    assert overlapping(pdf) == []


def test_a_file_list_names_its_category_and_year_and_every_volume() -> None:
    entries = [
        Entry(number, f"Q001-ZY·KH·2·2024·D10-{number:04}", f"第{number}公司 合同与订单 2024",
              12, 86, "10 年", "2024-01-05", "2024-12")
        for number in range(1, 41)
    ]  # fmt: skip
    pdf = BytesIO()
    lists.draw_file_lists([FileList("本公司", "2 合同与订单", "2024", entries)], pdf)
    told = [words(page) for page in pages(pdf)]
    assert all("类目名称：2合同与订单" in one and "年度：2024" in one for one in told)
    assert all(entry.code in "".join(told) for entry in entries)
    assert "202401-202412" in told[0]
    assert told[-1].endswith(f"第{len(told)}页共{len(told)}页")
    assert overlapping(pdf) == []


@pytest.mark.parametrize("count", range(9, 16))
def test_what_is_signed_stands_once_and_never_without_a_row_above_it(count: int) -> None:
    lines = tuple(
        Handed(number, f"第{number}份合同", "2024", f"HY-{number}", 2, "10 年")
        for number in range(1, count + 1)
    )
    pdf = BytesIO()
    lists.draw_transfers([Transfer("销售部", "2024-06-07", lines, giver="李雷")], pdf)
    told = [words(page) for page in pages(pdf)]
    assert [("移交人(签名)：李雷" in one) for one in told] == [*([False] * (len(told) - 1)), True]
    assert f"第{count}份合同" in told[-1]
    assert f"合计：{count}条，{2 * count}页" in told[0]
    assert "移交部门：销售部" in told[0]
    assert "移交时间：2024年6月7日" in told[0]
    assert overlapping(pdf) == []
