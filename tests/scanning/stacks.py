"""Stacks of paper for the tests, as a feeder would scan them, with the truth of what they are.

Everything on them is made up and drawn here; the same seed gives the same stack.
"""

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from io import BytesIO
from pathlib import Path

import cv2
import numpy as np
import pypdfium2
import zxingcpp
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont, ImageOps
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from labels.covers import StackSheet, draw
from labels.papers import CLAUSES, GOODS, companies
from scanning.images import Picture
from scanning.reading import Line, PageReading
from scanning.stacks.meanings import Broken, Cover, Meaning, Separator
from tests.scanning.papers import chinese_font

ADDRESS = "https://archive.example.com"
COVERS = {f"7K3M00{number:02d}": f"7K3M00{number:02d}" for number in range(40)}
SEPARATOR = "8SEPSEP8"
MM = 25.4


def meaning(text: str) -> Meaning:
    """What the door would answer: our own addresses mean something, all else does not."""
    address, _, code = text.rpartition("/c/")
    if address not in ("", ADDRESS):
        return None
    if code == SEPARATOR:
        return Separator()
    if code in COVERS:
        return Cover(code)
    return Broken() if address else None


@dataclass
class Page:
    """A drawn page: its picture, what stands on it, what it is in truth, and of which paper
    (None for sheets that are in none)."""

    picture: Image.Image
    role: str
    paper: int | None
    lines: list[Line] = field(default_factory=list)
    note: str = ""

    def reading(self, number: int) -> PageReading:
        """What a reader makes of the page when it has turned it upright."""
        width, height = self.picture.size
        return PageReading(number, tuple(self.lines), 0, 0.0, width, height, 0, "drawn", "1", "ocr")


@dataclass(frozen=True)
class Plan:
    """What stack to make: sheets of content, dots per inch, both sides or fronts alone, and how
    worn: 0 fresh from the printer, 1 as bad as a feeder still takes. `parted` is the share of
    papers with a sheet before them; `given` are scans that are put in among the drawn papers."""

    seed: int
    sheets: int = 100
    dpi: int = 150
    two_sided: bool = True
    wear: float = 0.5
    parted: float = 1.0
    given: tuple[Path, ...] = ()


@dataclass(frozen=True)
class Scanned:
    """One page as it came from the feeder, and the truth about it."""

    picture: Picture
    page: Page


@dataclass(frozen=True)
class _Lie:
    """How a sheet lies in the feeder: quarter turns, and degrees of skew."""

    turns: int
    skew: float

    @classmethod
    def of(cls, plan: Plan, chance: random.Random) -> "_Lie":
        turns = chance.choices((0, 1, 2, 3), (85, 5, 5, 5))[0]
        return cls(turns, chance.gauss(0, 0.4 + 1.2 * plan.wear))

    def seen_from_behind(self) -> "_Lie":
        return _Lie(-self.turns % 4, -self.skew)


def scan(plan: Plan) -> Iterator[Scanned]:
    """The stack's pages one after another."""
    chance = random.Random(plan.seed)
    lie = _Lie(0, 0.0)
    for number, page in enumerate(_fed(_Desk(plan, chance), plan, chance)):
        is_back = plan.two_sided and number % 2 == 1
        lie = lie.seen_from_behind() if is_back else _Lie.of(plan, chance)
        yield Scanned(_scanned(page.picture, plan, chance, lie), page)


def as_pdf(scanned: Sequence[Scanned], target: Path, dpi: int) -> Path:
    """The pages as one PDF of JPEGs, as scanners write them."""
    canvas = Canvas(str(target))
    for one in scanned:
        image = Image.fromarray(one.picture)
        size = (image.width / dpi * 72, image.height / dpi * 72)
        jpeg = BytesIO()
        image.save(jpeg, "JPEG", quality=75)
        canvas.setPageSize(size)
        canvas.drawImage(ImageReader(jpeg), 0, 0, *size)
        canvas.showPage()
    canvas.save()
    return target


def _fed(desk: "_Desk", plan: Plan, chance: random.Random) -> Iterator[Page]:
    """Papers with the sheets between them, backs behind fronts."""
    unreadable = chance.randrange(2, 6)
    sheets, paper = 0, 0
    while sheets < plan.sheets:
        if chance.random() < plan.parted:
            front = desk.between(paper, spoiled=paper == unreadable)
            yield from _both_sides(front, plan, chance)
            sheets += 1
        for front in desk.paper(paper):
            yield from _both_sides(front, plan, chance)
            sheets += 1
        paper += 1


