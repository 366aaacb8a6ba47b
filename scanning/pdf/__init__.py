"""Searchable PDFs: the original's pages as they are, shown upright, with the words read on them
as invisible text exactly over the ink.

JPEG pages keep their bytes, PDF pages theirs (the new text is appended to the file, nothing is
rewritten); other pictures are kept without loss, except photos from WebP and HEIC, which PDF
does not know: they become JPEG of high quality.
"""

from collections.abc import Sequence
from pathlib import Path

from scanning import originals
from scanning.pdf.append import append_words
from scanning.pdf.pictures import write_pictures
from scanning.reading import PageReading


def searchable(original: Path, readings: Sequence[PageReading], target: Path) -> None:
    """Write the searchable PDF to `target`, whole or not at all.

    Pages without a reading, and those whose words came from their own text layer, stay as
    they are.
    """
    kind = originals.probe(original)
    by_number = {reading.number: reading for reading in readings}
    unfinished = target.with_name(f".{target.name}.part")
    try:
        if kind.media_type == "application/pdf":
            append_words(original, by_number, unfinished)
        else:
            write_pictures(original, by_number, unfinished)
        unfinished.replace(target)
    finally:
        unfinished.unlink(missing_ok=True)
