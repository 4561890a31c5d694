"""The server: waitress on this machine's own address, with bounds on time, size and connections."""

from __future__ import annotations

import errno
import logging
import os
import signal
import socket
import sys
import webbrowser
from typing import TYPE_CHECKING

from waitress.channel import HTTPChannel
from waitress.server import create_server
from waitress.task import ErrorTask

from docgen.errors import OutputError
from service import errors
from service.app import create_app
from service.settings import from_environment

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import FrameType

LOOPBACK = ("127.0.0.1", "::1", "localhost")
_LARGEST_ANSWER = 256 * 1024 * 1024
"""Answers below this stay in memory: no document ever lies in a temporary file of the server."""
_LARGEST_HEADERS = 64 * 1024


def run(host: str, port: int, *, open_browser: bool, announce: Callable[[str], None]) -> None:
    """Serve until the process is told to stop (Ctrl+C, SIGTERM).

    Args:
        host: one of `LOOPBACK`.
        port: 0 lets the system choose.
        open_browser: show the list of forms in a browser.
        announce: gets one line with the address as soon as requests are taken.

    Raises:
        OutputError: the port is taken or not allowed, or a setting is wrong.
    """
    settings = from_environment(os.environ)
    app = create_app(settings)
    listening = _listening("127.0.0.1" if host == "localhost" else host, port)
    server = create_server(
        app,
        sockets=[listening],
        threads=settings.threads,
        ident=None,
        # A silent client is dropped within 30 seconds: 20 of silence, looked for every 10.
        channel_timeout=20,
        cleanup_interval=10,
        max_request_body_size=settings.body_limit + 1,
        max_request_header_size=_LARGEST_HEADERS,
        inbuf_overflow=settings.body_limit + _LARGEST_HEADERS,
        outbuf_overflow=_LARGEST_ANSWER,
    )
    server.channel_class = _Channel
    name = f"[{host}]" if ":" in host else host
    address = f"http://{name}:{listening.getsockname()[1]}"
    _keep_no_dumps()
    # Waiting requests are no fault; waitress would warn of every one.
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)
    signal.signal(signal.SIGTERM, _stop)
    announce(f"Dịch vụ đang chạy tại {address} (dừng bằng Ctrl+C)")
    if open_browser:
        webbrowser.open(f"{address}/api/v1/forms")
    server.run()


def _listening(host: str, port: int) -> socket.socket:
    try:
        return socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET)
    except OSError as error:
        told = errno.errorcode.get(error.errno or 0, type(error).__name__)
        what = f"Không mở được cổng {port} ({told}): cổng đang có chương trình khác dùng, hoặc không được phép dùng."
        raise OutputError.of("port-not-free", what, "Chọn cổng khác bằng --port, ví dụ --port 9000.") from error


def _stop(_signal: int, _frame: FrameType | None) -> None:
    """Waitress ends its threads and closes on SystemExit."""
    sys.exit(0)


def _keep_no_dumps() -> None:
    """No memory image of a crashed process: it would hold people's records."""
    if sys.platform != "win32":
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


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


class _Channel(HTTPChannel):  # type: ignore[misc]  # waitress has no types
    error_task_class = _ErrorTask
