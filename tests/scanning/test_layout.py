"""Lines are read in the order a person reads them."""

import time

import numpy as np
from PIL import Image, ImageDraw

from scanning import layout, rulings
from scanning.reading import Line
from tests.scanning.papers import np_picture


def line(text: str, left: int, top: int, right: int = 0, height: int = 20) -> Line:
    return Line(text, (left, top, right or left + 20 * len(text), top + height), 1.0)


def order(*lines: Line) -> list[str]:
    return [one.text for one in layout.in_reading_order(lines)]


def column(name: str, left: int, rows: int, top: int = 100) -> list[Line]:
    """Running text, 400 wide, its last line short."""
    said = [f"{name} line {row} of the running text" for row in range(rows)]
    ends = [left + 400] * (rows - 1) + [left + 150]
    return [line(text, left, top + 30 * i, ends[i]) for i, text in enumerate(said)]


def ruled(size: tuple[int, int], *boxes: tuple[int, int, int, int]) -> rulings.Cells:
    """The cells of a page on which these boxes are drawn in hairlines."""
    page = Image.new("RGB", size, "white")
    for box in boxes:
        ImageDraw.Draw(page).rectangle(box, outline=(120, 120, 120))
    return rulings.cells(np_picture(page), [(0, 0, 100, 20)])


def test_a_row_is_read_from_left_to_right_though_its_lines_differ_in_height() -> None:
    assert order(line("乙方", 500, 98), line("甲方", 100, 102), line("合同", 300, 20, 400, 40)) == [
        "合同", "甲方", "乙方",
    ]  # fmt: skip


def test_two_columns_of_text_are_read_one_after_the_other_under_their_heading() -> None:
    left, right = column("left", 100, 8), column("right", 560, 8)
    heading = line("A heading over both columns of the page", 150, 40, 900)
    mixed = [one for pair in zip(right, left, strict=True) for one in pair]
    assert order(*mixed, heading) == [one.text for one in (heading, *left, *right)]


def test_a_heading_in_the_middle_ends_both_columns_above_it() -> None:
    upper = [*column("a", 100, 6), *column("b", 560, 6)]
    middle = line("A heading over both columns of the page", 150, 400, 900)
    lower = [*column("c", 100, 6, 500), *column("d", 560, 6, 500)]
    assert order(*lower, middle, *upper) == [one.text for one in (*upper, middle, *lower)]


def test_three_columns_of_text_are_read_one_after_the_other_under_a_title_over_the_middle_one() -> (
    None
):
    columns = [column(name, 100 + 460 * at, 8) for at, name in enumerate("abc")]
    title, number = line("A title", 720, 20, height=40), line("- 7 -", 740, 800)
    mixed = [one for row in zip(*columns[::-1], strict=True) for one in row]
    assert order(number, *mixed, title) == [
        one.text for one in (title, *(one for column in columns for one in column), number)
    ]


def test_a_running_head_and_a_page_number_do_not_stand_between_two_columns() -> None:
    left, right = column("left", 100, 8), column("right", 560, 8)
    head, number = line("Head of the right", 600, 20), line("12", 100, 700)
    assert order(*right, *left, number, head) == [one.text for one in (head, *left, *right, number)]


def test_a_few_lines_far_apart_are_no_column() -> None:
    text = column("text", 100, 40)
    far = [
        line(f"Number 8{i} of the list", 600, top) for i, top in enumerate((100, 130, 160, 1270))
    ]
    assert order(*far, *text)[:3] == [text[0].text, far[0].text, text[1].text]


def test_a_line_below_the_foot_of_a_title_is_read_after_it() -> None:
    title, code = line("营业执照", 400, 100, 800, 80), line("统一社会信用代码", 60, 169)
    assert order(code, title) == [title.text, code.text]


def test_a_text_goes_on_beside_an_entrys_figures() -> None:
    """A list of goods without rulings: two lines of one name, the figures beside the first."""
    goods = [
        (line("不锈钢法兰盘及其配套的密封垫片和螺栓一", 60, 100 + 80 * i, 440),
         line("套", 60, 128 + 80 * i), line(f"{i}.00", 600, 100 + 80 * i))
        for i in range(3)
    ]  # fmt: skip
    assert order(*(one for entry in reversed(goods) for one in entry[::-1])) == [
        one.text for entry in goods for one in entry
    ]


