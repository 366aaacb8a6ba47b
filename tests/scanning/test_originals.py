"""A file is judged by its content, and bad ones are refused with what to do next."""

import struct
import zlib
from io import BytesIO
from pathlib import Path

import pypdfium2 as pdfium
import pytest
from PIL import Image
from PIL.GifImagePlugin import GifImageFile
from pypdf import PdfWriter
from reportlab.lib.pagesizes import A4
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from scanning import errors, originals, pdf, pipeline
from scanning.reading import PageReading
from tests.scanning.papers import drawn, printed_pdf, shared_scan


@pytest.mark.parametrize(
    ("extension", "media_type"),
    [
        (".jpg", "image/jpeg"),
        (".png", "image/png"),
        (".gif", "image/gif"),
        (".webp", "image/webp"),
        (".tif", "image/tiff"),
        (".heic", "image/heic"),
    ],
)
def test_a_picture_is_known_by_its_content_whatever_its_name(
    tmp_path: Path, extension: str, media_type: str
) -> None:
    drawn().save(tmp_path / f"page{extension}")
    misnamed = (tmp_path / f"page{extension}").rename(tmp_path / "page.pdf")
    assert originals.probe(misnamed) == originals.Original(media_type, 1, extension)
    assert originals.load(misnamed, 1).picture.shape == (1754, 1240, 3)


def test_every_page_of_a_tiff_is_counted_and_found(tmp_path: Path) -> None:
    sheets = [Image.new("RGB", (200, 100 * n), "white") for n in (1, 2, 3)]
    sheets[0].save(tmp_path / "three.tif", save_all=True, append_images=sheets[1:], dpi=(200, 200))
    assert originals.probe(tmp_path / "three.tif").pages == 3
    third = originals.load(tmp_path / "three.tif", 3)
    assert third.picture.shape == (300, 200, 3)
    assert third.dpi == 200


def test_every_picture_of_a_heic_is_a_page_whichever_is_its_cover(tmp_path: Path) -> None:
    sheets = [Image.new("RGB", (200, 100 * n), "white") for n in (1, 2, 3)]
    path = tmp_path / "three.heic"
    sheets[0].save(path, save_all=True, append_images=sheets[1:], primary_index=1)
    assert originals.probe(path).pages == 3
    heights = [originals.load(path, number).picture.shape[0] for number in (1, 2, 3)]
    assert heights == [image.height for image in originals.each_page(path, (1, 2, 3))]
    assert heights == [100, 200, 300]
    with pytest.raises(errors.NoSuchPage):
        originals.load(path, 4)


def test_a_pdf_page_is_drawn_at_two_hundred_dots_an_inch_or_more(tmp_path: Path) -> None:
    path = printed_pdf(tmp_path / "contract.pdf", pages=2)
    assert originals.probe(path) == originals.Original("application/pdf", 2, ".pdf")
    sheet = originals.load(path, 2)
    assert sheet.dpi == 200
    assert abs(sheet.picture.shape[0] - 2339) <= 1


def test_a_photo_is_turned_as_its_exif_says(tmp_path: Path) -> None:
    photo = Image.new("RGB", (300, 200), "white")
    exif = Image.Exif()
    exif[0x0112] = 6
    photo.save(tmp_path / "photo.jpg", exif=exif)
    assert originals.load(tmp_path / "photo.jpg", 1).picture.shape == (300, 200, 3)


@pytest.mark.parametrize("mode", ["1", "L", "P", "LA", "RGBA", "CMYK", "I;16"])
def test_pictures_of_every_mode_come_out_as_rgb(tmp_path: Path, mode: str) -> None:
    Image.new("L", (60, 40), 255).convert(mode).save(tmp_path / "page.tif")
    picture = originals.load(tmp_path / "page.tif", 1).picture
    assert picture.shape == (40, 60, 3)


def test_transparent_paper_is_white(tmp_path: Path) -> None:
    Image.new("RGBA", (60, 40), (0, 0, 0, 0)).save(tmp_path / "clear.png")
    assert originals.load(tmp_path / "clear.png", 1).picture.min() == 255


