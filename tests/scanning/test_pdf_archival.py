"""PDF/A-2b: what ISO 19005-2 asks of the PDFs that we write from pictures, clause by clause.

veraPDF itself judges them where its library is: VERAPDF_JARS names a folder with the jars of
org.verapdf:validation-model (Maven's `dependency:copy-dependencies` brings them), and Java 11 or
later is installed.
"""

import os
import re
import shutil
import subprocess
from io import BytesIO
from pathlib import Path
from typing import Any, cast

import pytest
from PIL import Image, ImageCms
from pypdf import PdfReader
from pypdf.generic import ArrayObject

from scanning import pdf
from scanning.reading import Line, PageReading
from tests.scanning.papers import drawn

KINDS = [
    ("page.jpg", "RGB"), ("grey.jpg", "L"), ("page.png", "RGB"), ("few.png", "P"),
    ("line.png", "1"), ("clear.png", "RGBA"), ("deep.png", "I;16"), ("line.tif", "1"),
    ("page.tif", "RGB"), ("page.webp", "RGB"), ("page.heic", "RGB"),
]  # fmt: skip
CONTRACT = Line("甲方：𠮷野家 (Yoshinoya)", (150, 180, 600, 216), 1.0)


def archived(folder: Path, name: str = "page.jpg", mode: str = "RGB") -> Path:
    """A picture made searchable, with bookmarks and turned by the clerk."""
    drawn().crop((0, 0, 900, 700)).convert("L").convert(mode).save(folder / name)
    reading = PageReading(1, (CONTRACT,), 90, 1.2, 900, 700, 150, "test", "1", "ocr")
    target = folder / "out.pdf"
    bookmarks = [("合同", 1), ("Annex (1)", 1)]
    pdf.searchable(folder / name, [reading], target, turned={1: 180}, bookmarks=bookmarks)
    return target


def catalog(path: Path) -> dict[str, Any]:
    return dict(PdfReader(path).root_object)


def resources(reader: PdfReader) -> Any:
    """What the first page draws with."""
    return cast(Any, reader.pages[0])["/Resources"]


def id_of(path: Path) -> list[bytes]:
    held = PdfReader(path).trailer["/ID"]
    assert isinstance(held, ArrayObject)
    return [one.original_bytes for one in held]


def test_the_header_and_the_end_are_as_asked(tmp_path: Path) -> None:  # 6.1.2, 6.1.3
    data = archived(tmp_path).read_bytes()
    assert re.match(rb"%PDF-1\.[0-7]\n%[\x80-\xff]{4}", data)
    assert data.endswith(b"%%EOF\n")


def test_the_document_has_an_id_that_tells_original_and_making(tmp_path: Path) -> None:  # 6.1.3
    first = id_of(archived(tmp_path))
    again = id_of(archived(tmp_path))
    pdf.searchable(tmp_path / "page.jpg", [], tmp_path / "unread.pdf")
    other = id_of(tmp_path / "unread.pdf")
    assert len(first[0]) == len(first[1]) == 16
    assert first == again
    assert other[0] == first[0]
    assert other[1] != first[1]


def test_nothing_is_locked_runs_or_is_attached(tmp_path: Path) -> None:  # 6.1.3, 6.5, 6.8
    data = archived(tmp_path).read_bytes()
    assert not re.search(rb"/(Encrypt|JavaScript|JS|AA|OpenAction|EmbeddedFiles|LZWDecode)\b", data)


def test_every_streams_length_is_true(tmp_path: Path) -> None:  # 6.1.7.1
    data = archived(tmp_path).read_bytes()
    for found in re.finditer(rb"/Length (\d+)[^\n]*>>\nstream\n", data):
        assert data[found.end() + int(found[1]) :].startswith(b"\nendstream\n")


