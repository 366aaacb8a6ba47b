"""Refusals of scanners, watched folder and mailbox: why no paper came, and what to do next."""

from typing import ClassVar

N_ = str  # Marks a sentence for translation; it is translated where it is shown.


class NothingCame(Exception):
    """A paper could not be brought in. `text` is a msgid, `params` fill it."""

    text: ClassVar[str] = N_("No paper came in. Try again.")

    def __init__(self, **params: str | int) -> None:
        super().__init__()
        self.params = params

    def __str__(self) -> str:
        return self.text % self.params


# Scanners


class ScanningMissing(NothingCame):
    text = N_(
        "Scanners cannot be used: the program scanimage is not installed on the server. "
        "Install the Debian package sane-utils."
    )


class NoSuchScanner(NothingCame):
    text = N_(
        "The scanner %(device)s is not found. "
        "Check that it is switched on and connected, then list the scanners again."
    )


class NoScanner(NothingCame):
    text = N_(
        "No scanner is found. Switch it on, connect it to the server or its network, "
        "and look again."
    )


class ScannerBusy(NothingCame):
    text = N_("The scanner is busy with another scan. Wait until it is done and start again.")


class FeederEmpty(NothingCame):
    text = N_("There is no paper in the feeder. Put the stack in and start again.")


class FeederJammed(NothingCame):
    text = N_(
        "The feeder is jammed. Take the sheet out, put the sheets that have not come through "
        "back in, and go on scanning."
    )


class CoverOpen(NothingCame):
    text = N_("The scanner's cover is open. Close it and go on scanning.")


class ScannerForbidden(NothingCame):
    text = N_(
        "The server may not use this scanner. "
        "Ask the administrator to let its account use the scanner."
    )


class SettingRefused(NothingCame):
    text = N_("The scanner does not offer %(choice)s. Choose another source, mode or paper size.")


class ScannerTookTooLong(NothingCame):
    text = N_(
        "The scanner has not answered for %(seconds)s seconds. "
        "Look whether it waits for something, switch it off and on, and start again."
    )


class ScannerGaveUp(NothingCame):
    text = N_("The scanner gave up: %(reason)s. Switch it off and on, and start again.")


class PageNotKept(NothingCame):
    text = N_(
        "A scanned page could not be written on the server's disk. "
        "Tell the administrator, and scan the page again afterwards."
    )


class PreviewFromFeeder(NothingCame):
    text = N_("A preview needs the glass: lay the sheet on it and choose the flatbed.")


# The watched folder


class FolderGone(NothingCame):
    text = N_(
        "The watched folder %(folder)s cannot be opened. "
        "Check that the share is connected and that the server may read and write there."
    )


class FileGone(NothingCame):
    text = N_("The file %(name)s is no longer in the folder. Nothing needs to be done.")


class FileChanged(NothingCame):
    text = N_("The file %(name)s is being written again. It is taken when it is whole.")


class FileLocked(NothingCame):
    text = N_(
        "The server may not read the file %(name)s. "
        "Let everyone read it, and put it into the watched folder again."
    )


class NotMoved(NothingCame):
    text = N_(
        "The file %(name)s could not be moved to the folder %(folder)s. "
        "Let the server write in the watched folder, or take the file away."
    )


# The mailbox


class MailServerAway(NothingCame):
    text = N_(
        "The mail server %(host)s cannot be reached. "
        "Check its name and port, and the server's network."
    )


class MailTookTooLong(NothingCame):
    text = N_("The mail server %(host)s has not answered for %(seconds)s seconds. Try again later.")


class MailNotPrivate(NothingCame):
    text = N_(
        "No private connection to the mail server %(host)s could be made: %(reason)s. "
        "Check its name and certificate."
    )


class LoginRefused(NothingCame):
    text = N_(
        "The mail server %(host)s refused the user %(user)s. Check the name and the password; "
        "some providers want an authorization code in place of the password."
    )


class NoMailFolder(NothingCame):
    text = N_("The mailbox has no folder %(folder)s. Check its name.")


class MailServerRefused(NothingCame):
    text = N_("The mail server %(host)s refused: %(reason)s. Try again later.")


class LetterTooLarge(NothingCame):
    text = N_(
        "The message is larger than %(megabytes)s MB. Save its attachments by hand and upload them."
    )


class LetterTangled(NothingCame):
    text = N_(
        "The message is put together too oddly to be taken apart. "
        "Save its attachments by hand and upload them."
    )


class NoPaper(NothingCame):
    text = N_(
        "The attachment %(name)s is neither a PDF nor a picture. "
        "If it holds papers, save it by hand and upload them."
    )


class AttachmentEmpty(NothingCame):
    text = N_("The attachment %(name)s is empty or damaged. Ask the sender to send it again.")
