"""One connection of the server: how large a request may be by what it says it holds, and errors in the one shape."""

from __future__ import annotations

import copy
from collections import deque
from typing import Any, Final

from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser
from waitress.task import ErrorTask, WSGITask

from service import errors

WAITING: Final = "docgen.waiting"
"""Where the environment of a request says how many others wait for a thread."""
_FIRST: Final = frozenset({"/healthz", "/readyz"})
_FILES = "multipart/form-data"


def channel_for(body_limit: int) -> type[HTTPChannel]:
    """The class of connections on which only requests with files may be larger than `body_limit` bytes."""

    class Parser(HTTPRequestParser):  # type: ignore[misc]  # waitress has no types
        """Knows the smaller limit as soon as the headers are read, before any of the body is."""

        adj: Any

        def parse_header(self, header_plus: bytes) -> None:
            """As waitress does it, then the limit."""
            super().parse_header(header_plus)
            if not self.headers.get("CONTENT_TYPE", "").lower().startswith(_FILES):
                self.adj = copy.copy(self.adj)
                self.adj.max_request_body_size = body_limit + 1

    class Channel(HTTPChannel):  # type: ignore[misc]  # waitress has no types
        parser_class = Parser
        task_class = _Task
        error_task_class = _ErrorTask

    return Channel


class Line(deque[HTTPChannel]):
    """Requests that wait for a thread: whoever asks whether the service is alive comes first, however many wait."""

    def append(self, channel: HTTPChannel, /) -> None:
        """Let a request wait."""
        path = getattr(channel.requests[0], "path", "")  # what is no HTTP has none
        if path in _FIRST:
            self.appendleft(channel)
        else:
            super().append(channel)


class _Task(WSGITask):  # type: ignore[misc]  # waitress has no types
    """A request on its way to the application."""

    def get_environment(self) -> dict[str, Any]:
        """As waitress makes it, with the number of those that wait."""
        environment: dict[str, Any] = super().get_environment()
        environment[WAITING] = len(self.channel.server.task_dispatcher.queue)
        return environment


class _ErrorTask(ErrorTask):  # type: ignore[misc]  # waitress has no types
    """What waitress refuses before the application sees it, in the same shape and with the same headers."""

    def execute(self) -> None:
        error = self.request.error
        content = errors.body(error.code)
        self.status = f"{error.code} {error.reason}"
        self.response_headers.extend([("Content-Type", errors.MEDIA_TYPE), *errors.HEADERS.items()])
        self.set_close_on_finish()
        self.content_length = len(content)
        self.write(content)
