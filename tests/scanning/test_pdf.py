"""A searchable PDF: the pages as they were, the words over the ink, right in every reader."""

import re
import shutil
import struct
import subprocess
import time
import zlib
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pypdfium2 as pdfium
import pytest
from PIL import Image, ImageOps
from pypdf import PdfReader, PdfWriter
from pypdf.generic import Destination, StreamObject

from scanning import errors, originals, pdf, pipeline
from scanning.pdf.binding import Sheaf
from scanning.reading import Line, PageReading
from scanning.workshop import Workshop
from tests.scanning.papers import CONTRACT, drawn, printed_pdf, scanned_pdf

RARE = "𠮷野家𡈽地"  # Characters beyond two bytes stand in names of people and places.


def reading_of(width: int, height: int, *lines: Line) -> PageReading:
    return PageReading(1, lines, 0, 0.0, width, height, 150, "test", "1", "ocr")


def by_pypdf(path: Path) -> str:
    return PdfReader(path).pages[0].extract_text()


def by_pdfium(path: Path) -> str:
    with pdfium.PdfDocument(path) as opened:
        return str(opened[0].get_textpage().get_text_range())


def by_pdftotext(path: Path) -> str:
    if shutil.which("pdftotext") is None:
        pytest.skip("pdftotext is not installed (poppler-utils)")
    told = subprocess.run(
        ["pdftotext", str(path), "-"], capture_output=True, check=True, encoding="utf-8"
    )
    assert told.stderr == ""
    return told.stdout


READERS = [by_pypdf, by_pdfium, by_pdftotext]


def lines_of(text: str) -> list[str]:
    return [line.strip() for line in re.split(r"[\r\n\f]+", text) if line.strip()]


def shown(path: Path, dpi: int = 50) -> np.ndarray:
    """The first page as a viewer draws it, in grey."""
    with pdfium.PdfDocument(path) as opened:
        return np.array(opened[0].render(scale=dpi / 72).to_pil().convert("L"), np.int16)


@pytest.mark.parametrize("read_back", READERS)
@pytest.mark.parametrize("turned", [0, 90, 178.5])
def test_every_reader_finds_the_chinese_without_spaces(
    tmp_path: Path, read_back: "type", turned: float
) -> None:
    drawn().rotate(turned, expand=True, fillcolor="white").save(tmp_path / "page.jpg")
    reading = pipeline.read_page(tmp_path / "page.jpg", 1)
    pdf.searchable(tmp_path / "page.jpg", [reading], tmp_path / "out.pdf")
    assert lines_of(read_back(tmp_path / "out.pdf")) == [line.text for line in reading.lines]


@pytest.mark.parametrize("read_back", READERS)
def test_rare_characters_come_out_too(tmp_path: Path, read_back: "type") -> None:
    drawn(lines=()).save(tmp_path / "page.png")
    reading = reading_of(1240, 1754, Line(RARE, (100, 100, 400, 150), 1.0))
    pdf.searchable(tmp_path / "page.png", [reading], tmp_path / "out.pdf")
    assert lines_of(read_back(tmp_path / "out.pdf")) == [RARE]


def test_the_words_lie_exactly_over_the_ink(tmp_path: Path) -> None:
    drawn().rotate(91.2, expand=True, fillcolor="white").save(tmp_path / "page.jpg", dpi=(150, 150))
    reading = pipeline.read_page(tmp_path / "page.jpg", 1)
    pdf.searchable(tmp_path / "page.jpg", [reading], tmp_path / "out.pdf")
    page = shown(tmp_path / "out.pdf", dpi=150)
    for line in reading.lines:
        left, top, right, bottom = line.box
        assert page[top:bottom, left:right].min() < 100
        page[top - 8 : bottom + 8, left - 8 : right + 8] = 255
    assert page[40:-40, 40:-40].min() > 200
    with pdfium.PdfDocument(tmp_path / "out.pdf") as opened:
        layer = opened[0].get_textpage()
        x0, _, _, y1 = layer.get_charbox(0)
        height = opened[0].get_height()
    assert x0 * 150 / 72 == pytest.approx(reading.lines[0].box[0], abs=5)
    assert (height - y1) * 150 / 72 == pytest.approx(reading.lines[0].box[1], abs=8)


