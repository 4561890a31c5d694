"""The commands of the service: `serve` and `token new`. Only here does the command line know the service."""

from __future__ import annotations

import click

from docgen.cli_outcome import DONE, note
from docgen.cli_words import Command, Group


@click.command(
    cls=Command,
    short_help="Mở dịch vụ trên máy này.",
    help="""Mở dịch vụ (trang web và HTTP API); dừng bằng Ctrl+C.

    Mặc định chỉ máy này gọi được và không cần mã truy cập. Mở ra mạng (--host 0.0.0.0) thì phải có mã truy cập
    (docgen token new) và đặt tên máy được gọi vào biến DOCGEN_HOSTS.

    \b
    Ví dụ: docgen serve --open
           docgen serve --port 9000
           DOCGEN_HOSTS=van-ban.coquan.local docgen serve --host 0.0.0.0
    """,
)
@click.option("--host", default="127.0.0.1", metavar="ĐỊA_CHỈ", help="Địa chỉ để mở; thường là 127.0.0.1 (máy này).")
@click.option(
    "--port",
    default=8765,
    type=click.IntRange(0, 65535),
    metavar="SỐ",
    help="Cổng; 0 là để máy tự chọn. Thường là 8765.",
)
@click.option("--open", "open_browser", is_flag=True, help="Mở trang bằng trình duyệt.")
def serve(host: str, port: int, *, open_browser: bool) -> int:
    """Run the service."""
    from service.serve import run

    run(host, port, open_browser=open_browser, announce=click.echo)
    return DONE


@click.group(cls=Group, short_help="Mã truy cập cho dịch vụ mở ra mạng.", help="Mã truy cập cho dịch vụ mở ra mạng.")
def token() -> None:
    """The commands about tokens."""


@token.command(
    short_help="Tạo một mã truy cập.",
    help="""Tạo một mã truy cập và in ra một lần; máy chỉ giữ dấu vân tay của mã nên không xem lại được.

    \b
    Ví dụ: docgen token new --name "Văn phòng" --days 365
           docgen token new --name "Người phụ trách" --admin      đổi được mẫu riêng của cơ quan
    """,
)
@click.option("--name", default="", metavar="TÊN", help="Mã này của ai, để sau này nhận ra.")
@click.option("--days", type=click.IntRange(1, 3650), metavar="SỐ", help="Dùng được bao nhiêu ngày; không nói là mãi.")
@click.option("--admin", is_flag=True, help="Người giữ mã được đổi mẫu riêng của cơ quan trên trang web.")
def new(name: str, days: int | None, *, admin: bool) -> int:
    """Make a token."""
    import os

    from service.settings import from_environment
    from service.tokens import Tokens

    tokens = Tokens(from_environment(os.environ).tokens_file)
    click.echo(tokens.new(name, days, admin=admin))
    note("Chép mã này ngay và giữ kín; không xem lại được. Gửi trong header: Authorization: Bearer MÃ.")
    return DONE
