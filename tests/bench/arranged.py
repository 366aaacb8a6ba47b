"""Arranged pages: drawn with their lines where offices put them, in the order a person reads them.

Columns, tables with and without rulings, contracts in two languages, forms, margins, signatures.
"""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from tests.bench.forms.drawing import GREY, Sheet
from tests.bench.sheets import TEXT, WORDS

CLAUSES = [part for part in TEXT.replace("。", "，").split("，") if part]
LEFT, RIGHT = 110, 1_130  # of the print, on A4 at 150 dots an inch
SIDES = 330, 620, 935  # where two sides of a page part, one of which may be read before the other


@dataclass(frozen=True)
class Arranged:
    """A page whose lines were printed in reading order. Where `by_sides`, who reads all that
    stands left before all that stands right reads it as well."""

    name: str
    sheet: Sheet
    by_sides: bool = False


def every(seed: int) -> Iterator[Arranged]:
    """One page of each arrangement."""
    for draw in ARRANGEMENTS:
        name = draw.__name__.strip("_")
        yield Arranged(name, draw(random.Random(f"{name} {seed}")), draw in BY_SIDES)


def _passage(chance: random.Random, clauses: int) -> str:
    return "，".join(chance.choices(CLAUSES, k=clauses)) + "。"


def _english(chance: random.Random, words: int) -> str:
    return " ".join(chance.choices(WORDS, k=words)).capitalize() + "."


def _word(chance: random.Random, least: int = 2, most: int = 5) -> str:
    length, clause = chance.randint(least, most), chance.choice(CLAUSES)
    return clause[:length]


def _headed(chance: random.Random) -> tuple[Sheet, int]:
    """A sheet with running head and title; the y below them."""
    sheet = Sheet(face=chance.choice(("hei", "kai")))
    if chance.random() < 0.5:
        sheet.write(LEFT, 60, f"{_word(chance)}有限公司", 18, ink=GREY)
        sheet.write(RIGHT - 150, 60, f"第{chance.randint(1, 9)}版", 18, ink=GREY)
    sheet.middle(120, _word(chance, 5, 7), 38)
    return sheet, 220


def _numbered(sheet: Sheet, chance: random.Random) -> Sheet:
    """With its page number below."""
    number = chance.randint(1, 40)
    said = chance.choice((f"{number}", f"- {number} -", f"第 {number} 页 共 {number + 3} 页"))
    sheet.middle(1_690, said, 18)
    return sheet


def _side_by_side(
    sheet: Sheet, chance: random.Random, count: int, y: int, size: int, end: int = 1_640
) -> None:
    gap = round(size * chance.uniform(1.2, 2.5))
    width = (RIGHT - LEFT - gap * (count - 1)) // count
    for column in range(count):
        x, below = LEFT + column * (width + gap), y
        while below < end - 200:
            if chance.random() < 0.3:
                sheet.write(x, below, f"{chance.randint(1, 9)}．{_word(chance, 4, 7)}", size + 2)
                below += round(2.0 * size)
            below = sheet.paragraph(
                x, below, f"　　{_passage(chance, chance.randint(3, 8))}", width, size
            )


def _two_columns(chance: random.Random) -> Sheet:
    sheet, y = _headed(chance)
    _side_by_side(sheet, chance, 2, y, chance.choice((18, 20, 24)))
    return _numbered(sheet, chance)


def _three_columns(chance: random.Random) -> Sheet:
    sheet, y = _headed(chance)
    _side_by_side(sheet, chance, 3, y, chance.choice((16, 18, 20)))
    return _numbered(sheet, chance)


def _columns_under_a_table(chance: random.Random) -> Sheet:
    sheet, y = _headed(chance)
    _side_by_side(sheet, chance, 2, y, 20, 700)
    rows = [[_word(chance) for _ in range(4)] for _ in range(4)]
    y = 20 + sheet.table(LEFT, 760, (255,) * 4, rows)
    _side_by_side(sheet, chance, 2, y + 30, 20)
    return _numbered(sheet, chance)


def _english_columns(chance: random.Random) -> Sheet:
    sheet, y = _headed(chance)
    for x in (LEFT, LEFT + 530):
        below = y
        while below < 1_400:
            below = 12 + sheet.paragraph(
                x, below, _english(chance, chance.randint(20, 50)), 490, 22
            )
    return _numbered(sheet, chance)


def _two_languages(chance: random.Random) -> Sheet:
    """Clause beside clause, each pair beginning at one height."""
    sheet, y = _headed(chance)
    middle, size = SIDES[1], chance.choice((18, 20, 22))
    for clause in range(1, 12):
        han = f"{clause}. {_passage(chance, chance.randint(2, 6))}"
        latin = f"{clause}. {_english(chance, chance.randint(14, 40))}"
        below = sheet.paragraph(LEFT, y, han, middle - LEFT - 25, size)
        y = 14 + max(below, sheet.paragraph(middle + 25, y, latin, RIGHT - middle - 25, size))
        if y > 1_500:
            break
    return _numbered(sheet, chance)