def test_each_character_lies_where_it_was_found(tmp_path: Path) -> None:
    drawn(lines=()).save(tmp_path / "page.jpg")
    text = "编号：HY-2023,共3页"
    widths = [40, 42, 22, 24, 26, 14, 20, 20, 20, 20, 10, 44, 20, 40]
    cuts = tuple(np.cumsum([150, *widths]).tolist())
    line = Line(text, (150, 180, cuts[-1], 220), 1.0, cuts)
    pdf.searchable(tmp_path / "page.jpg", [reading_of(1240, 1754, line)], tmp_path / "out.pdf")
    with pdfium.PdfDocument(tmp_path / "out.pdf") as opened:
        layer, scale = opened[0].get_textpage(), 150 / 72
        boxes = [layer.get_charbox(at) for at in range(len(text))]
    lefts, rights = ([box[side] * scale for box in boxes] for side in (0, 2))
    assert np.abs(np.array(lefts) - cuts[:-1]).max() < 16
    assert np.abs(np.array(rights) - cuts[1:]).max() < 16


@pytest.mark.parametrize("read_back", READERS)
@pytest.mark.parametrize("text", ["编号：HY-2023,共3页", "Recording a Sequence", "，等等。"])
def test_unevenly_set_lines_stay_whole(tmp_path: Path, read_back: "type", text: str) -> None:
    drawn(lines=()).save(tmp_path / "page.jpg")
    widths = [(41, 19, 26, 37, 12)[at * at % 5] for at in range(len(text) - 1)]
    cuts = tuple(np.cumsum([150, *widths, 75]).tolist())
    line = Line(text, (150, 180, cuts[-1], 220), 1.0, cuts)
    pdf.searchable(tmp_path / "page.jpg", [reading_of(1240, 1754, line)], tmp_path / "out.pdf")
    assert lines_of(read_back(tmp_path / "out.pdf")) == [text]


def test_a_jpeg_keeps_its_bytes(tmp_path: Path) -> None:
    drawn().save(tmp_path / "page.jpg", quality=60)
    pdf.searchable(tmp_path / "page.jpg", [], tmp_path / "out.pdf")
    assert (tmp_path / "page.jpg").read_bytes() in (tmp_path / "out.pdf").read_bytes()


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_photo_stands_upright_whatever_its_exif_says(tmp_path: Path, orientation: int) -> None:
    photo = Image.new("L", (200, 300), 255)
    photo.paste(0, (0, 0, 50, 100))
    exif = Image.Exif()
    exif[0x0112] = orientation
    photo.save(tmp_path / "photo.jpg", exif=exif, dpi=(100, 100))
    with Image.open(tmp_path / "photo.jpg") as opened:
        upright = ImageOps.exif_transpose(opened)
    pdf.searchable(tmp_path / "photo.jpg", [], tmp_path / "out.pdf")
    seen = shown(tmp_path / "out.pdf", dpi=50)
    meant = np.array(upright.resize(seen.shape[::-1]), np.int16)
    assert np.abs(seen - meant).mean() < 8


@pytest.mark.parametrize("mode", ["1", "L", "P", "RGB", "RGBA", "I;16"])
def test_pictures_other_than_photos_lose_nothing(tmp_path: Path, mode: str) -> None:
    drawn().crop((100, 150, 700, 400)).convert("L").convert(mode).save(tmp_path / "page.png")
    pdf.searchable(tmp_path / "page.png", [], tmp_path / "out.pdf")
    with pdfium.PdfDocument(tmp_path / "out.pdf") as opened:
        (image,) = opened[0].get_objects()
        kept = image.get_bitmap(render=False).to_pil().convert("L")
    meant = originals.load(tmp_path / "page.png", 1).picture
    assert np.array_equal(np.array(kept), meant[:, :, 0])


