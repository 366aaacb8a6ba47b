"""Text layers: whatever characters a PDF tells, its words can be kept."""

from pathlib import Path
from typing import Any, cast

import pypdfium2 as pdfium
import pytest
from pypdf import PdfReader, PdfWriter
from pypdf.generic import NameObject, StreamObject
from reportlab.pdfgen.canvas import Canvas

from scanning import textlayer
from scanning.reading import Line

SENTENCE = "Payment is due within thirty days of delivery of the goods"
SIZE = (1240, 1754)


def told(folder: Path, ends: str, code: str) -> list[Line]:
    """What is read of a page whose last lines end in `ends`, its "Q" being told as `code`."""
    plain, file = folder / "plain.pdf", folder / "told.pdf"
    canvas = Canvas(str(plain))
    canvas.setFont("Helvetica", 14)
    for row, line in enumerate([SENTENCE] * 8 + [f"Paid {ends}"]):
        canvas.drawString(72, 720 - 30 * row, line)
    canvas.save()
    writer = PdfWriter(clone_from=PdfReader(plain))
    for font in cast(Any, writer.pages[0])["/Resources"]["/Font"].values():
        font.get_object()[NameObject("/ToUnicode")] = writer._add_object(_map(code))
    writer.write(file)
    with pdfium.PdfDocument(file) as document:
        lines = textlayer.read(document[0], *SIZE)
    assert lines is not None
    return lines


def _map(code: str) -> StreamObject:
    stream = StreamObject()
    stream.set_data(
        b"/CIDInit /ProcSet findresource begin 12 dict begin begincmap\n"
        b"/CMapName /Told def /CMapType 2 def\n"
        b"1 begincodespacerange <00> <FF> endcodespacerange\n"
        b"2 beginbfrange <20> <50> <0020> <52> <7E> <0052> endbfrange\n"
        b"1 beginbfchar <51> <%s> endbfchar\n" % code.encode() + b"endcmap end end"
    )
    return stream


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("D83DDE00", "Paid 😀 now"),
        ("D842DFB7", "Paid 𠮷 now"),
        ("D83D", "Paid \ufffd now"),
        ("DE00", "Paid \ufffd now"),
        ("0001", "Paid \ufffd now"),
        ("FDD0", "Paid \ufffd now"),
    ],
)
def test_a_strange_character_is_one_that_can_be_kept(tmp_path: Path, code: str, text: str) -> None:
    line = told(tmp_path, "Q now", code)[-1]
    line.text.encode()
    assert line.text == text
    assert line.cuts is not None
    assert len(line.cuts) == len(text) + 1


def test_a_nul_is_not_kept(tmp_path: Path) -> None:
    assert all("\0" not in line.text for line in told(tmp_path, "Q now", "0000"))
