"""PDF/A-2b: what the PDFs that we write whole from pictures carry so that they last.

ISO 19005-2 asks for metadata that name it (6.6.2 to 6.6.4), an output intent with the colour
profile that the pictures' colours mean (6.2.3), a document ID (6.1.3), embedded fonts
(6.2.11.4) of which no text shows the glyph for "not defined" (6.2.11.8), and pages of 3 to
14,400 units a side (6.1.13). What it forbids we never write: encryption, scripts, actions,
embedded files, transparency. A picture in printer's colours (CMYK) would want a profile of its
printer: a PDF with such a page is the same but does not call itself PDF/A.
"""

import hashlib
from functools import cache
from pathlib import Path

from PIL import ImageCms

from scanning.pdf.writing import Objects

POINTS = 72.0  # an inch
LEAST_SIDE, MOST_SIDE = 3.0, 14_400.0  # points
A4_HEIGHT = 842.0  # points

METADATA = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/">
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/">
%s</rdf:Description>
</rdf:RDF>
</x:xmpmeta>
<?xpacket end="w"?>"""
CLAIM = "<pdfaid:part>2</pdfaid:part>\n<pdfaid:conformance>B</pdfaid:conformance>\n"
INTENT = (
    b"<< /Type /OutputIntent /S /GTS_PDFA1 /OutputConditionIdentifier (sRGB IEC61966-2.1)"
    b" /Info (sRGB IEC61966-2.1) /DestOutputProfile %d 0 R >>"
)


def write(objects: Objects, *, claimed: bool) -> bytes:
    """Metadata and output intent; the catalog's entries that lead to them."""
    metadata = METADATA % (CLAIM if claimed else "")
    # Not compressed, so that programs that know no PDF can find it (ISO 32000-1, 14.3.2).
    told = objects.add_stream(metadata.encode(), b"/Type /Metadata /Subtype /XML", compress=False)
    profile = objects.add_stream(srgb(), b"/N 3")
    intent = objects.add(INTENT % profile)
    return b"/Metadata %d 0 R /OutputIntents [%d 0 R]" % (told, intent)


@cache
def srgb() -> bytes:
    """The ICC profile of sRGB."""
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


def document_id(original: Path, made_of: str) -> bytes:
    """The trailer's /ID: which original it is, and which making of it."""
    with original.open("rb") as file:
        first = hashlib.file_digest(file, "sha256").hexdigest()[:32]
    second = hashlib.sha256(f"{first} {made_of}".encode(errors="replace")).hexdigest()[:32]
    return f"[<{first}> <{second}>]".encode()


def points_a_pixel(dpi: float, width: int, height: int) -> float:
    """How large a pixel of a picture is on its page: by its resolution, or, where that is 0, as
    if it were of A4; and no larger than the largest page bears."""
    longest = max(width, height)
    return min(POINTS / dpi if dpi else A4_HEIGHT / longest, MOST_SIDE / longest)