@pytest.mark.parametrize("extension", [".tif", ".gif", ".webp", ".heic"])
def test_every_kind_of_picture_becomes_a_pdf(tmp_path: Path, extension: str) -> None:
    drawn().save(tmp_path / f"page{extension}")
    reading = reading_of(1240, 1754, Line("合同", (150, 180, 222, 216), 1.0))
    pdf.searchable(tmp_path / f"page{extension}", [reading], tmp_path / "out.pdf")
    assert by_pdfium(tmp_path / "out.pdf") == "合同"
    assert shown(tmp_path / "out.pdf").min() < 120


def test_a_pdf_keeps_its_bytes_and_its_turned_page_stands_upright(tmp_path: Path) -> None:
    original = scanned_pdf(tmp_path / "scan.pdf", drawn().rotate(180))
    reading = pipeline.read_page(original, 1)
    assert reading.rotation == 180
    pdf.searchable(original, [reading], tmp_path / "out.pdf")
    assert (tmp_path / "out.pdf").read_bytes().startswith(original.read_bytes())
    assert lines_of(by_pypdf(tmp_path / "out.pdf")) == list(CONTRACT)
    left, top, right, bottom = (side // 4 for side in reading.lines[0].box)
    assert shown(tmp_path / "out.pdf", dpi=50)[top:bottom, left:right].min() < 120


@pytest.mark.parametrize("quarter", [0, 90, 180, 270])
@pytest.mark.parametrize("skew", [0.0, 1.5])
def test_words_find_their_place_on_a_pdf_page_turned_by_itself(
    tmp_path: Path, quarter: int, skew: float
) -> None:
    scan = scanned_pdf(tmp_path / "scan.pdf", drawn().rotate(quarter, expand=True))
    writer = PdfWriter(clone_from=scan)
    page = writer.pages[0]
    page.rotate(90)
    page.cropbox.lower_left = (page.cropbox.left + 9, page.cropbox.bottom + 20)
    writer.write(tmp_path / "turned.pdf")
    reading = pipeline.read_page(tmp_path / "turned.pdf", 1)
    pdf.searchable(tmp_path / "turned.pdf", [reading], tmp_path / "out.pdf")
    again = pipeline.read_page(tmp_path / "out.pdf", 1)
    assert again.rotation == 0
    assert CONTRACT[1] in by_pypdf(tmp_path / "out.pdf")
    for before, after in zip(reading.lines, again.lines, strict=True):
        assert np.abs(np.array(before.box) - np.array(after.box)).max() <= 6


def test_a_page_with_its_own_text_stays_as_it_is(tmp_path: Path) -> None:
    original = printed_pdf(tmp_path / "contract.pdf", pages=2)
    readings = [pipeline.read_page(original, number) for number in (1, 2)]
    pdf.searchable(original, readings, tmp_path / "out.pdf")
    assert by_pypdf(tmp_path / "out.pdf") == by_pypdf(original)


def test_a_pdf_whose_table_is_a_stream_gets_another_such(tmp_path: Path) -> None:
    writer = PdfWriter(clone_from=scanned_pdf(tmp_path / "scan.pdf", drawn()))
    writer.compress_identical_objects()
    with (tmp_path / "stream.pdf").open("wb") as file:
        file.write(with_stream_table(scanned_pdf(tmp_path / "again.pdf", drawn())))
    reading = pipeline.read_page(tmp_path / "stream.pdf", 1)
    pdf.searchable(tmp_path / "stream.pdf", [reading], tmp_path / "out.pdf")
    assert b"/XRef" in (tmp_path / "out.pdf").read_bytes()[-600:]
    for read_back in READERS:
        assert lines_of(read_back(tmp_path / "out.pdf")) == list(CONTRACT)


def with_stream_table(path: Path) -> bytes:
    """The PDF written anew with an empty update whose table is a stream."""
    from scanning.pdf.writing import Objects

    reader = PdfReader(path)
    out = BytesIO()
    out.write(b"%PDF-1.7\n")
    objects = Objects(out, int(str(reader.trailer["/Size"])))
    for number in range(1, int(str(reader.trailer["/Size"]))):
        body = BytesIO()
        found = reader.get_object(number)
        assert found is not None
        found.write_to_stream(body)
        objects.put(number, body.getvalue())
    root = reader.trailer.raw_get("/Root").idnum
    objects.finish({b"Root": b"%d 0 R" % root}, as_stream=True)
    return out.getvalue()


def test_a_pdf_that_only_forbids_changes_becomes_searchable(tmp_path: Path) -> None:
    writer = PdfWriter(clone_from=scanned_pdf(tmp_path / "scan.pdf", drawn()))
    writer.encrypt("", "owner", algorithm="RC4-128")
    writer.write(tmp_path / "forbidden.pdf")
    reading = pipeline.read_page(tmp_path / "forbidden.pdf", 1)
    pdf.searchable(tmp_path / "forbidden.pdf", [reading], tmp_path / "out.pdf")
    assert lines_of(by_pdfium(tmp_path / "out.pdf")) == list(CONTRACT)


def test_a_pdf_a_little_broken_becomes_searchable(tmp_path: Path) -> None:
    whole = scanned_pdf(tmp_path / "scan.pdf", drawn()).read_bytes()
    at = whole.rindex(b"startxref") + 10
    (tmp_path / "broken.pdf").write_bytes(whole[:at] + b"17" + whole[at + 6 :])
    reading = pipeline.read_page(tmp_path / "broken.pdf", 1)
    pdf.searchable(tmp_path / "broken.pdf", [reading], tmp_path / "out.pdf")
    for read_back in READERS:
        assert lines_of(read_back(tmp_path / "out.pdf")) == list(CONTRACT)


def numbered(folder: Path, kind: str) -> tuple[Path, list[PageReading]]:
    """An original of three pages that say their number, and their readings."""
    sheets = [drawn((f"第{number}页",), size=(620, 877)) for number in "一二三"]
    box = (150, 180, 258, 216)
    readings = [
        PageReading(n, (Line(f"第{number}页", box, 1.0),), 0, 0.0, 620, 877, 75, "t", "1", "ocr")
        for n, number in enumerate("一二三", 1)
    ]
    sheets[0].save(folder / f"three{kind}", save_all=True, append_images=sheets[1:])
    return folder / f"three{kind}", readings


@pytest.mark.parametrize("kind", [".pdf", ".tif", ".heic"])
def test_some_pages_are_taken_in_the_order_that_is_asked_for(tmp_path: Path, kind: str) -> None:
    original, readings = numbered(tmp_path, kind)
    pdf.searchable(original, readings, tmp_path / "out.pdf", pages=[3, 1, 3])
    told = [page.extract_text() for page in PdfReader(tmp_path / "out.pdf").pages]
    assert told == ["第三页", "第一页", "第三页"]
    for number, like in enumerate([3, 1, 3]):
        pdf.searchable(original, [], tmp_path / "one.pdf", pages=[like])
        with pdfium.PdfDocument(tmp_path / "out.pdf") as opened:
            seen = np.array(opened[number].render(scale=0.5).to_pil().convert("L"), np.int16)
        assert np.array_equal(seen, shown(tmp_path / "one.pdf", dpi=36))


@pytest.mark.parametrize("kind", [".pdf", ".tif", ".heic"])
def test_a_part_holds_nothing_of_the_other_pages(tmp_path: Path, kind: str) -> None:
    original, readings = numbered(tmp_path, kind)
    pdf.searchable(original, readings, tmp_path / "all.pdf")
    pdf.searchable(original, readings, tmp_path / "part.pdf", pages=[2])
    images = [
        found.get_object()
        for number in range(1, int(str(PdfReader(tmp_path / "part.pdf").trailer["/Size"])))
        if isinstance(found := PdfReader(tmp_path / "part.pdf").get_object(number), StreamObject)
        and found.get("/Subtype") == "/Image"
    ]
    assert len(images) == 1
    assert (tmp_path / "part.pdf").stat().st_size < (tmp_path / "all.pdf").stat().st_size


@pytest.mark.parametrize("kind", [".pdf", ".tif", ".heic"])
@pytest.mark.parametrize("turn", [90, 180, 270])
def test_a_clerks_turn_turns_page_and_words(tmp_path: Path, kind: str, turn: int) -> None:
    original, readings = numbered(tmp_path, kind)
    pdf.searchable(original, readings, tmp_path / "as-read.pdf")
    pdf.searchable(original, readings, tmp_path / "turned.pdf", turned={1: turn})
    before, after = shown(tmp_path / "as-read.pdf"), shown(tmp_path / "turned.pdf")
    assert np.abs(np.rot90(before, -(turn // 90)) - after).mean() < 1
    assert lines_of(by_pdfium(tmp_path / "turned.pdf")) == ["第一页"]


def test_a_page_with_its_own_text_can_be_turned(tmp_path: Path) -> None:
    original = printed_pdf(tmp_path / "contract.pdf")
    pdf.searchable(original, [], tmp_path / "out.pdf", turned={1: 90})
    assert PdfReader(tmp_path / "out.pdf").pages[0].rotation == 90


@pytest.mark.parametrize("kind", [".pdf", ".tif", ".heic"])
@pytest.mark.parametrize("pages", [None, [2, 3]])
def test_bookmarks_lead_to_the_first_page_of_each_document(
    tmp_path: Path, kind: str, pages: list[int] | None
) -> None:
    original, readings = numbered(tmp_path, kind)
    wanted = [("采购合同", 1), ("𠮷野家 (Waybill)", 2)]
    pdf.searchable(original, readings, tmp_path / "out.pdf", pages=pages, bookmarks=wanted)
    reader = PdfReader(tmp_path / "out.pdf")
    found = [
        (one.title, reader.get_destination_page_number(one))
        for one in reader.outline
        if isinstance(one, Destination)
    ]
    assert found == [("采购合同", 0), ("𠮷野家 (Waybill)", 1)]
    with pdfium.PdfDocument(tmp_path / "out.pdf") as opened:
        assert [one.get_title() for one in opened.get_toc()] == [title for title, _ in wanted]


@pytest.mark.parametrize("kind", [".pdf", ".tif", ".heic"])
@pytest.mark.parametrize(
    "asked",
    [{"pages": [4]}, {"pages": [0]}, {"pages": []}, {"turned": {9: 90}}, {"bookmarks": [("x", 4)]}],
)
def test_pages_that_are_not_there_are_refused(
    tmp_path: Path, kind: str, asked: dict[str, Any]
) -> None:
    original, readings = numbered(tmp_path, kind)
    with pytest.raises(errors.NoSuchPage):
        pdf.searchable(original, readings, tmp_path / "out.pdf", **asked)
    assert not (tmp_path / "out.pdf").exists()


@pytest.mark.parametrize("mode", ["1", "L", "P", "RGB"])
def test_a_png_keeps_its_rows_as_they_were_compressed(tmp_path: Path, mode: str) -> None:
    drawn().convert(mode).save(tmp_path / "page.png", compress_level=9)
    pdf.searchable(tmp_path / "page.png", [], tmp_path / "out.pdf")
    png, whole = (tmp_path / "page.png").read_bytes(), (tmp_path / "out.pdf").read_bytes()
    at = png.index(b"IDAT")
    assert png[at + 4 : at + 4 + int.from_bytes(png[at - 4 : at])] in whole


def test_a_png_of_many_small_pieces_is_taken_in_seconds(tmp_path: Path) -> None:
    """Scanners write pieces of 8 kB: thirty megabytes once took a minute."""
    rows = zlib.compress(bytes(3_000 * (3 * 3_400 + 1)), 0)
    pieces = [rows[at : at + 8_192] for at in range(0, len(rows), 8_192)]
    header = struct.pack(">IIBBBBB", 3_400, 3_000, 8, 2, 0, 0, 0)
    chunks = [(b"IHDR", header), *((b"IDAT", piece) for piece in pieces), (b"IEND", b"")]
    told = [
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        for name, data in chunks
    ]
    (tmp_path / "page.png").write_bytes(b"\x89PNG\r\n\x1a\n" + b"".join(told))
    began = time.process_time()
    pdf.searchable(tmp_path / "page.png", [], tmp_path / "out.pdf")
    assert time.process_time() - began < 5


def test_black_and_white_stays_as_small_as_a_fax(tmp_path: Path) -> None:
    drawn().convert("1").save(tmp_path / "fax.tif", compression="group4")
    pdf.searchable(tmp_path / "fax.tif", [], tmp_path / "out.pdf")
    without_page = 6_000  # the font, the colour profile
    fax = (tmp_path / "fax.tif").stat().st_size
    assert (tmp_path / "out.pdf").stat().st_size < fax + without_page
    with Image.open(tmp_path / "fax.tif") as opened:
        (picture,) = PdfReader(tmp_path / "out.pdf").pages[0].images
        assert np.array_equal(np.array(picture.image), np.array(opened))


@pytest.mark.parametrize("read_back", READERS)
def test_lines_that_lean_across_one_another_stay_lines(tmp_path: Path, read_back: "type") -> None:
    drawn(lines=()).save(tmp_path / "page.jpg")
    texts = ["星期天就做不到了。这是因为，星期天的时候", "想多睡一会儿。所以，星期天不能坚持跑步，"]
    lines = [
        Line(text, (150, 200 + 45 * row, 650, 380 + 45 * row), 1.0)
        for row, text in enumerate(texts)
    ]
    pdf.searchable(tmp_path / "page.jpg", [reading_of(1240, 1754, *lines)], tmp_path / "out.pdf")
    assert lines_of(read_back(tmp_path / "out.pdf")) == texts


@pytest.mark.parametrize("read_back", READERS)
def test_latin_words_between_chinese_keep_their_spaces(tmp_path: Path, read_back: "type") -> None:
    drawn(lines=()).save(tmp_path / "page.jpg")
    texts = [
        "甲方Jiangsu Heng Yue Co., Ltd.与乙方",
        "单价 USD 12.50 per piece，共计300件",
        "（合同）No. HY-2023 第2页",
    ]
    lines = [
        Line(text, (150, 180 + 80 * row, 150 + 20 * len(text), 216 + 80 * row), 1.0)
        for row, text in enumerate(texts)
    ]
    pdf.searchable(tmp_path / "page.jpg", [reading_of(1240, 1754, *lines)], tmp_path / "out.pdf")
    assert lines_of(read_back(tmp_path / "out.pdf")) == texts


def test_a_refused_original_leaves_nothing_behind(tmp_path: Path) -> None:
    (tmp_path / "letter.pdf").write_text("no paper")
    with pytest.raises(errors.UnknownFormat):
        pdf.searchable(tmp_path / "letter.pdf", [], tmp_path / "out.pdf")
    assert [path.name for path in tmp_path.iterdir()] == ["letter.pdf"]


def test_five_hundred_pages_need_little_memory(tmp_path: Path) -> None:
    sheet = drawn().convert("L").resize((620, 877))
    rest = [sheet] * 499
    sheet.save(tmp_path / "stack.tif", save_all=True, append_images=rest, compression="tiff_lzw")
    line = Line("设备采购合同", (75, 90, 183, 108), 1.0)
    readings = [
        PageReading(n, (line,) * 40, 0, 0.0, 620, 877, 75, "test", "1", "ocr")
        for n in range(1, 501)
    ]
    with Workshop(workers=1, seconds=120, megabytes=400) as small:
        small.bind([Sheaf(tmp_path / "stack.tif", tuple(readings))], tmp_path / "one.pdf")
        small.bind([Sheaf(tmp_path / "one.pdf", tuple(readings))], tmp_path / "two.pdf")
    assert len(PdfReader(tmp_path / "two.pdf").pages) == 500
