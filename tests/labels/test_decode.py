"""Photos of labels: read when they can be, empty when there is nothing, refused when no photo."""

import struct
import zlib
from pathlib import Path

import pytest
import zxingcpp
from PIL import Image, ImageFilter, ImageOps

from labels.decode import PictureTooLarge, UnreadablePicture, decode
from labels.draw import Label
from labels.sheets import find
from tests.labels.papers import as_file, label, pictures, printed


@pytest.fixture(scope="module")
def photo() -> Image.Image:
    """A sheet with three labels on it, as a grey photo of 2 megapixels."""
    (page,) = pictures(printed([label(number) for number in range(3)], find("L7160"))[0], 150)
    return page.convert("L")


URLS = [label(number).url for number in range(3)]


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "TIFF", "HEIF", "AVIF", "GIF", "BMP"])
def test_several_codes_of_one_photo_are_found_from_left_to_right(
    kind: str, photo: Image.Image
) -> None:
    found = decode(as_file(photo.convert("RGB"), kind))
    assert [code.text for code in found] == URLS
    assert {code.kind for code in found} == {"QRCode"}


def test_a_photo_is_read_from_a_file_too(tmp_path: Path, photo: Image.Image) -> None:
    photo.save(tmp_path / "photo.png")
    assert len(decode(tmp_path / "photo.png")) == 3


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "TIFF"])
@pytest.mark.parametrize(("orientation", "turn"), [(3, 180), (6, 90), (8, 270)])
def test_positions_are_those_of_the_upright_photo(
    kind: str, orientation: int, turn: int, photo: Image.Image
) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    lying = as_file(photo.rotate(turn, expand=True), kind, exif=exif.tobytes())
    upright, turned = decode(as_file(photo)), decode(lying)
    assert [code.text for code in turned] == URLS
    for one, other in zip(upright, turned, strict=True):
        assert other.position[0] == pytest.approx(one.position[0], abs=4)


def test_positions_of_a_large_photo_are_in_its_own_pixels(photo: Image.Image) -> None:
    large = photo.resize((photo.width * 4, photo.height * 4))
    small = decode(as_file(photo))
    for one, other in zip(small, decode(as_file(large, "JPEG")), strict=True):
        assert other.position[0] == pytest.approx([4 * side for side in one.position[0]], abs=16)


def test_a_supermarket_barcode_is_read_as_what_it_is() -> None:
    barcode = zxingcpp.create_barcode("6901234567892", zxingcpp.BarcodeFormat.EAN13)
    picture = Image.fromarray(barcode.to_image(scale=3))
    (found,) = decode(as_file(picture))
    assert (found.text, found.kind) == ("6901234567892", "EAN13")


def test_nothing_else_on_a_label_passes_for_a_code() -> None:
    """The bars of this one's QR code were once read as an ITF barcode, too."""
    url = "http://127.0.0.1:49214/c/T7Q2K6JN"
    told = ("Q001-ZY·KH·2·2026·D10-0025", "上海浦东机械进出口有限公司", ("2026 · 10 年",))
    one = Label("T7Q2K6JN", url, *told)
    (page,) = pictures(printed([one], find("L7163"))[0], 300)
    assert [code.text for code in decode(as_file(page.convert("L")))] == [url]


def test_a_code_on_a_transparent_ground_is_read() -> None:
    barcode = zxingcpp.create_barcode(URLS[0], zxingcpp.BarcodeFormat.QRCode)
    ink = ImageOps.invert(Image.fromarray(barcode.to_image(scale=4)))
    picture = Image.new("RGBA", ink.size, (0, 0, 0, 0))
    picture.paste((0, 0, 0, 255), mask=ink)
    assert [code.text for code in decode(as_file(picture))] == [URLS[0]]


def test_a_small_blurred_skewed_code_is_still_read(photo: Image.Image) -> None:
    worn = photo.rotate(3, fillcolor=235).filter(ImageFilter.GaussianBlur(1.4))
    texts = [code.text for code in decode(as_file(worn, "JPEG", quality=40))]
    assert texts == URLS


def test_a_photo_of_nothing_has_no_codes() -> None:
    assert decode(as_file(Image.new("RGB", (1200, 900), (120, 130, 140)))) == []
    assert decode(as_file(Image.effect_noise((800, 600), 90))) == []
    assert decode(as_file(Image.new("L", (1, 1)))) == []


@pytest.mark.parametrize(
    "garbage", [b"", b"text renamed .jpg", b"%PDF-1.7\n", b"\xff\xd8\xff\xe0" + bytes(99)]
)
def test_what_is_no_picture_is_refused_with_a_reason(garbage: bytes) -> None:
    with pytest.raises(UnreadablePicture, match="take the photo again"):
        decode(garbage)


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "HEIF"])
def test_a_truncated_photo_is_refused_with_a_reason(kind: str, photo: Image.Image) -> None:
    whole = as_file(photo.convert("RGB"), kind)
    with pytest.raises(UnreadablePicture):
        decode(whole[: len(whole) // 3])


def _bomb(width: int, height: int) -> bytes:
    """A PNG of some 100 bytes that says it is very large."""
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(bytes(64))), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        for name, data in chunks
    )


@pytest.mark.parametrize("size", [(50_000, 1_700), (9_500, 9_500), (100_000, 100_000)])
@pytest.mark.filterwarnings("ignore::PIL.Image.DecompressionBombWarning")
def test_a_picture_made_to_fill_the_memory_is_refused(size: tuple[int, int]) -> None:
    with pytest.raises(PictureTooLarge, match="80 megapixels"):
        decode(_bomb(*size))


def test_a_photo_of_sixty_megapixels_is_read(photo: Image.Image) -> None:
    huge = Image.new("L", (9_000, 6_700), 200)
    huge.paste(photo.resize((photo.width * 3, photo.height * 3)), (2_000, 1_000))
    assert [code.text for code in decode(as_file(huge, "JPEG"))] == URLS