def _both_sides(front: Page, plan: Plan, chance: random.Random) -> Iterator[Page]:
    yield front
    if plan.two_sided:
        yield _back(front, plan, chance)


class _Desk:
    """Where papers and sheets are drawn."""

    def __init__(self, plan: Plan, chance: random.Random) -> None:
        self.plan, self.chance = plan, chance
        self.companies = companies(30, plan.seed)

    def between(self, paper: int, *, spoiled: bool) -> Page:
        """The sheet before a paper: a cover, a separator of ours, or one from elsewhere."""
        kinds = ("cover", "separator", "separator", "patch")
        kind = "cover" if paper == 0 or spoiled else self.chance.choice(kinds)
        if kind == "patch":
            return Page(patch_sheet(self.plan.dpi), "separator", None, note="patch")
        code = SEPARATOR if kind == "separator" else self.chance.choice(list(COVERS))
        picture = stack_sheet(code, self.plan.dpi)
        lines = _letters_of(code, picture)
        if not spoiled:
            return Page(picture, kind, None, lines, kind)
        how = self.chance.choice(list(SPOILERS))
        return Page(SPOILERS[how](picture, self.chance), kind, None, lines, f"{kind}, {how}")

    def paper(self, number: int) -> Iterator[Page]:
        makers: list[Callable[[], Iterator[Sheet]]] = [
            self.contract, self.contract, self.invoice, self.waybill, self.table, self.card,
        ]  # fmt: skip
        if self.plan.given:
            makers += [self.given] * 4
        maker = self.chance.choice(makers)
        for sheet in maker():
            yield Page(sheet.picture, "content", number, sheet.lines, maker.__name__)

    def contract(self) -> Iterator["Sheet"]:
        ours, theirs = self.chance.sample(self.companies, 2)
        told = {
            "goods": self.chance.choice(GOODS), "count": 40, "amount": "128,000.00",
            "delivery": "2025年6月30日", "place": theirs.place, "until": "2026年12月31日",
        }  # fmt: skip
        clauses = [clause.format(**told) for clause in CLAUSES]
        count = self.chance.randrange(1, 6)
        for number in range(1, count + 1):
            sheet = Sheet(self.plan.dpi)
            if number == 1:
                sheet.heading("购销合同")
                sheet.write(f"甲方：{ours.name}", f"乙方：{theirs.name}", "")
            body = self.chance.sample(clauses, len(clauses)) * (1 if number == 1 else 2)
            sheet.write(*body)
            if number == count:
                sheet.write("", "甲方（盖章）：            乙方（盖章）：", "法定代表人：")
            sheet.foot(f"第{number}页 共{count}页")
            yield sheet

    def invoice(self) -> Iterator["Sheet"]:
        seller, buyer = self.chance.sample(self.companies, 2)
        sheet = Sheet(self.plan.dpi)
        number = self.chance.randrange(10**8)
        sheet.heading("增值税专用发票")
        side = self.chance.uniform(14, 30)
        sheet.code(f"01,10,3100204130,{number:08d},12800.00,20250118,0712345,A1B2,", side, 15, 15)
        sheet.write(
            f"发票号码：{number:08d}", f"购买方名称：{buyer.name}", f"销售方名称：{seller.name}"
        )
        sheet.grid(rows=8, columns=6, thick=self.chance.uniform(0.2, 1.2))
        sheet.write("价税合计：¥128,000.00")
        yield sheet

    def waybill(self) -> Iterator["Sheet"]:
        sheet = Sheet(self.plan.dpi)
        sheet.heading("公路货物运输托运单")
        sheet.code(f"SF{self.chance.randrange(10**13):013d}", 70, 110, 12, kind="Code128")
        sheet.write(*(f"收货人：{one.name}" for one in self.chance.sample(self.companies, 3)))
        sheet.grid(rows=5, columns=4, thick=0.5)
        sheet.code(f"https://kd.example.cn/t/{self.chance.randrange(10**9)}", 25, 160, 240)
        yield sheet

    def table(self) -> Iterator["Sheet"]:
        for number in range(1, self.chance.randrange(2, 4)):
            sheet = Sheet(self.plan.dpi)
            if number == 1:
                sheet.heading("装箱清单")
            sheet.grid(rows=22, columns=7, thick=self.chance.choice((0.3, 1.0, 2.0)))
            sheet.foot(f"- {number} -")
            yield sheet

    def card(self) -> Iterator["Sheet"]:
        """A licence or the copy of a card: little text, a dark picture on it."""
        sheet = Sheet(self.plan.dpi)
        owner = self.chance.choice(self.companies)
        sheet.heading("营业执照")
        sheet.write(f"名称：{owner.name}", f"统一社会信用代码：{owner.credit_code}")
        sheet.photo(self.chance, 60, 38, 30, 120)
        sheet.code(f"http://www.gsxt.gov.cn/{owner.credit_code}", 26, 150, 230)
        yield sheet

    def given(self) -> Iterator["Sheet"]:
        """Up to three of the given scans, as the pages of one paper."""
        for path in self.chance.sample(self.plan.given, self.chance.randrange(1, 4)):
            sheet = Sheet(self.plan.dpi)
            with Image.open(path) as scan:
                fitted = ImageOps.contain(scan.convert("RGB"), sheet.picture.size)
            sheet.picture.paste(fitted, (0, 0))
            yield sheet