def test_a_stamp_beside_a_paragraph_does_not_tear_it() -> None:
    ends = (500, 500, 500, 300)
    text = [
        line(f"第{i}行正文", 140 if i == 0 else 100, 100 + 30 * i, end)
        for i, end in enumerate(ends)
    ]
    stamp = line("已收讫", 600, 138, 700, 26)
    ordered = order(stamp, *text[::-1])
    assert [one for one in ordered if one != stamp.text] == [one.text for one in text]
    assert ordered.index(stamp.text) in (0, 4)


def test_columns_written_down_are_read_from_the_right() -> None:
    columns = [
        line("自右而左书写", 700 - 60 * at, 100, 730 - 60 * at, 200 - 40 * (at % 2))
        for at in range(5)
    ]
    assert layout.in_reading_order(columns[::-1]) == columns
    cells = ruled((800, 400), (20, 20, 790, 380))
    assert layout.in_reading_order(columns[::-1], cells) == columns


def test_rows_of_cells_written_down_are_read_from_the_right() -> None:
    cells = ruled((500, 500), (20, 20, 240, 220), (20, 220, 240, 420), (240, 20, 460, 220),
                  (240, 220, 460, 420))  # fmt: skip
    right = [line("姓名一", 340, 50, 370, 90), line("张文瀚", 340, 250, 370, 90)]
    left = [line("住址一", 120, 50, 150, 90), line("无锡市", 120, 250, 150, 90)]
    assert layout.in_reading_order([*left, *right], cells) == [*right, *left]


def test_labels_and_values_side_by_side_are_no_columns() -> None:
    rows = [
        (line(f"第{i}项", 100, 40 * i), line(f"这是第{i}项的内容", 300, 40 * i)) for i in range(9)
    ]
    assert order(*(one for row in reversed(rows) for one in row)) == [
        one.text for row in rows for one in row
    ]


def test_lines_close_under_one_another_stay_together() -> None:
    code = [line("统一社会信用代码", 60, 160), line("91440300MA5G2T6X0P", 60, 182)]
    copy, number = line("（正本）", 500, 182), line("编号 S1920", 700, 160)
    assert order(number, copy, *code) == [one.text for one in (*code, copy, number)]


def test_rows_of_a_list_are_not_torn_apart_however_close_they_stand() -> None:
    rows = [(line("条码商品", 60, 22 * i), line(f"{i}.00", 300, 22 * i)) for i in range(5)]
    assert order(*(one for row in rows for one in row[::-1])) == [
        one.text for row in rows for one in row
    ]


def test_a_cell_is_read_whole_before_the_next() -> None:
    cells = ruled((700, 200), (20, 20, 220, 120), (220, 20, 420, 120), (420, 20, 620, 120))
    name = [line("成都交子金融", 40, 40), line("有限公司", 40, 75)]
    term = [line("签订之日起", 240, 40), line("十二月", 240, 75)]
    amount = line("1200", 440, 58)
    ordered = layout.in_reading_order([*term, amount, *name], cells)
    assert ordered == [*name, *term, amount]


def test_a_heading_over_several_columns_comes_before_what_it_heads() -> None:
    cells = ruled(
        (700, 200),
        *((20, 20, 120, 120), (120, 20, 420, 70), (420, 20, 620, 120)),
        *((120, 70, 270, 120), (270, 70, 420, 120)),
    )
    name, heading, kind = line("名称", 40, 60), line("股份", 240, 35), line("性质", 480, 60)
    state, count = line("状态", 160, 85), line("数量", 310, 85)
    ordered = layout.in_reading_order([kind, count, state, heading, name], cells)
    assert ordered == [name, heading, state, count, kind]


def test_entries_parted_by_upright_rulings_only_are_read_row_by_row() -> None:
    cells = ruled((700, 400), *((20 + 200 * i, 20, 220 + 200 * i, 320) for i in range(3)))
    rows = [[line(f"{r}{c}", 40 + 200 * c, 40 + 90 * r) for c in range(3)] for r in range(3)]
    mixed = [rows[r][c] for c in range(3) for r in range(3)]
    assert layout.in_reading_order(mixed, cells) == [one for row in rows for one in row]


