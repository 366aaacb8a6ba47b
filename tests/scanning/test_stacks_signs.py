"""Signs of a page: codes, patch codes and blank paper, on pages as a feeder delivers them."""

import json
import random
from collections.abc import Callable

import cv2
import numpy as np
import pytest
from PIL import Image, ImageDraw

from scanning import originals
from scanning.images import Picture
from scanning.reading import Line, PageReading
from scanning.stacks import shadows
from scanning.stacks.sheets import Role
from scanning.stacks.signs import PageSigns, signs
from scanning.stacks.splitting import split
from tests.scanning import stacks
from tests.scanning.papers import drawn, np_picture, shared_scan
from tests.scanning.stacks import MM, SEPARATOR, Plan, Sheet, code_picture, patch_sheet, stack_sheet

DPI = 150
SCANS = ("real/r123.jpg", "real/r311.png", "synthetic/s11_customs_small.jpg", "real/r057.png")


def looked_at(image: Image.Image, turns: int = 0, dpi: int = DPI) -> PageSigns:
    return signs(np.ascontiguousarray(np.rot90(np_picture(image), turns)), dpi)


def crooked(image: Image.Image, degrees: float) -> Image.Image:
    return image.rotate(degrees, Image.Resampling.BICUBIC, fillcolor="white")


# Patch codes


@pytest.mark.parametrize("dpi", [100, 200, 400])
def test_patch_t_is_known_in_every_resolution_and_turn(dpi: int) -> None:
    for turns in range(4):
        assert looked_at(patch_sheet(dpi), turns, dpi).patches == ("T",)


def test_patch_t_is_known_where_the_file_says_no_resolution() -> None:
    assert looked_at(patch_sheet(200), dpi=0).patches == ("T",)


@pytest.mark.parametrize("degrees", [-6, -2, 3, 7])
def test_patch_t_is_known_on_a_crooked_sheet(degrees: float) -> None:
    assert looked_at(crooked(patch_sheet(DPI), degrees)).patches == ("T",)


def test_patch_t_is_known_under_pen_strokes_and_dust() -> None:
    sheet = patch_sheet(DPI).copy()
    pen, chance = ImageDraw.Draw(sheet), random.Random(3)
    for x in (420, 560, 800):
        pen.line([(x, 40), (x + 60, 260)], "black", 6)
    for _ in range(400):
        x, y = chance.randrange(sheet.width), chance.randrange(300)
        pen.rectangle([x, y, x + 1, y + 1], chance.choice(("black", "white")))
    assert looked_at(sheet).patches == ("T",)


def test_other_patches_are_told_apart_from_t() -> None:
    kinds = {"1": "5252222", "2": "5222225", "3": "5222522", "4": "2252522", "6": "2222525"}
    for kind, bars in kinds.items():
        for turns in range(4):
            assert looked_at(patch_sheet(DPI, bars), turns).patches == (kind,)


def test_tables_barcodes_and_thick_lines_are_no_patch() -> None:
    desk = stacks._Desk(Plan(1), random.Random(1))
    for maker in (desk.table, desk.waybill, desk.invoice):
        for sheet in maker():
            assert looked_at(sheet.picture).patches == ()
    ruled = Sheet(DPI)
    for thick in (0.5, 2.0, 5.0):
        ruled.grid(rows=6, columns=3, thick=thick)
    assert looked_at(ruled.picture).patches == ()