class Sheet:
    """A4 paper that is written from the top down; places and sizes in millimetres."""

    def __init__(self, dpi: int, width: float = 210, height: float = 297) -> None:
        self.per_mm = dpi / MM
        self.picture = Image.new("RGB", (self._px(width), self._px(height)), "white")
        self.pen = ImageDraw.Draw(self.picture)
        self.lines: list[Line] = []
        self.y = 25.0

    def heading(self, text: str) -> None:
        font = font_of(self._px(8.5))
        left = (self.picture.width - font.getlength(text)) / 2
        self._line(text, left, font)
        self.y += 14

    def write(self, *texts: str) -> None:
        font = font_of(self._px(4.2))
        for text in texts:
            for start in range(0, max(1, len(text)), 38):
                if self.y < 270:
                    self._line(text[start : start + 38], self._px(25), font)
                    self.y += 7.2

    def foot(self, text: str) -> None:
        font = font_of(self._px(3.6))
        self.y = 280
        self._line(text, (self.picture.width - font.getlength(text)) / 2, font)

    def grid(self, rows: int, columns: int, thick: float) -> None:
        """A ruled table with a figure in each cell."""
        font, width, height = font_of(self._px(3.4)), 170 / columns, 9.0
        for row in range(rows + 1):
            y = self._px(self.y + row * height)
            self.pen.line([(self._px(20), y), (self._px(190), y)], 0, max(1, self._px(thick)))
        for column in range(columns + 1):
            x = self._px(20 + column * width)
            ends = [(x, self._px(self.y)), (x, self._px(self.y + rows * height))]
            self.pen.line(ends, 0, max(1, self._px(thick / 2)))
        for row in range(rows):
            for column in range(columns):
                at = (self._px(22 + column * width), self._px(self.y + 2 + row * height))
                self.pen.text(at, f"{row * 37 + column * 11}.50", "black", font)
        self.y += rows * height + 5

    def code(self, text: str, side: float, x: float, y: float, kind: str = "QRCode") -> None:
        picture = code_picture(text, kind)
        size = (self._px(side), self._px(side * picture.height / picture.width))
        small = picture.resize(size, Image.Resampling.BILINEAR)
        self.picture.paste(small, (self._px(x), self._px(y)))

    def photo(self, chance: random.Random, width: float, height: float, x: float, y: float) -> None:
        """Dark and light blotches, as a copied photo has them."""
        coarse = np.array([[chance.randrange(20, 200) for _ in range(12)] for _ in range(8)])
        image = Image.fromarray(coarse.astype(np.uint8)).convert("RGB")
        size = (self._px(width), self._px(height))
        self.picture.paste(image.resize(size, Image.Resampling.BICUBIC), (self._px(x), self._px(y)))

    def _line(self, text: str, left: float, font: ImageFont.FreeTypeFont) -> None:
        top = self._px(self.y)
        self.pen.text((left, top), text, (25, 25, 30), font)
        if text.strip():
            box = (int(left), top, int(left + font.getlength(text)), top + int(font.size * 1.2))
            self.lines.append(Line(text.strip(), box, 0.97))

    def _px(self, mm: float) -> int:
        return round(mm * self.per_mm)