def test_a_frame_around_the_page_is_no_cell() -> None:
    cells = ruled((800, 800), (10, 10, 790, 790), (100, 300, 300, 360), (300, 300, 500, 360))
    title, left, right = line("登记表", 300, 100), line("姓名", 130, 320), line("年级", 330, 320)
    note = line("备注", 100, 600)
    assert layout.in_reading_order([note, right, left, title], cells) == [title, left, right, note]


def test_a_page_without_rulings_has_no_cells() -> None:
    assert ruled((600, 400)).boxes == {}
    assert ruled((600, 400)).at(100, 100) == 0


def test_text_is_not_taken_for_rulings() -> None:
    page = Image.new("RGB", (600, 200), "white")
    pen = ImageDraw.Draw(page)
    for row in range(4):
        pen.rectangle((50, 30 + 40 * row, 550, 34 + 40 * row), fill="black")
    written = [(40, 20 + 40 * row, 560, 44 + 40 * row) for row in range(4)]
    assert rulings.cells(np_picture(page), written).boxes == {}


def test_lines_without_height_do_not_stop_a_page() -> None:
    flat = [Line("一", (10, 10, 50, 10), 1.0), Line("二", (10, 12, 50, 30), 1.0)]
    assert [one.text for one in layout.in_reading_order(flat)] == ["一", "二"]


def test_lines_without_height_in_a_cell_do_not_stop_a_page() -> None:
    cells = ruled((800, 400), (50, 50, 390, 350), (390, 50, 750, 350))
    flat = [line(f"字{row}", 80 + 340 * (row % 2), 100 + 20 * row, height=0) for row in range(6)]
    assert len(layout.in_reading_order(flat, cells)) == 6


def test_lines_without_breadth_do_not_stop_a_page() -> None:
    """As of words that a text layer puts beside the page: they stand on its edge."""
    beside = [Line("字" * 9, (600, 30 * row, 600, 30 * row + 20), 1.0) for row in range(8)]
    assert len(layout.in_reading_order(column("left", 50, 8) + beside)) == 16


def test_a_thousand_cells_are_put_in_order_in_seconds() -> None:
    places = [(row, column) for row in range(50) for column in range(20)]
    boxes = {
        number: (60 * column, 40 * row, 60 * column + 58, 40 * row + 38)
        for number, (row, column) in enumerate(places, 1)
    }
    regions = np.zeros((50 * 40, 20 * 60), np.int32)
    for number, (left, top, right, bottom) in boxes.items():
        regions[top:bottom, left:right] = number
    lines = [
        line(f"{row}-{column}", 60 * column + 5, 40 * row + 5, 60 * column + 50, 25)
        for row, column in places
    ]
    began = time.thread_time()
    ordered = layout.in_reading_order(lines, rulings.Cells(regions, boxes, 1.0))
    assert [one.text for one in ordered] == [one.text for one in lines]
    assert time.thread_time() - began < 20


def test_a_table_of_figures_is_no_columns_of_text_and_takes_no_time() -> None:
    """Tried column by column, thirty columns of amounts took more than minutes."""
    rows = [
        [line(f"{1_000 * row + at:,}.00", 80 * at, 30 * row, 80 * at + 60) for at in range(30)]
        for row in range(40)
    ]
    began = time.thread_time()
    ordered = layout.in_reading_order([one for row in rows for one in row[::-1]])
    assert ordered == [one for row in rows for one in row]
    assert time.thread_time() - began < 20


def test_both_parties_addresses_run_on_though_both_are_wrapped() -> None:
    first = "甲方：海汇国际物流有限公司", "乙方：永盛纺织品有限公司"
    address = "地址：宁波市北仑区梅山大道二百八十八号", "地址：苏州工业园区星湖街三百二十八号创"
    rest, phone = ("综合保税区三栋", "意产业园五栋"), ("电话：0574-8712", "电话：0512-6288")
    left, right = (
        [line(texts[at], (100, 640)[at], 40 + 30 * row) for row, texts in enumerate(rows)]
        for at, rows in enumerate([(first, address, rest, phone)] * 2)
    )
    said = order(*right, *left)
    for side in (left, right):
        assert said.index(side[2].text) == said.index(side[1].text) + 1
    assert said[:2] == [left[0].text, right[0].text]


