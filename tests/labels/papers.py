"""Labels to print in these tests, and pictures of what was printed."""

from collections.abc import Iterator
from io import BytesIO

import pypdfium2
from PIL import Image

from labels.draw import Drawn, Label, draw
from labels.sheets import Sheet

TITLES = (
    "上海浦东机械进出口有限公司",
    "中国石油化工股份有限公司茂名分公司第二化工机械设备安装检修工程处（含㛃䶮𬭚三方）补充协议",
    "Shenzhen Brightwater International Logistics & Trading Co., Ltd.",
    "永昌贸易",
    "",
)


def label(number: int) -> Label:
    """A folder's label as they come: titles of all lengths, no, one or two lines."""
    code = f"7K3M{number:03}Q"
    lines = ("2024 · 30 年 · 第 1 盒，共 3 盒", "第二大类 合同与订单")
    return Label(
        code,
        f"https://archive.example.com/c/{code}",
        f"Q001-ZY·KH·2·2024·D30-{number:04}",
        TITLES[number % len(TITLES)],
        lines[: number % 3],
    )


def printed(labels: list[Label], sheet: Sheet, start: int = 1) -> tuple[bytes, Drawn]:
    """The PDF's bytes and what `draw` tells about it."""
    target = BytesIO()
    drawn = draw(labels, sheet, target, start)
    return target.getvalue(), drawn


def pictures(pdf: bytes, dpi: int) -> Iterator[Image.Image]:
    """Each page as a printer of that many dots to the inch sees it."""
    document = pypdfium2.PdfDocument(pdf)
    for page in document:
        yield page.render(scale=dpi / 72).to_pil()


def as_file(picture: Image.Image, kind: str = "PNG", **options: object) -> bytes:
    """The picture as the bytes of a file."""
    target = BytesIO()
    picture.save(target, kind, **options)
    return target.getvalue()