@cache
def font_of(size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(chinese_font()), max(6, size))


def code_picture(text: str, kind: str = "QRCode") -> Image.Image:
    """A code of any kind with its white around it."""
    barcode = zxingcpp.create_barcode(text, zxingcpp.barcode_format_from_str(kind))
    return Image.fromarray(np.array(zxingcpp.write_barcode_to_image(barcode, scale=8))).convert(
        "RGB"
    )


@cache
def stack_sheet(code: str, dpi: int) -> Image.Image:
    """A cover or separator as our printer makes it."""
    lines = (
        ()
        if code == SEPARATOR
        else ("客户：上海浦东机械进出口有限公司", "大类：合同", "文种：购销合同")
    )
    target = BytesIO()
    draw(
        [StackSheet(code, f"{ADDRESS}/c/{code}", "批次封面" if lines else "分隔页", lines)], target
    )
    page = pypdfium2.PdfDocument(target.getvalue())[0]
    picture: Image.Image = page.render(scale=dpi / 72).to_pil()
    return picture.convert("RGB")


@cache
def patch_sheet(dpi: int, bars: str = "2252225") -> Image.Image:
    """A separator as scanners' makers give it away: the patch along the top edge alone."""
    sheet = Sheet(dpi)
    y = 12.0
    for number, units in enumerate(bars):
        thick = int(units) * 1.016
        if number % 2 == 0:
            box = [(sheet._px(60), sheet._px(y)), (sheet._px(150), sheet._px(y + thick) - 1)]
            sheet.pen.rectangle(box, fill="black")
        y += thick
    sheet.y = 120
    sheet.heading("Separator")
    return sheet.picture


