"""The papers of the walks: drawn here, so that what stands on them is known; some scanned."""

from io import BytesIO

import pypdfium2
from PIL import Image
from playwright.sync_api import FilePayload
from pypdf import PdfReader, PdfWriter

from labels.papers import Paper, papers

OWNER = "本公司"
DPI = 150


def drawn(kind: str, seed: int = 1) -> Paper:
    """A licence, contract, waybill or invoice of an invented company; another seed, another one."""
    return next(paper for paper in papers(OWNER, 1, seed) if paper.kind == kind)


def pdf(kind: str = "contract", seed: int = 1) -> FilePayload:
    """Such a paper as it comes from a computer, its text inside."""
    paper = drawn(kind, seed)
    return _file(paper.name, "application/pdf", paper.pdf)


def two_pages(seed: int = 1) -> FilePayload:
    """A contract and its waybill in one file."""
    joined, target = PdfWriter(), BytesIO()
    for kind in ("contract", "waybill"):
        joined.append(PdfReader(BytesIO(drawn(kind, seed).pdf)))
    joined.write(target)
    return _file(f"合同附运单-{seed}.pdf", "application/pdf", target.getvalue())


def scan(kind: str = "contract", seed: int = 1, turned: int = 0) -> FilePayload:
    """Such a paper as a scanner gives it: a JPEG, perhaps turned by so many degrees."""
    picture = _picture(drawn(kind, seed).pdf).rotate(turned, expand=True)
    target = BytesIO()
    picture.save(target, "JPEG", quality=85, dpi=(DPI, DPI))
    return _file(f"扫描件-{seed}-{turned}.jpg", "image/jpeg", target.getvalue())


def place(paper: Paper, words: str) -> tuple[float, float, float, float]:
    """Where words stand on a paper: left, top, right, bottom as parts of its width and height."""
    page = pypdfium2.PdfDocument(paper.pdf)[0]
    text = page.get_textpage()
    start = text.get_text_range().index(words)
    boxes = [text.get_charbox(place) for place in range(start, start + len(words))]
    lefts, bottoms, rights, tops = zip(*boxes, strict=True)
    width, height = page.get_size()
    return (
        min(lefts) / width,
        1 - max(tops) / height,
        max(rights) / width,
        1 - min(bottoms) / height,
    )


def renamed_text() -> FilePayload:
    """Not a PDF, although it says so."""
    return _file("会议记录.pdf", "application/pdf", "今天开会。\n".encode())


def picture_of(label_pdf: bytes) -> Image.Image:
    """The first page of a PDF as a printer or a camera has it."""
    return _picture(label_pdf, dpi=300)


def _picture(pdf_bytes: bytes, dpi: int = DPI) -> Image.Image:
    page = pypdfium2.PdfDocument(pdf_bytes)[0]
    shown: Image.Image = page.render(scale=dpi / 72).to_pil()
    return shown


def _file(name: str, media_type: str, content: bytes) -> FilePayload:
    return {"name": name, "mimeType": media_type, "buffer": content}
