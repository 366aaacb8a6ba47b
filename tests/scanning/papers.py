"""Papers for the tests: drawn here, so that what they say is known; and the shared scans."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont
from reportlab.lib.pagesizes import A4
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from scanning.images import Picture
from tests.given import SCANS

CONTRACT = (
    "设备采购合同",
    "甲方：江苏恒岳精密机械有限公司",
    "合同编号：HY-2023-SC-00417",
    "签订日期：2023年11月16日",
    "本合同总价为人民币壹佰贰拾捌万陆仟伍佰元整",
)

FONTS = (
    Path("/usr/share/fonts/opentype/noto/NotoSerifCJK-Regular.ttc"),
    Path("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc"),
)


def shared_scan(name: str) -> Path:
    """A scan of the shared collection; the test is left out where there is none."""
    scan = SCANS / name
    if not scan.exists():
        pytest.skip(f"the shared scan {name} is not on this machine")
    return scan


def chinese_font() -> Path:
    """What papers are printed with; the test is left out where there is no such font."""
    found = next((font for font in FONTS if font.exists()), None)
    if found is None:
        pytest.skip("there is no Chinese font on this machine: apt-get install fonts-noto-cjk")
    return found


def drawn(lines: tuple[str, ...] = CONTRACT, size: tuple[int, int] = (1240, 1754)) -> Image.Image:
    """A white page at 150 dpi with the lines printed on it."""
    page = Image.new("RGB", size, "white")
    pen, font = ImageDraw.Draw(page), ImageFont.truetype(str(chinese_font()), 36)
    for row, line in enumerate(lines):
        pen.text((150, 180 + 80 * row), line, fill=(25, 25, 30), font=font)
    return page


def drawn_down(
    columns: tuple[str, ...] = CONTRACT, size: tuple[int, int] = (1240, 1754)
) -> Image.Image:
    """The same written as of old: down, and the columns from the right."""
    page = Image.new("RGB", size, "white")
    pen, font = ImageDraw.Draw(page), ImageFont.truetype(str(chinese_font()), 36)
    for column, text in enumerate(columns):
        for row, char in enumerate(text):
            place = size[0] - 200 - 80 * column, 180 + 44 * row
            pen.text(place, char, fill=(25, 25, 30), font=font)
    return page


def np_picture(image: Image.Image) -> Picture:
    return np.array(image.convert("RGB"))


def printed_pdf(target: Path, pages: int = 1, *, password: str | None = None) -> Path:
    """A born-digital PDF: every page has the contract's lines as real text."""
    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    canvas = Canvas(str(target), pagesize=A4, encrypt=password)
    for number in range(1, pages + 1):
        canvas.setFont("STSong-Light", 14)
        for row, line in enumerate((*CONTRACT, f"第{number}页")):
            canvas.drawString(72, 720 - 30 * row, line)
        canvas.showPage()
    canvas.save()
    return target


def scanned_pdf(target: Path, picture: Image.Image, stamp: str = "") -> Path:
    """A PDF whose page is a picture, perhaps with a real-text stamp on it."""
    jpeg = target.with_suffix(".jpg")
    picture.save(jpeg, quality=90)
    canvas = Canvas(str(target), pagesize=A4)
    canvas.drawImage(str(jpeg), 0, 0, *A4)
    canvas.drawString(280, 20, stamp)
    canvas.save()
    return target