def _letters_of(code: str, picture: Image.Image) -> list[Line]:
    width, height = picture.size
    box = (width // 5, height // 4, width // 3, height // 4 + height // 60)
    return [Line(code, box, 0.98)]


# How the codes of a sheet become unreadable. Each takes the picture of one that is whole.


def _smeared(picture: Image.Image, chance: random.Random) -> Image.Image:
    """Pulled along while the ink was wet."""
    length = picture.height // 20
    kernel = np.full((length, 1), 1 / length, np.float32)
    return Image.fromarray(cv2.filter2D(np.array(picture), -1, kernel))


def _scribbled(picture: Image.Image, chance: random.Random) -> Image.Image:
    """Crossed out with a marker, both codes."""
    spoiled = picture.copy()
    pen, width = ImageDraw.Draw(spoiled), picture.width
    for box in _code_boxes(picture):
        left, top, right, bottom = box
        for _ in range(14):
            ends = [(chance.uniform(left, right), top), (chance.uniform(left, right), bottom)]
            pen.line(ends, (30, 30, 120), width // 60)
    return spoiled


def _wet(picture: Image.Image, chance: random.Random) -> Image.Image:
    """Both codes run into a blur."""
    spoiled = picture.copy()
    for box in _code_boxes(picture):
        part = np.array(picture.crop(box))
        spoiled.paste(Image.fromarray(cv2.GaussianBlur(part, (0, 0), picture.width / 110)), box[:2])
    return spoiled


def _torn(picture: Image.Image, chance: random.Random) -> Image.Image:
    """White paper where the codes were."""
    spoiled = picture.copy()
    for box in _code_boxes(picture):
        spoiled.paste((250, 250, 248), box)
    return spoiled


def _half_torn(picture: Image.Image, chance: random.Random) -> Image.Image:
    """One code gone, the other half gone."""
    spoiled = _torn(picture, chance)
    left, top, right, bottom = _code_boxes(picture)[1]
    half = (left, top, right, (top + bottom) // 2)
    spoiled.paste(picture.crop(half), half[:2])
    return spoiled


SPOILERS: dict[str, Callable[[Image.Image, random.Random], Image.Image]] = {
    "smeared": _smeared,
    "scribbled": _scribbled,
    "wet": _wet,
    "torn": _torn,
    "half torn": _half_torn,
}


def _code_boxes(picture: Image.Image) -> list[tuple[int, int, int, int]]:
    found = []
    for code in zxingcpp.read_barcodes(np.array(picture)):
        place = code.position
        xs = [corner.x for corner in (place.top_left, place.bottom_right)]
        ys = [corner.y for corner in (place.top_left, place.bottom_right)]
        found.append((min(xs) - 4, min(ys) - 4, max(xs) + 4, max(ys) + 4))
    return found


def _back(front: Page, plan: Plan, chance: random.Random) -> Page:
    """The blank back: the front shining through, more or less; readers read that too."""
    grey = np.array(front.picture.convert("L"), np.float32)[:, ::-1]
    through = chance.uniform(0, 0.1 + 0.15 * plan.wear)
    soft = cv2.GaussianBlur(grey, (0, 0), plan.dpi / 110)
    picture = Image.fromarray((255 - through * (255 - soft)).astype(np.uint8)).convert("RGB")
    lines = [_mirrored(line, picture.width) for line in front.lines] if through > 0.08 else []
    return Page(picture, "blank", front.paper, lines, f"back of {front.note}")


def _mirrored(line: Line, width: int) -> Line:
    left, top, right, bottom = line.box
    return Line(line.text[::-1], (width - right, top, width - left, bottom), 0.9)


def _scanned(image: Image.Image, plan: Plan, chance: random.Random, lie: _Lie) -> Picture:
    """As the feeder delivers it: tinted, crooked, dusty, punched, shaded, noisy, turned."""
    picture = np.array(image, np.float32)
    tint = np.array([1.0, chance.uniform(0.96, 1), chance.uniform(0.88, 1)], np.float32)
    picture *= tint * chance.uniform(0.9, 1.0)
    _punch(picture, plan, chance)
    picture = _crooked(picture, chance, lie.skew)
    _dust(picture, plan, chance)
    _shade(picture, plan, chance)
    noise = np.random.default_rng(chance.randrange(10**9))
    picture += noise.normal(0, 1 + 4 * plan.wear, picture.shape[:2]).astype(np.float32)[:, :, None]
    turned = np.rot90(picture, lie.turns)
    flat = np.ascontiguousarray(np.clip(turned, 0, 255).astype(np.uint8))
    _, jpeg = cv2.imencode(".jpg", flat, [cv2.IMWRITE_JPEG_QUALITY, 85 - round(35 * plan.wear)])
    return np.asarray(cv2.imdecode(jpeg, cv2.IMREAD_COLOR), np.uint8)


def _punch(picture: NDArray[np.float32], plan: Plan, chance: random.Random) -> None:
    if chance.random() < 0.4:
        height = picture.shape[0]
        for share in (0.365, 0.635):
            place = (round(12 * plan.dpi / MM), round(height * share))
            cv2.circle(picture, place, round(2.8 * plan.dpi / MM), (60.0, 60.0, 60.0), -1)


def _crooked(
    picture: NDArray[np.float32], chance: random.Random, angle: float
) -> NDArray[np.float32]:
    """Turned and shifted a little; what comes into sight beside the sheet is the lid."""
    height, width = picture.shape[:2]
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), angle, 1.0)
    matrix[:, 2] += np.array([chance.gauss(0, width / 150), chance.gauss(0, width / 150)])
    lid = chance.choice((255.0, 235.0, 40.0))
    turned = cv2.warpAffine(picture, matrix, (width, height), borderValue=(lid, lid, lid))
    return np.asarray(turned, np.float32)


def _dust(picture: NDArray[np.float32], plan: Plan, chance: random.Random) -> None:
    height, width = picture.shape[:2]
    for _ in range(chance.randrange(1 + round(60 * plan.wear))):
        place = (chance.randrange(width), chance.randrange(height))
        shade = chance.uniform(40, 180)
        cv2.circle(
            picture, place, round(chance.uniform(0.05, 0.25) * plan.dpi / MM), [shade] * 3, -1
        )


def _shade(picture: NDArray[np.float32], plan: Plan, chance: random.Random) -> None:
    """A darker side, a fold, and the feeder's edge."""
    height, width = picture.shape[:2]
    fall = np.linspace(1, 1 - 0.25 * plan.wear * chance.random(), width, dtype=np.float32)
    picture *= fall[None, :, None]
    if chance.random() < 0.3:
        y = chance.randrange(height // 4, 3 * height // 4)
        reach = round(plan.dpi / MM)
        dent = 1 - 0.25 * np.exp(-(((np.arange(height) - y) / reach) ** 2))
        picture *= dent.astype(np.float32)[:, None, None]
    if chance.random() < 0.3:
        picture[:, : round(chance.uniform(0.3, 2.5) * plan.dpi / MM)] *= 0.35
