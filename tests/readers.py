"""Somebody who reads our pages in a test: logs in, follows links, sends forms as a browser would."""

from __future__ import annotations

import html
import re
from typing import Any

from ckan import model

TOKEN = re.compile(r'name="_csrf_token" value="([^"]+)"')
PASSWORD = "kata-sandi-uji-coba"


class Reader:
    """Somebody with a browser: cookies, forms with their token."""

    def __init__(self, app: Any, user: dict[str, Any] | None = None) -> None:
        self.client = app.test_client()
        if user:
            token = TOKEN.search(self.get("/user/login"))
            assert token
            login = {"_csrf_token": token[1], "login": user["name"], "password": PASSWORD}
            assert "/user/_logout" in self.client.post("/user/login", data=login).text

    def get(self, path: str, status: int = 200, **headers: str) -> str:
        answer = self.client.get(path, headers=headers)
        assert answer.status_code == status, answer.text[-2000:]
        return str(answer.text)

    def post(self, path: str, page: str, status: int = 200, **fields: Any) -> str:
        """Send a form that ``page`` shows; return the page that follows."""
        token = TOKEN.search(self.get(page))
        assert token
        values = {key.replace("__", "."): value for key, value in fields.items()}
        answer = self.client.post(path, data={"_csrf_token": token[1], **values}, follow_redirects=True)
        assert answer.status_code == status, answer.text[-2000:]
        model.Session.remove()
        return html.unescape(answer.text)
