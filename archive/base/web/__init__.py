"""The web's ground: doors that are page and JSON at once, forms, and what one request holds.

A view is written once and stands at two addresses: `/folders/<code>` answers with a page,
`/api/v1/folders/<code>` with JSON. Both ask the same right, check the same form and get the same
refusals. A view returns an `Answer`; it never commits: its door does, when the view came to an end.
"""

from archive.base.web.doors import (
    Answer,
    Data,
    Door,
    Operation,
    after_commit,
    deliver,
    done,
    measure,
    show,
    show_refused,
)
from archive.base.web.forms import Form
from archive.base.web.house import (
    API,
    HOUSE_KEY,
    MOST_NUMBER,
    House,
    LoginNeeded,
    NotAnObject,
    Person,
    RowNumber,
    close_session,
    house,
    is_api,
    me,
    moment,
    sent,
    session,
    today,
    wants_json,
    whole_number,
    word,
)

__all__ = [
    "API",
    "HOUSE_KEY",
    "MOST_NUMBER",
    "Answer",
    "Data",
    "Door",
    "Form",
    "House",
    "LoginNeeded",
    "NotAnObject",
    "Operation",
    "Person",
    "RowNumber",
    "after_commit",
    "close_session",
    "deliver",
    "done",
    "house",
    "is_api",
    "me",
    "measure",
    "moment",
    "sent",
    "session",
    "show",
    "show_refused",
    "today",
    "wants_json",
    "whole_number",
    "word",
]