def _languages_below(chance: random.Random) -> Sheet:
    sheet, y = _headed(chance)
    for clause in range(1, 9):
        y = sheet.paragraph(LEFT, y, f"{clause}. {_passage(chance, 5)}", RIGHT - LEFT, 22)
        y = sheet.paragraph(LEFT, y, f"{clause}. {_english(chance, 22)}", RIGHT - LEFT, 22) + 6
    return _numbered(sheet, chance)


def _list_without_rulings(chance: random.Random) -> Sheet:
    """Goods that take a line or two each, with figures beside the first."""
    sheet, y = _headed(chance)
    columns, size = (LEFT, 200, 640, 820, 980), 20
    for x, head in zip(columns, ("序号", "货物名称及规格", "数量", "单价", "金额"), strict=True):
        sheet.write(x, y, head, size)
    y += 50
    for number in range(1, chance.randint(8, 16)):
        sheet.write(LEFT, y, str(number), size)
        below = sheet.paragraph(200, y, _passage(chance, chance.randint(1, 3)), 400, size)
        for x in columns[2:]:
            sheet.write(x, y, f"{chance.randint(1, 9_000)}.{chance.randint(10, 99)}", size)
        y = below + chance.choice((4, 14))
    return _numbered(sheet, chance)


def _figures_without_rulings(chance: random.Random) -> Sheet:
    sheet, y = _headed(chance)
    columns = [LEFT + 190 * at for at in range(6)]
    step = chance.choice((32, 38, 52))
    for row in range(chance.randint(12, 24)):
        for at, x in enumerate(columns):
            said = _word(chance) if at == 0 or row == 0 else f"{chance.randint(1, 99_999):,}"
            if row == 0 or at == 0 or chance.random() < 0.85:
                sheet.write(x, y, said, 20)
        y += step
    return _numbered(sheet, chance)