def test_bars_far_too_large_or_small_are_no_patch() -> None:
    assert looked_at(patch_sheet(DPI), dpi=DPI // 2).patches == ()
    assert looked_at(patch_sheet(DPI), dpi=DPI * 2).patches == ()


@pytest.mark.parametrize("name", SCANS)
def test_given_scans_have_neither_patch_nor_dim_code_and_are_written_on(name: str) -> None:
    sheet = originals.load(shared_scan(name), 1)
    found = signs(sheet.picture, sheet.dpi)
    assert (found.patches, found.unread, found.blankness) == ((), (), "written")


# Codes


def test_both_codes_of_a_cover_are_read_in_every_turn() -> None:
    for turns in range(4):
        found = looked_at(stack_sheet("7K3M0001", DPI), turns)
        assert [code.text for code in found.codes] == [f"{stacks.ADDRESS}/c/7K3M0001"] * 2
        assert found.unread == ()


def test_a_code_is_where_the_box_says() -> None:
    sheet = Sheet(DPI)
    sheet.code("01,10,3100,0712345", 20, 100, 50)
    (code,) = looked_at(sheet.picture).codes
    left, top, right, bottom = (side / DPI * MM for side in code.box)
    # The white around a code is part of its picture, not of its box.
    assert 100 < left < 104 and 50 < top < 54
    assert 116 < right < 120 and 66 < bottom < 70
    assert code.kind == "QRCode" and code.depth > 0.8


def test_barcodes_of_the_trade_are_read_as_what_they_are() -> None:
    sheet = Sheet(DPI)
    sheet.code("SF0123456789012", 80, 60, 40, kind="Code128")
    sheet.code("6901234567892", 50, 60, 120, kind="EAN13")
    found = {(code.kind, code.text) for code in looked_at(sheet.picture).codes}
    assert found == {("Code128", "SF0123456789012"), ("EAN13", "6901234567892")}


def test_a_sheet_smeared_all_over_keeps_its_bars() -> None:
    smeared = stacks.SPOILERS["smeared"](stack_sheet(SEPARATOR, DPI), random.Random(1))
    assert looked_at(smeared).patches == ("T",)


@pytest.mark.parametrize("how", ["scribbled", "wet"])
def test_a_large_code_that_cannot_be_read_is_noticed(how: str) -> None:
    spoiled = stacks.SPOILERS[how](stack_sheet(SEPARATOR, DPI), random.Random(1))
    found = looked_at(spoiled)
    assert found.codes == ()
    assert found.unread
    left, top, right, bottom = (side / DPI * MM for side in found.unread[0])
    assert 38 < right - left < 62 and 38 < bottom - top < 62


@pytest.mark.parametrize(
    "lost", [(0, 0, 1, 0.5), (0.5, 0, 1, 1), (0, 0.4, 1, 0.6), (0, 0, 0.5, 0.5)]
)
@pytest.mark.parametrize("colour", ["white", "black"])
def test_what_is_left_of_a_code_is_noticed(
    lost: tuple[float, float, float, float], colour: str
) -> None:
    sheet = Sheet(DPI)
    sheet.heading("文件封面")
    sheet.code(f"{stacks.ADDRESS}/c/7K3M0001", 32, 75, 120)
    left, top, side = 75 / MM * DPI, 120 / MM * DPI, 32 / MM * DPI
    box = (left + lost[0] * side, top + lost[1] * side, left + lost[2] * side, top + lost[3] * side)
    ImageDraw.Draw(sheet.picture).rectangle(box, colour)
    found = looked_at(sheet.picture)
    assert (found.codes, len(found.unread)) == ((), 1)


def test_framed_characters_and_boxes_are_no_remains_of_a_code() -> None:
    sheet = Sheet(DPI)
    for _ in range(4):
        sheet.heading("回 国 囯 圆 □ ■ ▣ ◙ 回执")
    pen = ImageDraw.Draw(sheet.picture)
    for number in range(6):
        x = 150 + 120 * number
        pen.rectangle([x, 900, x + 60, 960], outline="black", width=4 + number)
        pen.rectangle([x + 20, 920, x + 40, 940], fill="black")
    assert looked_at(sheet.picture).unread == ()


def test_a_worn_code_is_read_at_another_try() -> None:
    sheet = stack_sheet(SEPARATOR, 200)
    picture = np_picture(sheet).copy()
    picture[::9] = 255  # a scanner's streaks
    blurred = cv2.GaussianBlur(picture, (0, 0), 4.5)
    found = signs(np.asarray(blurred, np.uint8), 200)
    assert {code.text for code in found.codes} == {f"{stacks.ADDRESS}/c/{SEPARATOR}"}
    assert found.unread == ()


def test_a_seal_a_photo_and_a_small_code_are_no_unread_code() -> None:
    sheet = Sheet(DPI)
    sheet.photo(random.Random(2), 60, 38, 30, 30)
    pen = ImageDraw.Draw(sheet.picture)
    for row in range(8):
        for column in range(8):
            x, y = 200 + column * 20, 700 + row * 20
            pen.rectangle([x, y, x + 11, y + 11], (210, 30, 40))
    pen.ellipse([600, 700, 860, 960], "black")
    small = np.array(code_picture("broken").resize((90, 90)))
    small[30:60] = 0
    sheet.picture.paste(Image.fromarray(small), (900, 200))
    assert looked_at(sheet.picture).unread == ()


# Blank paper


def paper(tint: tuple[int, int, int] = (248, 246, 240)) -> Image.Image:
    return Image.new("RGB", (1240, 1754), tint)


def dusty() -> Image.Image:
    page, chance = paper(), random.Random(5)
    pen = ImageDraw.Draw(page)
    for _ in range(200):
        x, y = chance.randrange(1240), chance.randrange(1754)
        pen.ellipse([x, y, x + 2, y + 2], (60, 60, 60))
    return page


def punched() -> Image.Image:
    page = paper()
    for y in (640, 1110):
        ImageDraw.Draw(page).ellipse([55, y, 88, y + 33], (40, 40, 40))
    return page


def shaded() -> Image.Image:
    page = np.array(paper(), np.float32)
    page *= np.linspace(1, 0.55, 1240)[None, :, None]
    page[860:880] *= 0.8
    return Image.fromarray(page.astype(np.uint8))


def on_a_dark_lid() -> Image.Image:
    page = paper().rotate(2.5, fillcolor=(25, 25, 25))
    ImageDraw.Draw(page).rectangle([0, 1600, 1240, 1754], (25, 25, 25))
    return page


@pytest.mark.parametrize("page", [paper, dusty, punched, shaded, on_a_dark_lid])
def test_paper_without_writing_is_blank(page: Callable[[], Image.Image]) -> None:
    for turns in range(4):
        assert looked_at(page(), turns).blankness == "blank"


def test_white_black_and_one_pixel_pages_are_borne() -> None:
    assert looked_at(Image.new("RGB", (1240, 1754), "white")).blankness == "blank"
    for size in ((1, 1), (3, 2_000), (40, 40)):
        for colour in ("white", "black"):
            assert looked_at(Image.new("RGB", size, colour), dpi=0).codes == ()


def test_a_page_number_or_a_short_remark_is_not_simply_blank() -> None:
    for text in ("- 3 -", "收到"):
        sheet = Sheet(DPI)
        sheet.foot(text)
        assert looked_at(sheet.picture).blankness == "almost"


def test_text_a_photo_and_a_pale_copy_are_no_blank_paper() -> None:
    assert looked_at(drawn()).blankness == "written"
    photo = Sheet(DPI)
    photo.photo(random.Random(2), 60, 38, 30, 30)
    assert looked_at(photo.picture).blankness == "written"
    pale = Image.eval(drawn(), lambda value: 190 + value // 4)
    assert looked_at(pale).blankness == "faint"


# What shines through


def behind(front: Image.Image, share: float) -> Image.Image:
    mirrored = np.array(front, np.float32)[:, ::-1]
    return Image.fromarray((255 - share * (255 - mirrored)).astype(np.uint8))


def contract() -> Image.Image:
    desk = stacks._Desk(Plan(7), random.Random(7))
    return next(desk.contract()).picture


def test_print_that_shines_through_is_known_by_the_front() -> None:
    front, back = looked_at(contract()), looked_at(behind(contract(), 0.22))
    assert back.blankness == "faint"
    assert shadows.shine_through(back.trace, front.trace)


def test_another_paper_does_not_explain_what_shines_through() -> None:
    desk = stacks._Desk(Plan(8), random.Random(8))
    others = [next(maker()).picture for maker in (desk.card, desk.invoice, desk.table)]
    back = looked_at(behind(contract(), 0.22))
    assert not any(shadows.shine_through(back.trace, looked_at(one).trace) for one in others)


def test_a_signature_on_the_back_is_no_shadow() -> None:
    back = behind(contract(), 0.22)
    ImageDraw.Draw(back).line([(300, 1600), (420, 1520), (400, 1620), (520, 1540)], "black", 4)
    found = looked_at(back)
    assert found.blankness in ("faint", "almost")
    assert not shadows.shine_through(found.trace, looked_at(contract()).trace)


@pytest.mark.parametrize("share", [0.06, 0.09, 0.12, 0.15, 0.22])
def test_a_back_stays_blank_though_a_reader_reads_what_shines_through(share: float) -> None:
    stack = [looked_at(contract()), looked_at(behind(contract(), share))]
    mirrored = tuple(
        Line("司公限有口出进", (100, 100 * n, 400, 100 * n + 30), 0.95) for n in range(9)
    )
    reading = PageReading(2, mirrored, 0, 0.0, 1240, 1754, DPI, "test", "1", "ocr")
    found = split(stack, readings=[None, reading])
    assert (found.roles[1], found.doubts) == (Role.BLANK, ())


def test_very_pale_print_that_is_read_is_not_set_aside_silently() -> None:
    pale = Image.eval(drawn(), lambda value: 224 + value // 8)
    found = looked_at(pale)
    assert found.blankness == "blank"
    lines = (Line("甲方：江苏恒岳精密机械有限公司", (100, 100, 900, 140), 0.95),)
    reading = PageReading(1, lines, 0, 0.0, 1240, 1754, DPI, "test", "1", "ocr")
    told = split([found], readings=[reading])
    assert told.roles == (Role.CONTENT,)
    assert [doubt.at for doubt in told.doubts] == [0]


def test_signs_come_back_from_json_as_they_were() -> None:
    spoiled = stacks.SPOILERS["half torn"](stack_sheet("7K3M0001", DPI), random.Random(1))
    for found in (looked_at(stack_sheet("7K3M0001", DPI)), looked_at(spoiled), looked_at(paper())):
        assert PageSigns.from_dict(json.loads(json.dumps(found.to_dict()))) == found


def test_the_picture_is_left_as_it_was() -> None:
    picture: Picture = np_picture(contract())
    before = picture.copy()
    signs(picture, DPI)
    assert (picture == before).all()
