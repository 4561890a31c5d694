"""The commands for a whole list: the Excel to fill (`sheet`), and the merge (`merge`)."""

from __future__ import annotations

from typing import Any

import click

from docgen.cli_arguments import CONVERT, FORM, JSON, PROFILE, SHEET
from docgen.cli_outcome import DONE, FOUND, UNUSABLE, answered, note, print_json, tell
from docgen.cli_words import Command
from docgen.files import path_text

_TOLD = 20
"""Problems that a person reads on the screen; all of them stand in the list of bad rows."""


@click.command(
    cls=Command,
    short_help="Tạo tệp Excel để điền danh sách.",
    help="""Tạo tệp Excel để điền danh sách cho một mẫu hoặc nhóm mẫu: tiêu đề cột là tên các mục, có ô chọn sẵn, có
    ghi chú cách điền, có dòng ví dụ (không bị trộn), trang «Chung» cho những giá trị giống nhau ở mọi dòng.

    \b
    Ví dụ: docgen sheet kiem-diem-ca-nhan -o danh_sach.xlsx
           docgen sheet mau-2b-2025 -o danh_sach.xlsx
    """,
)
@FORM
@click.option("-o", "--output", metavar="TỆP.xlsx", required=True, help="Tệp Excel sẽ tạo; tệp cũ được thay trọn vẹn.")
@click.option(
    "--year", type=int, metavar="NĂM", help="Năm kiểm điểm, với nhóm mẫu; không nói gì thì theo mẫu mới nhất."
)
def sheet(form: str, *, output: str, year: int | None) -> int:
    """Make the Excel to fill."""
    from docgen import cli_sheet

    cli_sheet.sheet(form, year, output)
    click.echo(path_text(output))
    return DONE


@click.command(
    cls=Command,
    short_help="Trộn cả danh sách thành văn bản cho từng người.",
    help="""Trộn cả danh sách: mỗi dòng thành một văn bản. Với nhóm mẫu, mỗi dòng được chọn mẫu theo đối tượng và năm.

    \b
    NƠI_GHI là:
      một thư mục           mỗi chi bộ một thư mục con, mỗi người một tệp
      một tệp .zip          như trên, trong một tệp nén
      một tệp .docx, .pdf   bản in chung: xếp theo chi bộ và tên, có danh sách đầu mỗi chi bộ

    Dòng lỗi được trả lại trong loi.xlsx kèm lý do; sửa trong tệp đó rồi trộn tiếp vào cùng nơi ghi. Lệnh bị dừng giữa
    chừng thì chạy lại: chương trình làm tiếp, không mất, không trùng; chỉ dòng đã đổi mới được tạo lại.

    \b
    Ví dụ: docgen merge kiem-diem-ca-nhan danh_sach.xlsx -o ban_kiem_diem
           docgen merge mau-2b-2025 danh_sach.xlsx -o ban_kiem_diem.zip --name "{chi_bo}/{ma} {ho_ten}"
           docgen merge kiem-diem-ca-nhan danh_sach.xlsx -o in.docx --duplex
    """,
)
@FORM
@click.argument("source", metavar="DANH_SÁCH")
@click.option("-o", "--output", "target", metavar="NƠI_GHI", required=True, help="Thư mục, hoặc tệp .zip, .docx, .pdf.")
@click.option("--common", metavar="TỆP", help="Tệp .json hoặc .yaml có các giá trị chung cho mọi dòng.")
@PROFILE
@click.option(
    "--name", "pattern", metavar="MẪU_TÊN", help="Tên tệp theo các mục, dấu / tạo thư mục: «{chi_bo}/{ma} {ho_ten}»."
)
@click.option("--accents", "accented", is_flag=True, help="Giữ dấu tiếng Việt trong tên tệp và thư mục.")
@click.option("--pdf", is_flag=True, help="Vào thư mục hoặc .zip: tạo tệp PDF thay cho tệp Word (cần LibreOffice).")
@SHEET
@CONVERT
@click.option("--duplex", is_flag=True, help="Bản in chung: mỗi người bắt đầu ở mặt trước một tờ.")
@click.option(
    "--split",
    type=click.IntRange(1, 5000),
    metavar="SỐ",
    help="Bản in chung: nhiều nhất bao nhiêu người một tệp (thường là 200).",
)
@click.option("--overwrite", is_flag=True, help="Thay cả những tệp đã bị sửa tay và tệp có sẵn trùng tên.")
@click.option("--workers", type=click.IntRange(1, 256), metavar="SỐ", help="Số tiến trình làm song song trên máy này.")
@click.option("--scheduler", metavar="ĐỊA_CHỈ", help="Làm trên nhiều máy qua Dask, ví dụ tcp://10.0.0.5:8786.")
@JSON
def merge(form: str, source: str, target: str, *, as_json: bool, **asked: Any) -> int:
    """Make a document of every row of a list."""

    def work() -> int:
        from docgen import cli_merge

        report = cli_merge.merge(form, source, target, asked)
        if as_json:
            print_json(report.as_dict())
        else:
            for severity, named in (("error", "lỗi"), ("warning", "cảnh báo")):
                found = [problem for problem in report.problems if problem.severity == severity]
                tell(found[:_TOLD])
                if len(found) > _TOLD:
                    where = ", xem tệp dòng lỗi" if severity == "error" and report.bad_rows else " (--json để xem hết)"
                    note(f"… và {len(found) - _TOLD} {named} nữa{where}.")
            note(report.summary())
            click.echo("".join(f"{output}\n" for output in report.outputs), nl=False)
        if not report.done:
            return UNUSABLE
        return FOUND if report.failed or any(each.severity == "error" for each in report.problems) else DONE

    return answered(work, as_json=as_json)