def test_a_very_large_but_legal_page_is_scaled_on_loading(tmp_path: Path) -> None:
    Image.new("L", (9_000, 12_000), 255).save(tmp_path / "plan.png", dpi=(300, 300))
    sheet = originals.load(tmp_path / "plan.png", 1)
    height, width = sheet.picture.shape[:2]
    assert 0.97 * originals.FULL_PIXELS < width * height <= originals.FULL_PIXELS
    assert abs(sheet.dpi - 300 * width / 9_000) < 1


def test_an_empty_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "nothing.pdf").write_bytes(b"")
    with pytest.raises(errors.EmptyFile, match="empty"):
        originals.probe(tmp_path / "nothing.pdf")


def test_text_renamed_pdf_is_refused(tmp_path: Path) -> None:
    (tmp_path / "letter.pdf").write_text("甲方与乙方就下列事项达成协议。\n" * 50)
    with pytest.raises(errors.UnknownFormat, match="Send a PDF"):
        originals.probe(tmp_path / "letter.pdf")


def test_a_truncated_jpeg_is_refused_with_a_reason(tmp_path: Path) -> None:
    drawn().save(tmp_path / "whole.jpg")
    whole = (tmp_path / "whole.jpg").read_bytes()
    (tmp_path / "torn.jpg").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(errors.TornFile, match="Copy it again"):
        originals.load(tmp_path / "torn.jpg", 1)


@pytest.mark.parametrize("kept", [30, 400, 3_000])
def test_a_broken_pdf_is_refused(tmp_path: Path, kept: int) -> None:
    whole = printed_pdf(tmp_path / "whole.pdf", pages=3).read_bytes()
    (tmp_path / "torn.pdf").write_bytes(whole[:kept].replace(b" obj", b" obx"))
    with pytest.raises(errors.TornFile):
        originals.probe(tmp_path / "torn.pdf")


def test_a_pdf_without_pages_is_refused(tmp_path: Path) -> None:
    PdfWriter().write(tmp_path / "none.pdf")
    with pytest.raises(errors.TornFile):
        originals.probe(tmp_path / "none.pdf")


def test_an_encrypted_pdf_is_refused(tmp_path: Path) -> None:
    path = printed_pdf(tmp_path / "locked.pdf", password="open sesame")
    with pytest.raises(errors.EncryptedPdf, match="password"):
        originals.probe(path)


@pytest.mark.parametrize("height", [20, 5_000])
def test_a_png_fifty_thousand_pixels_wide_is_refused(tmp_path: Path, height: int) -> None:
    Image.new("1", (50_000, height), 1).save(tmp_path / "wide.png")
    with pytest.raises(errors.TooManyPixels, match="lower resolution"):
        originals.probe(tmp_path / "wide.png")


def test_a_picture_too_large_to_open_is_refused_with_its_true_size(tmp_path: Path) -> None:
    (tmp_path / "map.png").write_bytes(png_header(50_000, 20_000))
    with pytest.raises(errors.TooManyPixels, match="50000 × 20000"):
        originals.probe(tmp_path / "map.png")


@pytest.mark.parametrize("head", [
    b"VP8X" + struct.pack("<IB3x", 10, 0) + (15_999).to_bytes(3, "little") * 2,
    b"VP8L" + struct.pack("<IBI", 5, 0x2F, 15_999 | 15_999 << 14),
    b"VP8 " + struct.pack("<I3s3sHH", 10, b"\0\0\0", b"\x9d\x01\x2a", 16_000, 16_000),
])  # fmt: skip
def test_a_webp_too_large_to_open_is_refused_with_its_true_size(
    tmp_path: Path, head: bytes
) -> None:
    body = b"WEBP" + head + bytes(40)
    (tmp_path / "map.webp").write_bytes(b"RIFF" + struct.pack("<I", len(body)) + body)
    with pytest.raises(errors.TooManyPixels, match="16000 × 16000"):
        originals.probe(tmp_path / "map.webp")


