"""Another program's hidden text: taken out of a page that was read anew, and nothing else is."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any, Literal, cast

import numpy as np
import pypdfium2 as pdfium
import pytesseract
import pytest
from PIL import Image
from pypdf import PageObject, PdfReader, PdfWriter
from pypdf.generic import DecodedStreamObject, DictionaryObject, NameObject
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas
from reportlab.pdfgen.pathobject import PDFPathObject
from reportlab.pdfgen.textobject import PDFTextObject

from scanning import originals, pdf, pipeline
from scanning.reading import Line, PageReading
from tests.scanning.papers import CONTRACT, drawn
from tests.scanning.test_pdf import READERS, lines_of

OLD = "POOR OLD LAYER"
OURS = Line("设备采购合同", (150, 180, 366, 216), 1.0)


class Paper(Canvas):
    """A PDF page that is a scan."""

    def __init__(self, target: Path) -> None:
        super().__init__(str(target), pagesize=A4, pageCompression=0)
        self.scan = target.with_suffix(".jpg")
        drawn().save(self.scan, quality=90)
        self.setFont("Helvetica", 12)
        self.drawImage(str(self.scan), 0, 0, *A4)


def scan_with(target: Path, write: Callable[[Paper], None]) -> Path:
    """A PDF page that is a scan, on which `write` puts what it likes."""
    canvas = Paper(target)
    write(canvas)
    canvas.save()
    return target


def hidden_text(canvas: Paper, *lines: str, mode: Literal[0, 3] = 3) -> None:
    text: PDFTextObject = canvas.beginText(72, 700)
    text.setTextRenderMode(mode)
    for line in lines or (OLD,):
        text.textLine(line)
    canvas.drawText(text)


def in_a_form(canvas: Paper) -> None:
    canvas.beginForm("layer")
    canvas.setFont("Helvetica", 12)
    hidden_text(canvas)
    canvas.rect(300, 300, 40, 40, fill=1)
    canvas.endForm()
    canvas.doForm("layer")


def in_a_form_of_a_form(canvas: Paper) -> None:
    canvas.beginForm("inner")
    canvas.setFont("Helvetica", 12)
    hidden_text(canvas)
    canvas.endForm()
    canvas.beginForm("outer")
    canvas.doForm("inner")
    canvas.endForm()
    canvas.doForm("outer")


def without_opacity(canvas: Paper) -> None:
    canvas.setFillAlpha(0)
    hidden_text(canvas, mode=0)


def under_the_scan(canvas: Paper) -> None:
    """The same scan is drawn once more over the text."""
    canvas.drawString(72, 700, OLD)
    canvas.saveState()
    canvas.clipPath(whole_page(canvas), stroke=0)
    canvas.drawImage(str(canvas.scan), 0, 0, *A4)
    canvas.restoreState()


def in_a_form_under_the_scan(canvas: Paper) -> None:
    canvas.beginForm("layer")
    canvas.setFont("Helvetica", 12)
    canvas.drawString(72, 700, OLD)
    canvas.endForm()
    canvas.doForm("layer")
    under_the_scan(canvas)


def whole_page(canvas: Paper) -> PDFPathObject:
    path = canvas.beginPath()
    path.rect(0, 0, *A4)
    return path


def beside_a_stamp(canvas: Paper) -> None:
    canvas.saveState()
    hidden_text(canvas)
    canvas.restoreState()
    canvas.drawString(280, 20, "RECEIVED 7 MAY")


def searchable(original: Path, *lines: Line) -> Path:
    reading = PageReading(1, lines, 0, 0.0, 1240, 1754, 150, "test", "1", "ocr")
    target = original.with_name("out.pdf")
    pdf.searchable(original, [reading], target)
    return target


def pixels(path: Path) -> np.ndarray:
    with pdfium.PdfDocument(path) as opened:
        return np.array(opened[0].render(scale=1).to_pil())


HIDING = [
    hidden_text, in_a_form, in_a_form_of_a_form, without_opacity, under_the_scan,
    in_a_form_under_the_scan,
]  # fmt: skip


@pytest.mark.parametrize("read_back", READERS)
@pytest.mark.parametrize("hiding", HIDING)
def test_only_our_text_is_found_where_another_program_had_hidden_its_own(
    tmp_path: Path, hiding: Callable[[Paper], None], read_back: Callable[[Path], str]
) -> None:
    original = scan_with(tmp_path / "scan.pdf", hiding)
    assert OLD in read_back(original)
    assert lines_of(read_back(searchable(original, OURS))) == [OURS.text]


@pytest.mark.parametrize("hiding", [*HIDING, beside_a_stamp])
def test_not_one_pixel_changes(tmp_path: Path, hiding: Callable[[Paper], None]) -> None:
    original = scan_with(tmp_path / "scan.pdf", hiding)
    assert np.array_equal(pixels(original), pixels(searchable(original, OURS)))


def test_text_that_can_be_seen_stays(tmp_path: Path) -> None:
    original = scan_with(tmp_path / "scan.pdf", beside_a_stamp)
    (told,) = PdfReader(searchable(original, OURS)).pages
    assert lines_of(told.extract_text()) == ["RECEIVED 7 MAY", OURS.text]


@pytest.mark.parametrize("read_back", READERS)
def test_the_layer_of_tesseract_goes(tmp_path: Path, read_back: Callable[[Path], str]) -> None:
    if shutil.which("tesseract") is None:
        pytest.skip("Tesseract is not installed")
    original = tmp_path / "scan.pdf"
    page = drawn()
    page.info["dpi"] = (150, 150)
    original.write_bytes(pytesseract.image_to_pdf_or_hocr(page, lang="eng", extension="pdf"))
    assert lines_of(read_back(original)) != list(CONTRACT)
    reading = pipeline.read_page(original, 1)
    assert reading.source == "ocr"
    pdf.searchable(original, [reading], tmp_path / "out.pdf")
    assert lines_of(read_back(tmp_path / "out.pdf")) == list(CONTRACT)
    assert np.array_equal(pixels(original), pixels(tmp_path / "out.pdf"))


def test_a_searchable_pdf_of_ours_that_comes_in_again_has_one_layer(tmp_path: Path) -> None:
    once = searchable(scan_with(tmp_path / "scan.pdf", hidden_text), OURS).rename(
        tmp_path / "once.pdf"
    )
    twice = searchable(once, OURS)
    assert lines_of(PdfReader(twice).pages[0].extract_text()) == [OURS.text]


def drawing(page: PageObject) -> bytes:
    """The operators of a page."""
    contents = page.get_contents()
    assert contents is not None
    return contents.get_data()


def with_operators(target: Path, operators: bytes) -> Path:
    """The scan with these operators besides, its font being /F1."""
    writer = PdfWriter(clone_from=scan_with(target, lambda canvas: canvas.drawString(9, 9, ".")))
    page = writer.pages[0]
    stream = DecodedStreamObject()
    stream.set_data(drawing(page) + operators)
    page[NameObject("/Contents")] = writer._add_object(stream)
    writer.write(target)
    return target


@pytest.mark.parametrize("operators", [
    b"BT /F1 12 Tf 3 Tr 72 700 Td (POOR) Tj 0 Tr (SEEN) Tj ET",
    b"BT /F1 12 Tf 3 Tr 20 TL 72 700 Td (POOR) Tj (OLD) ' 2 3 (OLD) \" 0 Tr T* (SEEN) Tj ET",
    b"BT /F1 12 Tf 3 Tr 72 700 Td (POOR) Tj ET q 0 Tr BT 72 600 Td (SEEN) Tj ET Q"
    b" BT 72 500 Td (OLD) Tj ET",
    b"3 Tr BT /F1 12 Tf 72 700 Td (POOR) Tj ET q 9 0 0 9 50 50 cm BI /W 2 /H 2 /BPC 8 /CS /G ID"
    b" \\0EI\\377 EI Q 0 Tr BT /F1 12 Tf 72 600 Td (SEEN) Tj ET".replace(b"\\0", b"\0"),
])  # fmt: skip
def test_visible_text_stays_in_its_place_after_hidden(tmp_path: Path, operators: bytes) -> None:
    original = with_operators(tmp_path / "scan.pdf", operators)
    target = searchable(original, OURS)
    assert "SEEN" in PdfReader(target).pages[0].extract_text()
    assert np.array_equal(pixels(original), pixels(target))


@pytest.mark.parametrize("operators", [
    b"3 Tr BT /F1 12 Tf (POOR", b"3 Tr BI /W 2", b"3 Tr << >> >> ] ) ET", b"3 Tr BT /F1 Tf 9 Td Tj",
    b"3 Tr BT /F1 9 Tf (POOR) ' (OLD) \" ET Do", b"3 Tr << /A 1 >> gs (POOR) Tj",
])  # fmt: skip
def test_a_page_whose_operators_are_torn_is_left_as_it_is(tmp_path: Path, operators: bytes) -> None:
    original = with_operators(tmp_path / "scan.pdf", operators)
    assert np.array_equal(pixels(original), pixels(searchable(original, OURS)))


def over_a_part(canvas: Paper) -> None:
    """A second picture covers a part of the page only."""
    canvas.drawString(72, 700, OLD)
    canvas.drawImage(str(canvas.scan), 0, 0, A4[0], A4[1] / 2)


def through_a_clipping(canvas: Paper) -> None:
    canvas.drawString(72, 700, OLD)
    path = canvas.beginPath()
    path.circle(200, 200, 100)
    canvas.saveState()
    canvas.clipPath(path, stroke=0)
    canvas.drawImage(str(canvas.scan), 0, 0, *A4)
    canvas.restoreState()


def leaning(canvas: Paper) -> None:
    canvas.drawString(20, 820, OLD)
    canvas.saveState()
    canvas.rotate(3)
    canvas.drawImage(str(canvas.scan), 0, 0, *A4)
    canvas.restoreState()


def under_glass(canvas: Paper) -> None:
    canvas.drawString(72, 700, OLD)
    glass = canvas.scan.with_suffix(".png")
    Image.new("RGBA", (20, 30), (255, 255, 255, 60)).save(glass)
    canvas.drawImage(str(glass), 0, 0, *A4, mask="auto")


def half_clear(canvas: Paper) -> None:
    canvas.drawString(72, 700, OLD)
    canvas.setFillAlpha(0.5)
    canvas.drawImage(str(canvas.scan), 0, 0, *A4)


SHOWING = [over_a_part, through_a_clipping, leaning, under_glass, half_clear]


@pytest.mark.parametrize("showing", SHOWING)
def test_text_that_a_picture_does_not_cover_stays(
    tmp_path: Path, showing: Callable[[Paper], None]
) -> None:
    original = scan_with(tmp_path / "scan.pdf", showing)
    target = searchable(original, OURS)
    assert OLD in PdfReader(target).pages[0].extract_text()
    assert np.array_equal(pixels(original), pixels(target))


def test_words_under_a_picture_of_themselves_are_no_text_layer(tmp_path: Path) -> None:
    plain = Canvas(str(tmp_path / "plain.pdf"), pagesize=A4)
    under = Canvas(str(tmp_path / "under.pdf"), pagesize=A4)
    for canvas in (plain, under):
        for row in range(8):
            canvas.drawString(72, 700 - 30 * row, "Payment is due within thirty days of delivery")
    plain.save()
    Image.fromarray(pixels(tmp_path / "plain.pdf")).save(tmp_path / "scan.png")
    under.drawImage(str(tmp_path / "scan.png"), 0, 0, *A4)
    under.save()
    assert originals.words_of(tmp_path / "plain.pdf", 1, 1240, 1754) is not None
    assert originals.words_of(tmp_path / "under.pdf", 1, 1240, 1754) is None


def test_a_form_that_draws_itself_is_borne(tmp_path: Path) -> None:
    original = scan_with(tmp_path / "scan.pdf", in_a_form)
    writer = PdfWriter(clone_from=original)
    forms = cast(Any, writer.pages[0])["/Resources"]["/XObject"]
    for name in list(forms):
        form = forms[name].get_object()
        if form["/Subtype"] == "/Form":
            form.set_data(form.get_data() + b" /Self Do")
            form["/Resources"][NameObject("/XObject")] = DictionaryObject(
                {NameObject("/Self"): forms.raw_get(name)}
            )
    writer.write(original)
    target = searchable(original, OURS)
    assert OLD.encode() not in drawing(PdfReader(target).pages[0])
    assert np.array_equal(pixels(original), pixels(target))
