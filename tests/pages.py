"""Someone at the pages: a browser without JavaScript, logged in by a cookie."""

import re
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from archive import users
from archive.base import web
from archive.base.db import now
from archive.users import User

TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')


class Browser:
    """A browser of this person, or of nobody."""

    def __init__(self, app: Flask, user: User | None = None, language: str = "en") -> None:
        self.client: FlaskClient = app.test_client()
        self._headers = {"Accept-Language": language}
        self._token = ""
        if user is not None:
            house: web.House = app.extensions[web.HOUSE_KEY]
            with house.database.writing() as session:
                key = users.begin_visit(session, user, at=now())
            with self.client.session_transaction() as cookie:
                cookie["_user_id"], cookie["_fresh"] = key, True

    def get(self, path: str, **query: Any) -> TestResponse:
        """Open a page."""
        return self.client.get(path, query_string=query or None, headers=self._headers)

    def post(self, path: str, **form: Any) -> TestResponse:
        """Send a form of a page, with its token."""
        return self.client.post(
            path, data={"csrf_token": self.token()} | form, headers=self._headers
        )

    def post_blindly(self, path: str, **form: Any) -> TestResponse:
        """Send a form as another site would have it sent: without the token."""
        return self.client.post(path, data=form, headers=self._headers)

    def token(self) -> str:
        """The token that stands in this browser's forms."""
        if not self._token:
            found = TOKEN.search(self.get("/handbook").text)
            assert found is not None
            self._token = found[1]
        return self._token
