"""Drawing: a sheet of paper with print, cells and seals on it, and what a scanner does to it."""

import random
from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np
from PIL import Image, ImageDraw, ImageFont

FACES = {
    "hei": Path("/usr/share/fonts/truetype/wqy/wqy-zenhei.ttc"),
    "kai": Path("/usr/share/fonts/truetype/lxgw-wenkai/LXGWWenKai-Light.ttf"),
}
INK, GREY, RED = (25, 25, 30), (120, 120, 120), (200, 40, 40)
Size = tuple[int, int]
Colour = tuple[int, int, int]
A4, A4_WIDE = (1240, 1754), (1754, 1240)  # at 150 dpi


class Sheet:
    """A white sheet; places are pixels from its left top corner.

    `said` are the lines printed so far, `places` their boxes (left, top, right, bottom), and
    `goes_on` says of each whether it goes on with the sentence of the line before it.
    """

    def __init__(self, size: Size = A4, face: str = "hei") -> None:
        self.image = Image.new("RGB", size, "white")
        self.face = face
        self.said: list[str] = []
        self.places: list[tuple[int, int, int, int]] = []
        self.goes_on: list[bool] = []
        self._pen = ImageDraw.Draw(self.image)

    def write(
        self, x: int, y: int, text: str, size: int = 24, *, face: str = "", ink: Colour = INK
    ) -> int:
        """One line of print; the x at which it ends."""
        font = ImageFont.truetype(str(FACES[face or self.face]), size)
        self._pen.text((x, y), text, fill=ink, font=font)
        bare = text.lstrip()
        set_in = font.getlength(text) - font.getlength(bare)
        left, top, right, bottom = self._pen.textbbox((x + set_in, y), bare, font=font)
        self.said.append(text)
        self.places.append((round(left), round(top), round(right), round(bottom)))
        self.goes_on.append(False)
        return x + round(font.getlength(text))

    def middle(self, y: int, text: str, size: int = 40) -> None:
        font = ImageFont.truetype(str(FACES[self.face]), size)
        self.write(round((self.image.width - font.getlength(text)) / 2), y, text, size)

    def paragraph(self, x: int, y: int, text: str, width: int, size: int = 24) -> int:
        """Print broken into lines of at most `width`; the y below it."""
        for part in text.splitlines() or [""]:
            for row, line in enumerate(self.broken(part, width, size)):
                self.write(x, y, line, size)
                self.goes_on[-1] = row > 0
                y += round(1.6 * size)
        return y

    def broken(self, text: str, width: int, size: int) -> list[str]:
        """The text in lines of at most `width` when it is printed in that size."""
        font = ImageFont.truetype(str(FACES[self.face]), size)
        lines = [""]
        for word in _pieces(text):
            if lines[-1] and font.getlength(lines[-1] + word) > width:
                lines.append("")
            lines[-1] += word
        # The blanks by which a paragraph is set in stay.
        return [line.strip(" ") for line in lines]

    def box(self, x: int, y: int, width: int, height: int) -> None:
        self._pen.rectangle((x, y, x + width, y + height), outline=INK, width=2)

    def cell(
        self, box: tuple[int, int, int, int], label: str, value: str, *, above: bool, size: int = 20
    ) -> None:
        """A ruled cell (x, y, width, height): a small label above the value, or before it."""
        x, y, width, height = box
        self.box(*box)
        if above:
            self.write(x + 6, y + 4, label, size - 4)
            self.paragraph(x + 12, y + 4 + round(1.4 * size), value, width - 24, size)
        else:
            end = self.write(x + 8, y + (height - size) // 2 - 2, label, size)
            self.write(end + 14, y + (height - size) // 2 - 2, value, size)

    def table(
        self, x: int, y: int, widths: Sequence[int], rows: Sequence[Sequence[str]],
        *, height: int = 44, size: int = 20,
    ) -> int:  # fmt: skip
        """Ruled rows of cells; the y below them."""
        for row in rows:
            left = x
            for width, text in zip(widths, row, strict=True):
                self.box(left, y, width, height)
                self.write(left + 8, y + (height - size) // 2 - 2, text, size)
                left += width
            y += height
        return y

    def seal(self, x: int, y: int, text: str, radius: int = 95) -> None:
        """A round red seal, half through the print below it."""
        over = Image.new("RGBA", self.image.size, (0, 0, 0, 0))
        pen = ImageDraw.Draw(over)
        ink = (*RED, 170)
        pen.ellipse((x - radius, y - radius, x + radius, y + radius), outline=ink, width=5)
        font = ImageFont.truetype(str(FACES["hei"]), radius // 4)
        width = font.getlength(text[:8])
        pen.text((x - width / 2, y - radius // 2), text[:8], fill=ink, font=font)
        pen.text((x - radius // 4, y), "★", fill=ink, font=font)
        self.image.paste(over, (0, 0), over)

    def scanned(self, chance: random.Random) -> Image.Image:
        """Lain a little askew, a little blurred, with a scanner's noise."""
        turned = self.image.rotate(
            chance.uniform(-1, 1), Image.Resampling.BICUBIC, fillcolor=(250, 250, 248)
        )
        picture = np.asarray(turned, np.float32)
        if chance.random() < 0.5:
            blurred = cv2.GaussianBlur(picture, (0, 0), chance.uniform(0.4, 0.8))
            picture = np.asarray(blurred, np.float32)
        noise = np.random.default_rng(chance.randrange(2**31)).normal(
            0, chance.uniform(1, 7), picture.shape
        )
        return Image.fromarray(np.clip(picture + noise, 0, 255).astype(np.uint8))


def badly_scanned(image: Image.Image, chance: random.Random) -> Image.Image:
    """The same at some 110 dpi, blurred, pale and noisy: a bad copy of a copy."""
    times = chance.choice((0.7, 0.8))
    small = image.resize((int(image.width * times), int(image.height * times)))
    blurred = cv2.GaussianBlur(np.asarray(small, np.float32), (0, 0), chance.uniform(0.5, 0.9))
    noise = np.random.default_rng(chance.randrange(2**31)).normal(0, 8, blurred.shape)
    return Image.fromarray(np.clip(blurred * 0.75 + 40 + noise, 0, 255).astype(np.uint8))


def _pieces(text: str) -> list[str]:
    """What a line may be broken between: Chinese characters, English words."""
    pieces, word = [], ""
    for char in text:
        word += char
        if not char.isascii() or char == " ":
            pieces.append(word)
            word = ""
    return [*pieces, word]
