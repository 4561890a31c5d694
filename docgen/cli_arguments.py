"""Arguments and options that several commands share."""

from __future__ import annotations

import click

FORM = click.argument("form", metavar="MẪU")
INPUT = click.argument("source", metavar="DỮ_LIỆU")
JSON = click.option("--json", "as_json", is_flag=True, help="In kết quả dạng JSON cho chương trình khác đọc.")
PROFILE = click.option(
    "--profile",
    metavar="TỆP.toml",
    help="Tệp thông tin chung của cơ quan (tên cấp ủy, nơi ký…), dùng cho mục còn trống.",
)
CONVERT = click.option(
    "--convert",
    type=click.Choice(["tcvn3", "vni", "auto"]),
    metavar="tcvn3|vni|auto",
    help="Chuyển chữ viết bằng bảng mã cũ trong danh sách sang Unicode; không có thì các dòng đó bị báo lỗi.",
)
SHEET = click.option("--sheet", metavar="TÊN", help="Trang tính có danh sách, khi tệp Excel có nhiều trang.")
