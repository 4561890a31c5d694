"""A browser without scripts: it keeps the cookie, reads pages, and sends the token that a page gave it."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

from lxml import html

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from flask import Flask
    from flask.testing import FlaskClient
    from werkzeug.test import TestResponse


Element = Any
"""An element of lxml; what its `xpath` gives has no type that helps."""


class Visitor:
    """One visitor of one application."""

    def __init__(self, app: Flask) -> None:
        self._app, self._client = app, app.test_client()
        self._token = self.page("/").xpath("string(//meta[@name='csrf-token']/@content)")

    def get(self, path: str, **headers: str) -> TestResponse:
        answer = self._client.get(path, headers=headers)
        answer.get_data()
        answer.close()  # of a file that was sent
        return answer

    def page(self, path: str) -> Element:
        answer = self.get(path)
        assert answer.status_code == 200, answer.text
        assert answer.mimetype == "text/html"
        return html.document_fromstring(answer.text)

    def send(self, path: str, record: Any) -> TestResponse:
        return self._client.post(path, json=record, headers={"X-CSRFToken": self._token})

    def upload(self, path: str, file: Path | bytes | None, name: str = "tep.xlsx", **fields: str) -> TestResponse:
        parts: dict[str, Any] = dict(fields)
        if file is not None:
            content = file if isinstance(file, bytes) else file.read_bytes()
            parts["tep"] = (io.BytesIO(content), name if isinstance(file, bytes) else file.name)
        return self._client.post(path, data=parts, headers={"X-CSRFToken": self._token, "Accept": "application/json"})

    def upload_all(self, path: str, files: Sequence[tuple[str, bytes]], **others: tuple[str, bytes]) -> TestResponse:
        """Several files in the field `tep`, and others in their own."""
        parts: dict[str, Any] = {"tep": [(io.BytesIO(content), name) for name, content in files]}
        parts |= {field: (io.BytesIO(content), name) for field, (name, content) in others.items()}
        return self._client.post(path, data=parts, headers={"X-CSRFToken": self._token, "Accept": "application/json"})

    def stranger(self) -> FlaskClient:
        """Another browser at the same application, without a token."""
        return self._app.test_client()

    def post(self, path: str, **fields: str) -> TestResponse:
        return self._client.post(path, data={"csrf_token": self._token, **fields})


def told(answer: TestResponse) -> Any:
    """The JSON of an answer."""
    return answer.get_json()


def part(answer: TestResponse) -> Element:
    """The piece of a page that a script puts in."""
    assert answer.status_code == 200, answer.text
    return html.fragment_fromstring(answer.text, create_parent="main")


def said(element: Element) -> str:
    """Its text, with single blanks."""
    return " ".join(" ".join(element.itertext()).split())