def _cells_of_several_lines(chance: random.Random) -> Sheet:
    sheet, y = _headed(chance)
    widths = (90, 380, 300, 250)
    for row in range(chance.randint(5, 9)):
        texts = [str(row + 1), _passage(chance, chance.randint(1, 3)),
                 _passage(chance, chance.randint(1, 2)), _word(chance)]  # fmt: skip
        broken = [
            sheet.broken(text, width - 20, 20) for text, width in zip(texts, widths, strict=True)
        ]
        height = 34 * max(map(len, broken)) + 16
        x = LEFT
        for text, lines, width in zip(texts, broken, widths, strict=True):
            sheet.box(x, y, width, height)
            sheet.paragraph(x + 10, y + (height - 32 * len(lines)) // 2, text, width - 20, 20)
            x += width
        y += height
    return _numbered(sheet, chance)


def _form(chance: random.Random) -> Sheet:
    """Ruled: labels and values beside one another, some over the whole breadth."""
    sheet, y = _headed(chance)
    while y < 1_350:
        if chance.random() < 0.35:
            text = _passage(chance, chance.randint(4, 9))
            height = 34 * len(sheet.broken(text, 840, 20)) + 20
            cells = [(LEFT, 160, _word(chance, 4, 4)), (LEFT + 160, 860, text)]
        else:
            cells = [(LEFT, 160, _word(chance, 4, 4)), (LEFT + 160, 350, _passage(chance, 2)),
                     (LEFT + 510, 160, _word(chance, 4, 4)),
                     (LEFT + 670, 350, _passage(chance, 1))]  # fmt: skip
            height = 34 * max(len(sheet.broken(text, 330, 20)) for _, _, text in cells) + 20
        for x, width, text in cells:
            sheet.box(x, y, width, height)
            rows = len(sheet.broken(text, width - 20, 20))
            sheet.paragraph(x + 10, y + (height - 32 * rows) // 2, text, width - 20, 20)
        y += height
    return sheet


def _labels_and_values(chance: random.Random) -> Sheet:
    """As a licence: without rulings, values over several lines beside their labels."""
    sheet, y = _headed(chance)
    for _ in range(chance.randint(6, 10)):
        sheet.write(LEFT, y, _word(chance, 2, 4), 24)
        rows = 1 if chance.random() < 0.5 else chance.randint(2, 6)
        y = 20 + sheet.paragraph(340, y, _passage(chance, 2 * rows), RIGHT - 340, 24)
    return sheet


def _two_by_two(chance: random.Random) -> Sheet:
    """As a licence lying: two pairs of label and value in a row, the last pair long."""
    sheet, y = _headed(chance)
    for _ in range(chance.randint(4, 7)):
        for x in (LEFT, 640):
            sheet.write(x, y, _word(chance, 2, 4), 20)
            sheet.write(x + 150, y, _word(chance, 4, 8), 20)
        y += 66
    sheet.write(LEFT, y, "经营范围", 20)
    sheet.paragraph(260, y, _passage(chance, 12), RIGHT - 260, 20)
    return sheet


def _stamped(chance: random.Random) -> Sheet:
    """Running text; a stamp of two lines stands over it."""
    sheet = Sheet()
    sheet.middle(120, _word(chance, 5, 7), 38)
    y = 220
    for _ in range(7):
        y = sheet.paragraph(LEFT, y, f"　　{_passage(chance, 7)}", RIGHT - LEFT, 22)
    x = chance.randint(200, 800)
    sheet.write(x, y + 60, "已收讫", 46, ink=GREY)
    sheet.write(x + 10, y + 120, "2024.03.18", 24, ink=GREY)
    sheet.write(x - 70, y + 190, "经办人：顾文瀚", 22)
    return _numbered(sheet, chance)


def _stamp_beside(chance: random.Random) -> Sheet:
    """A stamp beside the beginning of a letter, at no line's height."""
    sheet = Sheet()
    sheet.middle(250, _word(chance, 5, 7), 38)
    y, lines = 340, []
    for _ in range(6):
        y = sheet.paragraph(LEFT, y, f"　　{_passage(chance, 7)}", 800, 22)
        lines.append(y)
    for row, said in enumerate(("收文专用", "第 418 号", "2024.03.18")):
        sheet.write(960, 500 + 46 * row, said, 26, ink=GREY)
    return sheet


def _notes_in_the_margin(chance: random.Random) -> Sheet:
    sheet, y = _headed(chance)
    on_the_left = chance.random() < 0.5
    text, note = (340, LEFT) if on_the_left else (LEFT, 950)
    for part in range(6):
        below = 10 + sheet.paragraph(text, y, f"　　{_passage(chance, 8)}", 780, 22)
        if part % 2:
            sheet.paragraph(note, y + chance.randint(0, 40), _passage(chance, 2), 190, 16)
        y = below
    return _numbered(sheet, chance)


def _signatures(chance: random.Random) -> Sheet:
    """Running text, then both parties' signatures, addresses over two lines."""
    sheet, y = _headed(chance)
    for clause in range(1, 6):
        y = sheet.paragraph(LEFT, y, f"第{clause}条　{_passage(chance, 6)}", RIGHT - LEFT, 22)
    y += 40
    for label in ("甲方（盖章）：", "法定代表人：", "地址：", "开户行：", "签订日期："):
        said = [label + (_passage(chance, 2) if label == "地址：" else _word(chance, 3, 6))
                for _ in range(2)]  # fmt: skip
        below = sheet.paragraph(LEFT, y, said[0], 450, 22)
        other = said[1].replace("甲", "乙")
        y = 10 + max(below, sheet.paragraph(640, y, other, 450, 22))
    return _numbered(sheet, chance)


def _contents(chance: random.Random) -> Sheet:
    sheet, y = _headed(chance)
    for entry in range(chance.randint(14, 26)):
        x = LEFT if entry % 4 == 0 else LEFT + 50
        end = sheet.write(x, y, f"{entry + 1}　{_word(chance, 4, 12)}", 22)
        if chance.random() < 0.7:
            sheet.write(end + 12, y, "." * ((1_060 - end) // 7), 22)
        sheet.write(1_090, y, str(entry + 1), 22)
        y += 44
    return sheet


def _letter(chance: random.Random) -> Sheet:
    """Address on the right, enumerations set in, a signature and a date on the right."""
    sheet = Sheet()
    for row in range(3):
        sheet.write(780, 100 + 36 * row, _word(chance, 4, 9), 20)
    sheet.write(LEFT, 250, f"{_word(chance)}有限公司：", 24)
    y = 300
    for _ in range(2):
        y = sheet.paragraph(LEFT, y, f"　　{_passage(chance, 6)}", RIGHT - LEFT, 24)
    for number in range(1, 5):
        sheet.write(LEFT + 40, y, f"（{number}）", 24)
        y = sheet.paragraph(LEFT + 120, y, _passage(chance, 4), RIGHT - LEFT - 120, 24)
    y = 80 + sheet.paragraph(LEFT, y, f"　　{_passage(chance, 6)}", RIGHT - LEFT, 24)
    sheet.write(780, y, f"{_word(chance, 4, 6)}有限公司", 24)
    sheet.write(820, y + 50, "2024年3月18日", 24)
    return sheet


def _picture_in_a_column(chance: random.Random) -> Sheet:
    """Text runs along a picture's side and then over the whole breadth."""
    sheet, y = _headed(chance)
    below = sheet.paragraph(LEFT, y, f"　　{_passage(chance, 14)}", 520, 22)
    sheet.box(680, y, 420, below - y - 60)
    sheet.write(780, below - 50, f"图{chance.randint(1, 9)}　{_word(chance, 4, 8)}", 18)
    for _ in range(4):
        below = sheet.paragraph(LEFT, below + 10, f"　　{_passage(chance, 8)}", RIGHT - LEFT, 22)
    return _numbered(sheet, chance)


ARRANGEMENTS: tuple[Callable[[random.Random], Sheet], ...] = (
    _two_columns, _three_columns, _columns_under_a_table, _english_columns, _two_languages,
    _languages_below, _list_without_rulings, _figures_without_rulings, _cells_of_several_lines,
    _form, _labels_and_values, _two_by_two, _stamped, _stamp_beside, _notes_in_the_margin,
    _signatures, _contents, _letter, _picture_in_a_column,
)  # fmt: skip
BY_SIDES = (_two_languages, _signatures, _notes_in_the_margin, _stamp_beside)
