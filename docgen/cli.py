"""Arguments in, exit code out: the command `docgen`. No logic lives here.

Exit codes: 0 done (warnings included) · 2 wrong use, a path that is missing or of the wrong kind · 3 nothing usable,
nothing written · 4 `check` or `inspect` found something · 5 environment (disk, rights, a missing program).
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from docgen import cli_collect, cli_files, cli_many, cli_serve, cli_template
from docgen.cli_arguments import CONVERT, FORM, INPUT, JSON, PROFILE, SHEET
from docgen.cli_input import shared_profile
from docgen.cli_outcome import DONE, FOUND, answered, ended, line, note, print_json, result, tell
from docgen.cli_words import Group, WrongUse
from docgen.errors import DocgenError
from docgen.files import path_text, write_whole

if TYPE_CHECKING:
    from collections.abc import Sequence

    from docgen.tables.old_text import Convert


@click.group(
    cls=Group,
    no_args_is_help=False,
    invoke_without_command=True,
    help="""Điền biểu mẫu kiểm điểm, đánh giá, xếp loại của Đảng thành tệp Word đúng thể thức.

    \b
    Bắt đầu:
      docgen forms                                  xem có những mẫu nào
      docgen show mau-2b-2025 --sample > an.json    lấy một bản ghi mẫu để sửa
      docgen render mau-2b-2025 an.json -o an.docx  tạo tệp Word
    """,
)
@click.option("--version", is_flag=True, help="In số phiên bản.")
@click.pass_context
def commands(context: click.Context, *, version: bool) -> int:
    """The group of all commands; alone, it prints its help."""
    if version:
        from docgen import __version__

        click.echo(f"docgen {__version__}")
    elif context.invoked_subcommand is None:
        click.echo(context.get_help())
    return DONE


@commands.command(
    short_help="Liệt kê các biểu mẫu.",
    help="""Liệt kê các biểu mẫu có trong chương trình, kèm mã để dùng trong các lệnh khác.

    \b
    Ví dụ: docgen forms
    """,
)
@JSON
def forms(*, as_json: bool) -> int:
    """List every form."""
    from docgen import cli_show
    from docgen.papers import library
    from docgen.papers.schema import entry

    found = library.catalogue()
    if as_json:
        print_json([entry(form) for form in found])
    else:
        click.echo(cli_show.listing(found))
    return DONE


@commands.command(
    short_help="Xem một biểu mẫu có những mục nào.",
    help="""Xem một biểu mẫu: các mục phải điền, căn cứ, nguồn gốc và những phần chưa kiểm chứng.

    \b
    Ví dụ: docgen show mau-2b-2025
           docgen show mau-2b-2025 --sample > an.json
    """,
)
@FORM
@JSON
@click.option("--schema", is_flag=True, help="In cấu trúc dữ liệu (JSON Schema 2020-12).")
@click.option("--sample", is_flag=True, help="In một bản ghi mẫu đầy đủ để sửa thành dữ liệu của mình.")
def show(form: str, *, as_json: bool, schema: bool, sample: bool) -> int:
    """Tell what one form asks and where it comes from."""
    from docgen import cli_show
    from docgen.papers import library

    if as_json + schema + sample > 1:
        raise WrongUse("Chỉ chọn một trong --json, --schema, --sample.")
    if form in library.families():
        members = [each.id for each in library.catalogue() if each.family == form]
        raise WrongUse(f"«{form}» là một nhóm mẫu. Chọn một mẫu trong nhóm: {', '.join(members)}.")
    paper = library.form(form)
    if schema:
        from docgen.papers.schema import json_schema

        print_json(json_schema(paper))
    elif sample:
        print_json(library.sample(paper))
    elif as_json:
        print_json(cli_show.details(paper))
    else:
        click.echo(cli_show.page(paper))
    return DONE


commands.add_command(cli_many.sheet)


@commands.command(
    short_help="Kiểm tra dữ liệu, không ghi gì.",
    help="""Kiểm tra dữ liệu theo biểu mẫu hoặc nhóm mẫu: nêu mọi lỗi trong một lần, không tạo tệp nào.

    DỮ_LIỆU là một bản ghi (.json, .yaml, .yml) hoặc cả danh sách (.xlsx, .xls, .ods, .csv, .jsonl); dấu - là đọc từ
    đầu vào chuẩn (bắt đầu bằng { hoặc [ là JSON, còn lại là YAML).

    \b
    Ví dụ: docgen check mau-2b-2025 an.json
           docgen check kiem-diem-ca-nhan danh_sach.xlsx
    """,
)
@FORM
@INPUT
@PROFILE
@SHEET
@CONVERT
@JSON
def check(
    form: str, source: str, *, profile: str | None, sheet: str | None, convert: Convert | None, as_json: bool
) -> int:
    """Tell every problem of one record, or of every row of a list."""

    def work() -> int:
        from docgen import cli_check

        checked = cli_check.check(form, source, profile=profile, sheet=sheet, convert=convert)
        if as_json:
            print_json({**result(checked.problems), **checked.counts()})
        else:
            told = "".join(f"{line(problem)}\n" for problem in checked.problems)
            click.echo(told or "Dữ liệu không có lỗi.\n", nl=False)
            if checked.rows_in > 1:
                note(checked.summary())
        return FOUND if checked.failed else DONE

    return answered(work, as_json=as_json)


@commands.command(
    short_help="Tạo một tệp Word hoặc PDF.",
    help="""Điền một bản ghi vào biểu mẫu (hoặc mẫu phù hợp trong nhóm) và tạo tệp Word hoặc PDF.

    DỮ_LIỆU là một bản ghi: tệp .json, .yaml, .yml, hoặc danh sách (.xlsx, .csv…) chỉ có một dòng; dấu - là đọc từ đầu
    vào chuẩn (bắt đầu bằng { hoặc [ là JSON, còn lại là YAML). Có lỗi thì không ghi gì. Tệp PDF cần có LibreOffice.

    \b
    Ví dụ: docgen render mau-2b-2025 an.json -o an.docx
           docgen render kiem-diem-ca-nhan an.yaml -o an.pdf --profile to_chuc.toml
    """,
)
@FORM
@INPUT
@click.option(
    "-o", "--output", metavar="TỆP.docx|TỆP.pdf", required=True, help="Tệp sẽ tạo; tệp cũ được thay trọn vẹn."
)
@PROFILE
@JSON
def render(form: str, source: str, *, output: str, profile: str | None, as_json: bool) -> int:
    """Make one document."""

    def work() -> int:
        asked = Path(output)
        kind = asked.suffix.lower()
        if kind not in {".docx", ".pdf"}:
            raise WrongUse("Tên tệp sau -o phải kết thúc bằng .docx hoặc .pdf.")
        place = cli_files.target(asked)
        from docgen import cli_check, generate

        given = cli_check.one_record(form, source)
        shared = shared_profile(profile)
        try:
            document = generate.document(form, given.values, profile=shared)
        except DocgenError as error:
            raise type(error)([given.placed(problem) for problem in error.problems]) from None
        content = document.content
        if kind == ".pdf":
            from docgen.word.pdf import to_pdf

            content = to_pdf(content)
        write_whole(place, content)
        warnings = [given.placed(problem) for problem in document.warnings]
        if as_json:
            print_json(result(warnings, outputs=[path_text(asked)]))
        else:
            tell(warnings)
            click.echo(path_text(asked))
        return DONE

    return answered(work, as_json=as_json)


commands.add_command(cli_many.merge)
commands.add_command(cli_collect.collect)


@commands.command(
    short_help="Bắt đầu giấy tờ tiếp theo từ giấy tờ đã có.",
    help="""Lấy từ một bản ghi đã có những gì giấy tờ tiếp theo dùng lại (gợi ý sang giải trình, giải trình sang mục IV,
    hạn chế sang kế hoạch khắc phục, kết quả đếm sang báo cáo) và ghi thành bản ghi mới để viết tiếp.

    Không tự nghĩ ra nội dung nào: mục còn phải viết được nêu từng mục.

    \b
    Ví dụ: docgen carry goi_y.json --to bao-cao-giai-trinh -o giai_trinh.json
           docgen carry ket_qua.json --to bao-cao-ket-qua -o bao_cao.json
    """,
)
@INPUT
@click.option("--to", required=True, metavar="MẪU", help="Mã của giấy tờ sẽ viết tiếp.")
@click.option("--from", "start", metavar="MẪU", help="Mã của giấy tờ đã có, khi chương trình không tự nhận ra.")
@click.option("-o", "--output", required=True, metavar="TỆP.json", help="Bản ghi mới; tệp cũ được thay trọn vẹn.")
@JSON
def carry(source: str, *, to: str, start: str | None, output: str, as_json: bool) -> int:
    """Start the next paper from one that exists."""

    def work() -> int:
        from docgen import cli_review

        to_complete = cli_review.carry(source, to, start, output)
        if as_json:
            print_json(result(to_complete, outputs=[path_text(Path(output))]))
        else:
            tell(to_complete)
            click.echo(path_text(Path(output)))
        return DONE

    return answered(work, as_json=as_json)


@commands.command(
    short_help="Đếm kết quả xếp loại, tính tỷ lệ, soát mức trần.",
    help="""Đếm danh sách xếp loại theo nhóm, tính tỷ lệ (ghi rõ mẫu số), soát tỷ lệ «xuất sắc».

    Kết quả dùng cho báo cáo kết quả.

    DANH_SÁCH là tệp Excel, CSV hoặc JSON có các cột Nhóm, Đơn vị, Họ và tên (hoặc Tên tổ chức), Mức xếp loại, Lý do.
    Với --given: soát một bảng số liệu có sẵn (Nhóm, Chỉ tiêu, Số lượng, Tỷ lệ) và nêu số đúng ở chỗ sai.

    \b
    Ví dụ: docgen tally xep_loai.xlsx -o ket_qua.json
           docgen tally so_lieu.csv --given -o nhan_xet.xlsx
    """,
)
@click.argument("source", metavar="DANH_SÁCH")
@click.option("--given", "given_figures", is_flag=True, help="Soát số liệu có sẵn thay vì đếm.")
@click.option(
    "-o", "--output", required=True, metavar="TỆP.json|TỆP.xlsx", help="Tệp kết quả; tệp cũ được thay trọn vẹn."
)
@click.option("--rules", metavar="MÃ", help="Bộ quy định xếp loại; không nói gì thì theo bộ hằng năm mới nhất.")
@PROFILE
@JSON
def tally(
    source: str, *, given_figures: bool, output: str, rules: str | None, profile: str | None, as_json: bool
) -> int:
    """Count ratings, or judge given figures."""

    def work() -> int:
        from docgen import cli_review

        found = cli_review.tally(source, given_figures=given_figures, rules=rules, profile=profile, output=output)
        outputs = [path_text(Path(output))]
        if as_json:
            print_json({**result(found.problems, outputs=outputs), **found.counts()})
        else:
            tell(found.problems)
            click.echo(outputs[0])
        return FOUND if found.failed or (given_figures and found.problems) else DONE

    return answered(work, as_json=as_json)


@commands.command(
    short_help="Soát thể thức của một tệp Word bất kỳ.",
    help="""Soát thể thức của một tệp Word bất kỳ: khổ giấy, lề, phông chữ, tiêu ngữ, số, ngày, chữ ký, nơi nhận…

    Tệp do chương trình này tạo thì soát theo bộ thể thức ghi trong tệp; tệp khác thì theo bộ văn bản mới nhất
    (biểu mẫu in sẵn: thêm --kind bieu-mau).

    \b
    Ví dụ: docgen inspect cong_van.docx
           docgen inspect cong_van_2024.docx --regime hd36-2018
    """,
)
@click.argument("file", metavar="TỆP.docx")
@click.option("--regime", metavar="MÃ", help="Bộ thể thức: hd36-2018, hd05-2026 hoặc bieu-mau.")
@click.option("--kind", type=click.Choice(["van-ban", "bieu-mau"]), metavar="van-ban|bieu-mau", help="Loại giấy tờ.")
@JSON
def inspect(file: str, *, regime: str | None, kind: str | None, as_json: bool) -> int:
    """Check the layout of any Word file."""

    def work() -> int:
        from docgen import cli_inspect

        problems, rules = cli_inspect.inspect(file, regime, kind)
        if as_json:
            print_json({**result(problems, failed=bool(problems)), "regime": rules.id})
        else:
            click.echo("".join(f"{line(problem)}\n" for problem in problems), nl=False)
            note(f"Đã soát theo {rules.title} ({rules.id}): {len(problems)} điều cần xem.")
        return FOUND if problems else DONE

    return answered(work, as_json=as_json)


commands.add_command(cli_template.template)
commands.add_command(cli_serve.serve)
commands.add_command(cli_serve.token)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command (without arguments, the one that was typed) and return its exit code; never a traceback."""
    typed = sys.argv[1:] if arguments is None else list(arguments)
    return ended(lambda: _run(typed))


def _run(typed: list[str]) -> object:
    """What click's own `main` does, without its English messages and its own ways to end the process."""
    try:
        with commands.make_context("docgen", typed) as context:
            return commands.invoke(context)
    except click.exceptions.Exit as asked:
        return asked.exit_code


if __name__ == "__main__":
    sys.exit(main())