@pytest.mark.parametrize("extension", [".gif", ".webp", ".png"])
def test_a_moving_picture_is_refused_not_kept_by_its_first_frame(
    tmp_path: Path, extension: str
) -> None:
    frames = [Image.new("L", (60, 40), 80 * n) for n in range(3)]
    path = tmp_path / f"three{extension}"
    frames[0].save(path, save_all=True, append_images=frames[1:])
    with pytest.raises(errors.MovingPicture, match="each page as a picture of its own"):
        originals.probe(path)


def gif(screen: tuple[int, int], frame: tuple[int, int], frames: int = 1) -> bytes:
    """A GIF whose frames hold one pixel, and break off behind it if they are larger."""
    head = b"GIF89a" + struct.pack("<HHBBB", *screen, 0x80, 0, 0) + b"\0\0\0\xff\xff\xff"
    one = b"," + struct.pack("<HHHHB", 0, 0, *frame, 0) + b"\x02\x02\x4c\x01\0"
    return head + one * frames + b";"


def test_a_gif_of_ten_thousand_frames_is_refused_at_its_second(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sought: list[int] = []
    seek = GifImageFile._seek

    def noted(image: GifImageFile, frame: int, update_image: bool = True) -> None:
        sought.append(frame)
        seek(image, frame, update_image)

    monkeypatch.setattr(GifImageFile, "_seek", noted)
    (tmp_path / "many.gif").write_bytes(gif((1, 1), (1, 1), 10_000))
    with pytest.raises(errors.MovingPicture):
        originals.probe(tmp_path / "many.gif")
    assert max(sought) == 1


def test_a_gif_that_is_or_holds_too_large_a_picture_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "map.gif"
    path.write_bytes(gif((60_000, 50_000), (1, 1)))
    with pytest.raises(errors.TooManyPixels, match="60000 × 50000"):
        originals.probe(path)
    path.write_bytes(gif((10, 10), (60_000, 50_000)))
    with pytest.raises(errors.TornFile):
        originals.probe(path)


def test_a_gif_that_breaks_off_anywhere_is_refused_with_a_reason(tmp_path: Path) -> None:
    drawn().resize((124, 175)).save(tmp_path / "whole.gif")
    whole = (tmp_path / "whole.gif").read_bytes()
    for kept in {*range(6, 900), *range(900, len(whole) - 2, 97)}:
        (tmp_path / "torn.gif").write_bytes(whole[:kept])
        with pytest.raises(errors.BadFile):
            originals.load(tmp_path / "torn.gif", originals.probe(tmp_path / "torn.gif").pages)


def test_a_gif_that_breaks_off_in_its_second_frame_is_not_kept_by_its_first(
    tmp_path: Path,
) -> None:
    second = gif((1, 1), (1, 1)).removesuffix(b";")
    frame = second[19:]
    for kept in range(1, len(frame)):
        (tmp_path / "torn.gif").write_bytes(second + frame[:kept])
        with pytest.raises(errors.BadFile):
            originals.probe(tmp_path / "torn.gif")


def png_header(width: int, height: int) -> bytes:
    """A PNG of that size up to where its pixels would begin."""
    told = b"IHDR" + struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    pixels = struct.pack(">I", 0) + b"IDAT" + struct.pack(">I", zlib.crc32(b"IDAT"))
    ihdr = struct.pack(">I", 13) + told + struct.pack(">I", zlib.crc32(told))
    return b"\x89PNG\r\n\x1a\n" + ihdr + pixels


@pytest.mark.parametrize("size", [(1, 800), (200_000, 200_000)])
def test_a_pdf_page_of_absurd_size_is_refused(tmp_path: Path, size: tuple[int, int]) -> None:
    writer = PdfWriter()
    writer.add_blank_page(*size)
    writer.write(tmp_path / "absurd.pdf")
    with pytest.raises(errors.AbsurdPage, match="A4"):
        originals.load(tmp_path / "absurd.pdf", 1)


def test_a_page_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(errors.NoSuchPage, match="no page 3"):
        originals.load(printed_pdf(tmp_path / "two.pdf", pages=2), 3)


def test_a_file_of_too_many_pages_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(originals, "MAX_PAGES", 2)
    with pytest.raises(errors.TooManyPages, match="Split it"):
        originals.probe(printed_pdf(tmp_path / "three.pdf", pages=3))


def test_the_shared_scans_are_all_papers() -> None:
    assert originals.probe(shared_scan("real/r312.pdf")).media_type == "application/pdf"
    assert originals.probe(shared_scan("real/r301.tif")).pages == 1


@pytest.mark.parametrize("size", [(1, 1), (3, 900), (30_000, 2), (2, 20_000)])
def test_a_sliver_of_a_picture_is_a_page_without_text(
    tmp_path: Path, size: tuple[int, int]
) -> None:
    Image.new("L", size, 255).save(tmp_path / "sliver.png")
    assert pipeline.read_page(tmp_path / "sliver.png", 1).text == ""


SCANS = {
    "whole": [(0.0, 0.0, 1.0, 1.0, 80)],
    "in strips": [(0.0, at / 4, 1.0, 0.25, 80) for at in range(4)],
    "with a fine logo": [(0.0, 0.0, 1.0, 1.0, 80), (0.1, 0.8, 0.2, 0.1, 300)],
    "as black print over a coarse ground": [(0.0, 0.0, 1.0, 1.0, 300), (0.0, 0.0, 1.0, 1.0, 80)],
    "no scan": [(0.1, 0.8, 0.2, 0.1, 80)],
}


@pytest.mark.parametrize(("kind", "dpi"), [*zip(SCANS, (80, 80, 80, 300, 0), strict=True)])
def test_a_pdf_says_how_finely_its_page_was_scanned(tmp_path: Path, kind: str, dpi: int) -> None:
    canvas = Canvas(str(tmp_path / "scan.pdf"), pagesize=A4)
    wide, high = A4
    for left, bottom, across, up, scanned_at in SCANS[kind]:
        size = round(across * wide / 72 * scanned_at), round(up * high / 72 * scanned_at)
        image = ImageReader(Image.effect_noise(size, 9))
        canvas.drawImage(image, left * wide, bottom * high, across * wide, up * high)
    canvas.save()
    assert abs(originals.load(tmp_path / "scan.pdf", 1).scanned_at - dpi) <= 1


def test_a_look_at_what_a_file_is_takes_nothing_from_it() -> None:
    file = BytesIO(b"%PDF-1.7 and more")
    originals.check_kind(file)
    assert file.read() == b"%PDF-1.7 and more"
    with pytest.raises(errors.UnknownFormat):
        originals.check_kind(BytesIO(b"a letter"))


@pytest.mark.parametrize(("down", "rows"), [(98, 1_143), (196, 2_286), (391, 4_560)])
def test_a_fax_is_as_high_as_its_paper(tmp_path: Path, down: int, rows: int) -> None:
    fax = Image.new("1", (1_728, rows), 1)
    fax.save(tmp_path / "fax.tif", dpi=(204, down), compression="group4")
    sheet = originals.load(tmp_path / "fax.tif", 1)
    high, wide = (side / sheet.dpi * 25.4 for side in sheet.picture.shape[:2])
    assert abs(wide - 215) < 2
    assert abs(high - 296) < 15
    whole = PageReading(
        1, (), 0, 0.0, sheet.picture.shape[1], sheet.picture.shape[0], sheet.dpi, "", "", "ocr"
    )
    pdf.searchable(tmp_path / "fax.tif", [whole], tmp_path / "fax.pdf")
    with pdfium.PdfDocument(tmp_path / "fax.pdf") as made:
        assert made[0].get_size() == pytest.approx((wide / 25.4 * 72, high / 25.4 * 72), abs=1)
