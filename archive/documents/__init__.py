"""Documents (件) and their pages: received, read, filed. The scan is the shadow of the paper.

    received ──► reading ──► read ──► filed
        └───────────┴──► failed (of the whole document: none of its pages could be read)

A page waits, is claimed by a reader, and is read or failed. These states are the truth about what
is still to be done; the queue only nudges.
"""

from archive.documents.arriving import (
    MOST_TRIES,
    BeingRead,
    FiledUnread,
    NothingToRetry,
    attach_reading,
    claim_page,
    failed_pages,
    finish_reading,
    holders,
    miss_page,
    open_pages,
    receive,
    refuse,
    release,
    release_older,
    retry,
    unfinished,
    unopened,
    unread,
)
from archive.documents.filing import (
    PARTIAL_DATE,
    FiledAlready,
    Filing,
    NotADate,
    NotYetRead,
    file,
    partial_date,
)
from archive.documents.lists import (
    by_ids,
    counts,
    inbox,
    next_to_file,
    of_party,
    of_volume,
    page_readings,
    page_texts,
    texts,
)
from archive.documents.records import (
    Document,
    NoSuchDocument,
    Page,
    PageState,
    State,
    by_id,
    page_of,
)

__all__ = [
    "MOST_TRIES",
    "PARTIAL_DATE",
    "BeingRead",
    "Document",
    "FiledAlready",
    "FiledUnread",
    "Filing",
    "NoSuchDocument",
    "NotADate",
    "NotYetRead",
    "NothingToRetry",
    "Page",
    "PageState",
    "State",
    "attach_reading",
    "by_id",
    "by_ids",
    "claim_page",
    "counts",
    "failed_pages",
    "file",
    "finish_reading",
    "holders",
    "inbox",
    "miss_page",
    "next_to_file",
    "of_party",
    "of_volume",
    "open_pages",
    "page_of",
    "page_readings",
    "page_texts",
    "partial_date",
    "receive",
    "refuse",
    "release",
    "release_older",
    "retry",
    "texts",
    "unfinished",
    "unopened",
    "unread",
]