def test_values_wrapped_beside_their_labels_run_on() -> None:
    """Two pairs in a row, both values over two lines."""
    rows = [
        tuple(
            line(text, left, 100 * row + below)
            for text, left, below in (
                ("公司名称", 60, 0),
                ("无锡市滨湖区太湖西大道四百号创智大", 200, 0),
                ("厦十二层", 200, 28),
                ("注册地址", 640, 0),
                ("深圳市南山区科技园南路一百号恒隆广", 780, 0),
                ("场三栋", 780, 28),
            )
        )
        for row in range(4)
    ]
    assert order(*(one for row in rows for one in row[::-1])) == [
        one.text for row in rows for one in row
    ]


def test_an_address_is_read_whole_before_what_stands_beside_it_at_other_heights() -> None:
    said = "Seller:", "HUAYANG TEXTILE CO., LTD.", "No. 668 Tiantong North Road", "Ningbo, China"
    seller = [line(text, 100, 40 + 26 * row) for row, text in enumerate(said)]
    facts = [line(text, 820, top) for text, top in (
        ("Invoice No.: HY24", 40), ("Date: 2024-07-05", 72), ("L/C No.: DEU77", 104))]  # fmt: skip
    assert order(*facts, *seller) == [one.text for one in (*seller, *facts)]


def test_a_line_under_both_columns_stands_under_both_however_close() -> None:
    left, right = column("left", 100, 8), column("right", 560, 8)
    foot = line("54 A magazine of travel", 100, 340)
    assert order(foot, *right, *left) == [one.text for one in (*left, *right, foot)]


def test_two_addresses_in_cells_side_by_side_are_read_one_after_the_other() -> None:
    cells = ruled((900, 300), (20, 20, 420, 220), (420, 20, 820, 220))
    one, other = (
        [line(f"{name} line {row}", left, 40 + 40 * row, left + 300) for row in range(4)]
        for name, left in (("shipper", 40), ("consignee", 440))
    )
    assert layout.in_reading_order([*other, *one], cells) == [*one, *other]


def test_a_ruling_over_narrow_columns_is_found_though_others_cross_it() -> None:
    """As of an invoice: a column as broad as one character, its heading written down it."""
    boxes = [(20, 20, 56, 220), (56, 20, 400, 220), (400, 20, 436, 220), (436, 20, 800, 220)]
    found = ruled((900, 300), *boxes).boxes
    assert len(found) == 4


def test_two_numbered_lists_side_by_side_are_read_one_after_the_other() -> None:
    said = ["Lease", "Deed of sale", "Map of the plot", "Notice", "Receipt for the deposit"]
    left = [line(f"{at}. {text}", 100, 100 + 40 * at) for at, text in enumerate(said, 1)]
    for start in (1, 6):
        numbered = enumerate(said[:4], start)
        right = [line(f"{at}. {text}", 800, 140 + 40 * i) for i, (at, text) in enumerate(numbered)]
        assert order(*right, *left) == [one.text for one in (*left, *right)]


def test_two_numbered_lists_of_the_same_length_of_line_are_read_one_after_the_other() -> None:
    left = [line(f"（{at}）采购合同", 100, 100 + 40 * at, 300) for at in range(1, 4)]
    right = [line(f"（{at}）验收报告", 600, 100 + 40 * at, 800) for at in range(1, 4)]
    assert order(*right, *left) == [one.text for one in (*left, *right)]


def test_entries_numbered_across_the_page_are_read_row_by_row() -> None:
    rows = [
        line(
            f"{2 * row + at + 1}. Country and weight",
            100 + 600 * at,
            100 + 40 * row,
            500 + 600 * at,
        )
        for row in range(5)
        for at in (0, 1)
    ]
    assert order(*reversed(rows)) == [one.text for one in rows]


def test_a_table_with_numbered_rows_is_read_row_by_row() -> None:
    rows = [
        one
        for at in range(1, 6)
        for one in (
            line(f"{at}. Steel pipe", 100, 40 * at),
            line(f"{at * 7}.00", 600, 40 * at),
            line(f"{at}", 900, 40 * at),
        )
    ]
    assert order(*reversed(rows)) == [one.text for one in rows]


def test_labels_with_their_values_side_by_side_are_read_row_by_row() -> None:
    rows = [
        line(f"{label}: {1000 + at}", left, 100 + 40 * at, left + 300)
        for at in range(5)
        for label, left in (("Weight in all", 100), ("Packages", 640))
    ]
    assert order(*reversed(rows)) == [one.text for one in rows]
