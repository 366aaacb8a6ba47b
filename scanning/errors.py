"""Refusals of the scanning room: why a paper cannot be read, and what to do next."""

from typing import ClassVar

N_ = str  # Marks a sentence for translation; it is translated where it is shown.


class Unreadable(Exception):
    """A paper, or one page of it, cannot be read. `text` is a msgid, `params` fill it."""

    text: ClassVar[str] = N_("This paper cannot be read. Look at the original and scan it again.")

    def __init__(self, **params: str | int | float) -> None:
        super().__init__()
        self.params = params

    def __str__(self) -> str:
        return self.text % self.params


class BadFile(Unreadable):
    """The file itself is at fault: whoever reads it again finds the same."""


class EmptyFile(BadFile):
    text = N_("The file is empty. Scan or save the paper again and send the new file.")


class UnknownFormat(BadFile):
    text = N_(
        "The file is in no format that can be read. "
        "Send a PDF, JPEG, PNG, TIFF, GIF, WebP or HEIC file."
    )


class TornFile(BadFile):
    text = N_(
        "The file breaks off or is damaged. "
        "Copy it again from where it came, or scan the paper again."
    )


class MovingPicture(BadFile):
    text = N_(
        "The file is a moving picture, of which only the beginning would be kept. "
        "Send each page as a picture of its own, or all of them as a PDF or TIFF."
    )


class EncryptedPdf(BadFile):
    text = N_("The PDF asks for a password. Save a copy without the password and send that.")


class TooManyPixels(BadFile):
    text = N_(
        "A page is %(width)s × %(height)s pixels; the most is %(side)s a side and %(megapixels)s "
        "million in all. Scan it at a lower resolution."
    )


class TooManyPages(BadFile):
    text = N_("The file has %(pages)s pages; the most is %(most)s. Split it and send the parts.")


class AbsurdPage(BadFile):
    text = N_(
        "Page %(number)s claims to be %(width)s × %(height)s mm, which no paper is. "
        "Print the PDF to a new A4 PDF and send that."
    )


class NoSuchPage(Unreadable):
    text = N_("There is no page %(number)s: the file has %(pages)s. Ask for one of those.")


class PageTookTooLong(Unreadable):
    text = N_(
        "The page was not read within %(seconds)s seconds. "
        "Try it again; if that fails too, scan it at 300 dpi."
    )


class PageTookTooMuchMemory(Unreadable):
    text = N_(
        "Reading the page needed more than %(megabytes)s MB of memory. "
        "Scan it at 300 dpi or less and send it again."
    )


class ReaderDied(Unreadable):
    text = N_("The reading of the page was broken off. Try the page again.")


class EngineUnknown(Unreadable):
    text = N_("There is no reading engine named %(engine)s. Choose one of: %(engines)s.")


class EngineMissing(Unreadable):
    text = N_(
        "The reading engine %(engine)s is not installed. Install it or choose another engine."
    )


class EngineFailed(Unreadable):
    text = N_("The reading engine %(engine)s gave up: %(reason)s. Try the other engine.")
