"""Scanned pages bound into one PDF: an original, every pixel as the scanner gave it."""

import hashlib
from collections.abc import Iterable
from pathlib import Path

from scanning import originals
from scanning.pdf import archival, pixels
from scanning.pdf.writing import HEADER, Objects


def bind(pages: Iterable[Path], target: Path, name: str) -> None:
    """Write the pictures, one a page and in this order, as a PDF/A-2b.

    The same pages under the same `name` give the same bytes. Under another they do not: two
    scans are two originals, however alike.

    Raises:
        TornFile, TooManyPixels: a page cannot be read.
    """
    with target.open("wb") as file:
        file.write(HEADER)
        objects = Objects(file)
        tree = objects.reserve()
        kids = [_add(objects, tree, page) for page in pages]
        listed = b" ".join(b"%d 0 R" % kid for kid in kids)
        objects.put(tree, b"<< /Type /Pages /Count %d /Kids [%s] >>" % (len(kids), listed))
        told = archival.write(objects, claimed=True)
        root = objects.add(b"<< /Type /Catalog /Pages %d 0 R %s >>" % (tree, told))
        ident = hashlib.sha256(name.encode(errors="replace")).hexdigest()[:32].encode()
        objects.finish({b"Root": b"%d 0 R" % root, b"ID": b"[<%s> <%s>]" % (ident, ident)})


def _add(objects: Objects, tree: int, page: Path) -> int:
    for image in originals.each_page(page, [1]):
        dpi = float(image.info.get("dpi", (0.0, 0.0))[0])
        points = archival.points_a_pixel(dpi, *image.size)
        size = tuple(max(side * points, archival.LEAST_SIDE) for side in image.size)
        stored = pixels.store(objects, page, image).number
    content = objects.add_stream(b"%.3f 0 0 %.3f 0 0 cm /Page Do" % size)
    return objects.add(
        b"<< /Type /Page /Parent %d 0 R /MediaBox [0 0 %.3f %.3f] /Contents %d 0 R"
        b" /Resources << /XObject << /Page %d 0 R >> >> >>" % (tree, *size, content, stored)
    )