@pytest.mark.parametrize("size", [(1, 1), (3, 900), (30_000, 2)])
def test_the_smallest_page_has_three_units_and_the_longest_few_enough(
    tmp_path: Path, size: tuple[int, int]
) -> None:  # 6.1.13
    Image.new("L", size, 255).save(tmp_path / "sliver.png")
    pdf.searchable(tmp_path / "sliver.png", [], tmp_path / "out.pdf")
    box = PdfReader(tmp_path / "out.pdf").pages[0].mediabox
    assert min(box.width, box.height) >= 3
    assert max(box.width, box.height) <= 14_400


@pytest.mark.parametrize(("name", "mode"), KINDS)
def test_the_colours_are_those_of_the_profile(tmp_path: Path, name: str, mode: str) -> None:
    path = archived(tmp_path, name, mode)  # 6.2.3, 6.2.4.3
    (intent,) = catalog(path)["/OutputIntents"]
    told = intent.get_object()
    profile = told["/DestOutputProfile"].get_object()
    assert told["/S"] == "/GTS_PDFA1"
    assert profile["/N"] == 3
    opened = ImageCms.ImageCmsProfile(BytesIO(profile.get_data())).profile
    assert opened.xcolor_space.strip() == "RGB"
    assert opened.device_class == "mntr"
    image = resources(PdfReader(path))["/XObject"]["/Page"]
    colours = image["/ColorSpace"]
    base = colours if isinstance(colours, str) else colours[1]
    assert base in {"/DeviceRGB", "/DeviceGray"}
    assert not {"/SMask", "/Mask", "/Alternates", "/OPI"} & set(image)  # 6.2.8, 6.2.10


def test_the_metadata_names_the_standard(tmp_path: Path) -> None:  # 6.6.2, 6.6.4
    metadata = catalog(archived(tmp_path))["/Metadata"].get_object()
    assert metadata["/Subtype"] == "/XML"
    assert "/Filter" not in metadata
    told = PdfReader(tmp_path / "out.pdf").xmp_metadata
    assert told is not None
    assert (told.pdfaid_part, told.pdfaid_conformance) == ("2", "B")


def test_printers_colours_are_kept_but_not_called_archival(tmp_path: Path) -> None:  # 6.2.4.3
    drawn().convert("CMYK").save(tmp_path / "print.jpg")
    pdf.searchable(tmp_path / "print.jpg", [], tmp_path / "out.pdf")
    assert (tmp_path / "print.jpg").read_bytes() in (tmp_path / "out.pdf").read_bytes()
    told = PdfReader(tmp_path / "out.pdf").xmp_metadata
    assert told is not None
    assert told.pdfaid_part is None


def test_the_font_is_whole_and_shows_nothing_undefined(tmp_path: Path) -> None:  # 6.2.11
    (font,) = resources(PdfReader(archived(tmp_path)))["/Font"].values()
    descendant = font.get_object()["/DescendantFonts"][0].get_object()
    assert "/FontFile2" in descendant["/FontDescriptor"]
    glyphs = descendant["/CIDToGIDMap"].get_data()
    assert set(zip(glyphs[::2], glyphs[1::2], strict=True)) == {(0, 1), (0, 2)}
    assert font.get_object()["/Encoding"] == "/Identity-H"
    assert "/ToUnicode" in font.get_object()


@pytest.mark.slow
def test_verapdf_finds_nothing_broken(tmp_path: Path) -> None:
    jars = os.environ.get("VERAPDF_JARS")
    if jars is None or shutil.which("java") is None:
        pytest.skip("veraPDF is not here: see the head of this file")
    made = []
    for number, (name, mode) in enumerate(KINDS):
        (tmp_path / str(number)).mkdir()
        made.append(archived(tmp_path / str(number), name, mode))
    again = tmp_path / "again.pdf"
    reading = PageReading(1, (CONTRACT,), 0, 0.0, 900, 700, 150, "test", "1", "ocr")
    pdf.searchable(made[0], [reading], again, bookmarks=[("合同", 1)])
    made.append(again)
    judge = Path(__file__).with_name("PdfA.java")
    told = subprocess.run(
        ["java", "-cp", f"{jars}/*", str(judge), *map(str, made)],
        capture_output=True, check=True, encoding="utf-8", timeout=120,
    )  # fmt: skip
    assert told.stdout == ""
