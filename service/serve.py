"""The server: waitress with bounds on time, size and connections, and beside it the consumer that merges."""

from __future__ import annotations

import errno
import logging
import os
import signal
import socket
import sys
import webbrowser
from contextlib import contextmanager
from dataclasses import replace
from importlib import import_module
from typing import TYPE_CHECKING, Any

from filelock import FileLock, Timeout
from waitress.server import create_server

from docgen.errors import OutputError, shown
from docgen.files import path_text
from docgen.papers import library
from service.app import create_app
from service.channel import Line, channel_for
from service.consumer import own_temporary_folder
from service.settings import from_environment
from service.supervisor import Supervisor
from service.tokens import Tokens

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path
    from types import FrameType

    from flask import Flask

    from service.settings import Settings

LOOPBACK = ("127.0.0.1", "::1", "localhost")
_LARGEST_ANSWER = 256 * 1024 * 1024
"""Answers below this stay in memory: no document ever lies in a temporary file of the server."""
_LARGEST_HEADERS = 64 * 1024
_MOST_CONNECTIONS = 500
_EVERY_ADDRESS = ("0.0.0.0", "::")  # noqa: S104 - names for what needs tokens


def run(host: str, port: int, *, open_browser: bool, announce: Callable[[str], None]) -> None:
    """Serve until the process is told to stop (Ctrl+C, SIGTERM).

    Args:
        host: an address of this machine; one that others reach needs tokens.
        port: 0 lets the system choose.
        open_browser: show the list of forms in a browser.
        announce: gets one line with the address as soon as requests are taken.

    Raises:
        OutputError: the port is taken or not allowed, a setting is wrong, the data folder is in use; tokens are
            missing where others reach the address.
        DataError: the organisation's profile is wrong.
    """
    os.umask(0o077)
    settings = from_environment(os.environ)
    if host not in LOOPBACK:
        settings = _open_to_others(settings, host)
    app = create_app(settings)
    listening = _listening("127.0.0.1" if host == "localhost" else host, port)
    name = f"[{host}]" if ":" in host else host
    address = f"http://{name}:{listening.getsockname()[1]}"
    _keep_no_dumps()
    with _held(settings.data), Supervisor(settings):
        _warm_up()
        server = _server(app, listening, settings)
        # Waiting requests are no fault; waitress would warn of every one.
        logging.getLogger("waitress.queue").setLevel(logging.ERROR)
        signal.signal(signal.SIGTERM, _stop)
        announce(f"Dịch vụ đang chạy tại {address} (dừng bằng Ctrl+C)")
        if open_browser:
            webbrowser.open(address)
        server.run()


def _open_to_others(settings: Settings, host: str) -> Settings:
    """The settings for an address that other machines reach: every request needs a token, the address is a name, too.

    Raises:
        OutputError: there are no tokens.
    """
    if not Tokens(settings.tokens_file).exist:
        what = f"Chưa có mã truy cập nên không mở dịch vụ ở {shown(host)}, nơi máy khác gọi được."
        cure = "Tạo mã: docgen token new --name TÊN; hoặc chỉ mở cho máy này: docgen serve."
        raise OutputError.of("tokens-missing", what, cure)
    own = set() if host in _EVERY_ADDRESS else {f"[{host}]" if ":" in host else host.lower()}
    return replace(settings, needs_token=True, hosts=settings.hosts | own)


@contextmanager
def _held(data: Path) -> Iterator[None]:
    """Hold the data folder for this server, with a folder in it for temporary files that a kill leaves behind.

    Raises:
        OutputError: `data-in-use`.
    """
    try:
        with FileLock(data / "server.lock", timeout=0):
            own_temporary_folder(data / "tmp" / "server")
            yield
    except Timeout:
        what = f"Thư mục dữ liệu {shown(path_text(data))} đang được một dịch vụ khác dùng."
        cure = "Dừng dịch vụ kia, hoặc chọn thư mục khác bằng biến DOCGEN_DATA."
        raise OutputError.of("data-in-use", what, cure) from None


def _server(app: Flask, listening: socket.socket, settings: Settings) -> Any:
    server = create_server(
        app,
        sockets=[listening],
        threads=settings.threads,
        ident=None,
        # A silent client is dropped within 30 seconds: 20 of silence, looked for every 10.
        channel_timeout=20,
        cleanup_interval=10,
        max_request_body_size=settings.upload_limit + 1,
        max_request_header_size=_LARGEST_HEADERS,
        # Larger ones wait in a nameless file.
        inbuf_overflow=settings.body_limit + _LARGEST_HEADERS,
        clear_untrusted_proxy_headers=True,
        **_trusted(settings.proxy),
        connection_limit=_MOST_CONNECTIONS,
        asyncore_use_poll=sys.platform != "win32",
        outbuf_overflow=_LARGEST_ANSWER,
    )
    server.channel_class = channel_for(settings.body_limit)
    server.task_dispatcher.queue = Line()
    return server


def _trusted(proxy: str | None) -> dict[str, Any]:
    """Whose headers about the client are taken for true."""
    if proxy is None:
        return {}
    return {"trusted_proxy": proxy, "trusted_proxy_headers": {"x-forwarded-for", "x-forwarded-proto"}}


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


def _warm_up() -> None:
    """Load what the first request would load: several that come at once would all wait for it."""
    import_module("docgen.word.template")
    library.catalogue()


def _keep_no_dumps() -> None:
    """No memory image of a crashed process, the consumer's neither: it would hold people's records."""
    if sys.platform != "win32":
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
