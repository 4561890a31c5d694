"""The command that reads papers back: `collect`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from docgen import cli_files
from docgen.cli_arguments import JSON
from docgen.cli_outcome import DONE, FOUND, UNUSABLE, answered, note, print_json, tell
from docgen.cli_words import Command, WrongUse
from docgen.files import path_text, write_whole

if TYPE_CHECKING:
    from docgen.collecting.folder import Collected

_TOLD = 20
"""Problems that a person reads on the screen; all of them stand in the output."""


@click.command(
    cls=Command,
    short_help="Đọc lại các tệp đã điền thành một bảng.",
    help="""Đọc lại các tệp Word đã điền (do chương trình này tạo) thành một bảng Excel hoặc JSON: mọi mục, mọi dòng
    danh sách, ô đánh dấu, cách đọc được từng mục, và những gì cần xem lại.

    TỆP là tệp .docx (.doc, .odt, .rtf khi máy có LibreOffice) hoặc thư mục, kể cả thư mục con. Mục nào không chắc chắn
    thì để trống và nêu lý do; chữ viết ngoài ô được ghi ở cột «Chữ ngoài ô».

    \b
    Ví dụ: docgen collect nop_lai -o tong_hop.xlsx
           docgen collect nop_lai --against danh_sach.xlsx -o tong_hop.xlsx
    """,
)
@click.argument("sources", metavar="TỆP|THƯ_MỤC…", nargs=-1, required=True)
@click.option(
    "-o", "--output", metavar="TỆP.xlsx|TỆP.json", required=True, help="Tệp kết quả; tệp cũ được thay trọn vẹn."
)
@click.option("--against", metavar="DANH_SÁCH", help="Danh sách đã gửi đi: nêu ai chưa nộp, mục nào khác với lúc gửi.")
@JSON
def collect(sources: tuple[str, ...], *, output: str, against: str | None, as_json: bool) -> int:
    """Read filled documents back."""

    def work() -> int:
        asked = Path(output)
        if asked.suffix.lower() not in {".json", ".xlsx"}:
            raise WrongUse("Tên tệp sau -o phải kết thúc bằng .xlsx hoặc .json.")
        place = cli_files.target(asked)
        from docgen.collecting.paths import collect as collected

        found = collected(sources, against=against)
        write_whole(place, _written(found, asked.suffix.lower()))
        counts = found.counts()
        if as_json:
            problems = [problem.as_dict() for problem in found.problems]
            print_json({**counts, "problems": problems, "outputs": [path_text(asked)]})
        else:
            tell(found.problems[:_TOLD])
            note(found.summary())
            click.echo(path_text(asked))
        return DONE if not counts["failed"] else FOUND if counts["done"] else UNUSABLE

    return answered(work, as_json=as_json)


def _written(found: Collected, ending: str) -> bytes:
    from docgen.collecting.sheets import collected_sheets
    from docgen.tables.excel import write_sheets

    if ending == ".xlsx":
        return write_sheets(collected_sheets(found))
    return (json.dumps(found.as_dict(), ensure_ascii=False, indent=2) + "\n").encode()
