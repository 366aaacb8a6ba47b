"""Another program's hidden text: taken out of a page that was read anew, and nothing else is."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Literal

import numpy as np
import pypdfium2 as pdfium
import pytesseract
import pytest
from pypdf import PdfReader, PdfWriter
from pypdf.generic import DecodedStreamObject, DictionaryObject, NameObject
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas
from reportlab.pdfgen.textobject import PDFTextObject

from scanning import pdf, pipeline
from scanning.reading import Line, PageReading
from tests.scanning.papers import CONTRACT, drawn
from tests.scanning.test_pdf import READERS, lines_of

OLD = "POOR OLD LAYER"
OURS = Line("设备采购合同", (150, 180, 366, 216), 1.0)


def scan_with(target: Path, write: Callable[[Canvas], None]) -> Path:
    """A PDF page that is a scan, on which `write` puts what it likes."""
    jpeg = target.with_suffix(".jpg")
    drawn().save(jpeg, quality=90)
    canvas = Canvas(str(target), pagesize=A4, pageCompression=0)
    canvas.setFont("Helvetica", 12)
    canvas.drawImage(str(jpeg), 0, 0, *A4)
    write(canvas)
    canvas.save()
    return target


def hidden_text(canvas: Canvas, *lines: str, mode: Literal[0, 3] = 3) -> None:
    text: PDFTextObject = canvas.beginText(72, 700)
    text.setTextRenderMode(mode)
    for line in lines or (OLD,):
        text.textLine(line)
    canvas.drawText(text)


def in_a_form(canvas: Canvas) -> None:
    canvas.beginForm("layer")
    canvas.setFont("Helvetica", 12)
    hidden_text(canvas)
    canvas.rect(300, 300, 40, 40, fill=1)
    canvas.endForm()
    canvas.doForm("layer")


def in_a_form_of_a_form(canvas: Canvas) -> None:
    canvas.beginForm("inner")
    canvas.setFont("Helvetica", 12)
    hidden_text(canvas)
    canvas.endForm()
    canvas.beginForm("outer")
    canvas.doForm("inner")
    canvas.endForm()
    canvas.doForm("outer")


def without_opacity(canvas: Canvas) -> None:
    canvas.setFillAlpha(0)
    hidden_text(canvas, mode=0)


def beside_a_stamp(canvas: Canvas) -> None:
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


HIDING = [hidden_text, in_a_form, in_a_form_of_a_form, without_opacity]


@pytest.mark.parametrize("read_back", READERS)
@pytest.mark.parametrize("hiding", HIDING)
def test_only_our_text_is_found_where_another_program_had_hidden_its_own(
    tmp_path: Path, hiding: Callable[[Canvas], None], read_back: Callable[[Path], str]
) -> None:
    original = scan_with(tmp_path / "scan.pdf", hiding)
    assert OLD in read_back(original)
    assert lines_of(read_back(searchable(original, OURS))) == [OURS.text]


@pytest.mark.parametrize("hiding", [*HIDING, beside_a_stamp])
def test_not_one_pixel_changes(tmp_path: Path, hiding: Callable[[Canvas], None]) -> None:
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


def with_operators(target: Path, operators: bytes) -> Path:
    """The scan with these operators besides, its font being /F1."""
    writer = PdfWriter(clone_from=scan_with(target, lambda canvas: canvas.drawString(9, 9, ".")))
    page = writer.pages[0]
    stream = DecodedStreamObject()
    stream.set_data(page.get_contents().get_data() + operators)  # type: ignore[union-attr]
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


def test_a_form_that_draws_itself_is_borne(tmp_path: Path) -> None:
    original = scan_with(tmp_path / "scan.pdf", in_a_form)
    writer = PdfWriter(clone_from=original)
    forms = writer.pages[0]["/Resources"]["/XObject"]  # type: ignore[index]
    for name in list(forms):
        form = forms[name].get_object()
        if form["/Subtype"] == "/Form":
            form.set_data(form.get_data() + b" /Self Do")
            form["/Resources"][NameObject("/XObject")] = DictionaryObject(
                {NameObject("/Self"): forms.raw_get(name)}
            )
    writer.write(original)
    target = searchable(original, OURS)
    assert OLD not in PdfReader(target).pages[0].get_contents().get_data().decode("latin-1")  # type: ignore[union-attr]
    assert np.array_equal(pixels(original), pixels(target))
