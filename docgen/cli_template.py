"""The commands `docgen template …`: an office's own version of a form, from the Word file to its use and back."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from docgen import cli_files
from docgen.cli_arguments import FORM, JSON
from docgen.cli_outcome import DONE, FOUND, UNUSABLE, answered, line, note, print_json, result
from docgen.cli_words import Command, Group, WrongUse
from docgen.files import path_text, write_whole

if TYPE_CHECKING:
    from docgen.templates.check import Against, Checked

_LARGEST = 32 * 1024 * 1024
"""Bytes of a template; the engine refuses a larger one in its own words."""
_FILE = click.argument("file", metavar="TỆP.docx")
_AGAINST = click.option(
    "--form", "form", required=True, metavar="MẪU", help="Mã mẫu, hoặc thư mục có form.toml (do template start tạo)."
)
_LAYOUT = click.option("--layout", metavar="MÃ", help="Bộ thể thức, với mẫu có nhiều bộ; thường tự nhận ra.")
_ADD = click.option("--add-fields", is_flag=True, help="Nhận các mục mới có trong tệp làm mục không bắt buộc của mẫu.")


@click.group(
    cls=Group,
    short_help="Sửa mẫu Word theo cách riêng của cơ quan.",
    help="""Sửa mẫu Word theo cách riêng của cơ quan: lời văn, hình, thứ tự, mục mới; luôn quay lại được mẫu gốc.

    Các bản đã cài nằm trong thư mục ghi ở biến môi trường DOCGEN_TEMPLATES.

    \b
    Ví dụ: docgen template export mau-2b-2025 -o mau.docx        lấy tệp Word về sửa
           docgen template check mau.docx --form mau-2b-2025     soát tệp đã sửa
           docgen template install mau.docx --form mau-2b-2025   cài, in ra tên bản
           docgen template activate mau-2b-2025 3f9a1c0b7d52     dùng bản đó
           docgen template activate mau-2b-2025 --shipped        quay về mẫu gốc
    """,
)
def template() -> None:
    """The group of the commands for templates."""


@template.command(
    cls=Command,
    short_help="Biến một tệp Word thường (có dòng chấm) thành mẫu.",
    help="""Biến một tệp Word thường thành mẫu: dòng chấm, ngày tháng, ô đánh dấu, ô trống cạnh nhãn, bảng để trống được
    đề xuất thành các mục; ghi tệp đã đặt thẻ và form.toml vào một thư mục mới để xem lại và sửa.

    \b
    Ví dụ: docgen template start phieu.docx -o phieu
           docgen template check phieu/template.docx --form phieu
           docgen template install phieu/template.docx --form phieu
    """,
)
@_FILE
@click.option("-o", "--output", required=True, metavar="THƯ_MỤC", help="Thư mục mới; tên của nó là mã của mẫu.")
@click.option("--title", metavar="TÊN", help="Tên của giấy tờ; không nói gì thì lấy tên tệp.")
@JSON
def start(file: str, *, output: str, title: str | None, as_json: bool) -> int:
    """Propose a template for a plain Word form."""

    def work() -> int:
        from datetime import date

        from docgen.papers import library
        from docgen.templates import start as starting

        folder = Path(output)
        form_id = starting.id_of(folder.resolve().name)
        if folder.exists():
            raise WrongUse(f"Đã có «{path_text(folder)}». Ghi tên một thư mục mới.")
        if library.shipped(form_id) is not None:
            raise WrongUse(f"«{form_id}» là mã của một mẫu gốc. Đặt thư mục tên khác.")
        given = cli_files.read_file(Path(file), most=_LARGEST)
        made = starting.start(given, form_id=form_id, title=title or Path(file).stem, day=date.today())
        starting.write(made, folder)
        outputs = [path_text(folder / name) for name in starting.FILES]
        if as_json:
            print_json(
                {**result((), outputs=outputs), "form": form_id, "fields": {f.name: f.label for f in made.fields}}
            )
        else:
            for each in made.fields:
                note(f"Đề xuất mục {each.name}: {each.label} ({each.kind})")
            note(f"Có {len(made.fields)} mục. Xem lại form.toml và tệp Word, rồi soát bằng docgen template check.")
            click.echo("\n".join(outputs))
        return DONE

    return answered(work, as_json=as_json)


@template.command(
    cls=Command,
    short_help="Lấy tệp Word của một mẫu về sửa.",
    help="""Lấy tệp Word của một mẫu về sửa, kèm danh sách các mục (Excel): mỗi mục viết trong mẫu thế nào.

    \b
    Ví dụ: docgen template export mau-2b-2025 -o mau.docx
    """,
)
@FORM
@click.option("-o", "--output", required=True, metavar="TỆP.docx", help="Tệp Word sẽ tạo; tệp cũ được thay trọn vẹn.")
@_LAYOUT
@JSON
def export(form: str, *, output: str, layout: str | None, as_json: bool) -> int:
    """Give out a template and the list of its fields."""

    def work() -> int:
        place = cli_files.target(_docx(output))
        beside = cli_files.target(place.with_name(f"{place.stem} - cac muc.xlsx"))
        from docgen.papers import library
        from docgen.templates.export import exported, field_list

        paper = library.form(form)
        chosen = layout or library.layout_of(paper, None).id
        if chosen not in paper.layouts:
            raise WrongUse(f"Mẫu {paper.id} có các bộ thể thức: {', '.join(paper.layouts)}.")
        docx = library.template(paper, chosen)
        write_whole(place, exported(docx))
        write_whole(beside, field_list(paper, docx))
        outputs = [path_text(Path(output)), path_text(beside)]
        if as_json:
            print_json(result((), outputs=outputs))
        else:
            click.echo("\n".join(outputs))
        return DONE

    return answered(work, as_json=as_json)


@template.command(
    cls=Command,
    short_help="Soát một mẫu Word đã sửa.",
    help="""Soát một mẫu Word đã sửa: nêu mọi lỗi trong một lần, với chỗ của từng lỗi và cách sửa; không cài gì.

    Soát: thẻ viết sai, bị tách, thiếu thẻ đóng; tên mục sai; mục bắt buộc bị bỏ; thể thức; phông chữ; điền thử.

    \b
    Ví dụ: docgen template check mau.docx --form mau-2b-2025
           docgen template check mau.docx --form mau-2b-2025 -o mau_ghi_chu.docx
    """,
)
@_FILE
@_AGAINST
@_LAYOUT
@_ADD
@click.option("-o", "--output", metavar="TỆP.docx", help="Bản sao có ghi chú của Word ở từng chỗ cần sửa.")
@JSON
def check(file: str, *, form: str, layout: str | None, add_fields: bool, output: str | None, as_json: bool) -> int:
    """Tell everything that is wrong with a template."""

    def work() -> int:
        place = cli_files.target(_docx(output)) if output else None
        given = cli_files.read_file(Path(file), most=_LARGEST)
        against, checked, _ = _checked(given, form, layout, add_fields=add_fields)
        if place is not None and checked.content is not None:
            from docgen.templates.check import commented

            write_whole(place, commented(given, checked))
        outputs = [path_text(Path(output))] if output and checked.content is not None else []
        if as_json:
            print_json(
                {**result(checked.problems, failed=not checked.sound, outputs=outputs), **_facts(against, checked)}
            )
        else:
            _tell(checked)
            click.echo("".join(f"{each}\n" for each in outputs), nl=False)
        return _code(checked)

    return answered(work, as_json=as_json)


@template.command(
    cls=Command,
    short_help="Cài một mẫu Word đã sửa.",
    help="""Soát một mẫu Word đã sửa, và nếu không có lỗi thì giữ lại thành một bản của mẫu; in ra tên bản.

    Bản mới chưa được dùng cho đến khi gõ lệnh activate.

    \b
    Ví dụ: docgen template install mau.docx --form mau-2b-2025
    """,
)
@_FILE
@_AGAINST
@_LAYOUT
@_ADD
@JSON
def install(file: str, *, form: str, layout: str | None, add_fields: bool, as_json: bool) -> int:
    """Keep a checked template as a version of its form."""

    def work() -> int:
        from docgen.templates.versions import keep, place

        place()
        given = cli_files.read_file(Path(file), most=_LARGEST)
        against, checked, text = _checked(given, form, layout, add_fields=add_fields)
        version = ""
        if checked.sound and checked.content is not None:
            paper, version = keep(text, against.layout, checked.content)
        if as_json:
            told = result(checked.problems, failed=not version)
            print_json({**told, **_facts(against, checked), "form": against.form.id, "version": version})
        else:
            _tell(checked, to_stderr=True)
            if version:
                note(f"Đã cài. Để dùng: docgen template activate {paper.id} {version}")
                click.echo(version)
            else:
                note("Chưa cài: hãy sửa các lỗi trên rồi làm lại.")
        return _code(checked)

    return answered(work, as_json=as_json)


@template.command(
    cls=Command,
    short_help="Dùng một bản đã cài, hoặc quay về mẫu gốc.",
    help="""Từ nay dùng một bản đã cài của mẫu; với --shipped thì quay về mẫu gốc của chương trình.

    \b
    Ví dụ: docgen template activate mau-2b-2025 3f9a1c0b7d52
           docgen template activate mau-2b-2025 --shipped
    """,
)
@FORM
@click.argument("version", metavar="BẢN", required=False)
@click.option("--shipped", is_flag=True, help="Quay về mẫu gốc.")
@JSON
def activate(form: str, version: str | None, *, shipped: bool, as_json: bool) -> int:
    """Take a version into use, or go back to the shipped form."""

    def work() -> int:
        if bool(version) == shipped:
            raise WrongUse("Ghi tên bản, hoặc --shipped để quay về mẫu gốc (chỉ một trong hai).")
        from docgen.papers import library, office
        from docgen.templates import versions

        versions.place()
        known = form if office.versions(form) or library.shipped(form) else library.form(form).id
        versions.activate(known, version or "")
        if as_json:
            print_json({**result(()), "form": known, "version": version or ""})
        else:
            note(f"Mẫu {known} nay dùng {f'bản {version}' if version else 'mẫu gốc của chương trình'}.")
        return DONE

    return answered(work, as_json=as_json)


@template.command(
    "list",
    cls=Command,
    short_help="Liệt kê các bản mẫu riêng đã cài.",
    help="""Liệt kê các bản mẫu riêng đã cài; dấu * là bản đang dùng.

    \b
    Ví dụ: docgen template list
    """,
)
@JSON
def listed(*, as_json: bool) -> int:
    """List the versions that are kept."""

    def work() -> int:
        from docgen.papers import office
        from docgen.templates.versions import place

        used = office.standing()
        found = [
            {"form": each.name, "version": version, "active": used.get(each.name) == version}
            for each in sorted(place().iterdir())
            if each.is_dir()
            for version in office.versions(each.name)
        ]
        if as_json:
            print_json(found)
        else:
            told = "".join(f"{'*' if each['active'] else ' '} {each['form']} {each['version']}\n" for each in found)
            click.echo(told or "Chưa cài bản mẫu riêng nào; mọi mẫu là mẫu gốc của chương trình.\n", nl=False)
        return DONE

    return answered(work, as_json=as_json)


def _docx(written: str) -> Path:
    path = Path(written)
    if path.suffix.lower() != ".docx":
        raise WrongUse("Tên tệp sau -o phải kết thúc bằng .docx.")
    return path


def _checked(given: bytes, form: str, layout: str | None, *, add_fields: bool) -> tuple[Against, Checked, str]:
    """What the template is held against, what was found, and the form's description with the fields asked for."""
    from docgen.templates.against import against, form_text, widened
    from docgen.templates.check import check as checked
    from docgen.templates.new_fields import declared, labels

    text = form_text(form)
    held = against(form, given, layout=layout)
    found = checked(given, held)
    if add_fields and found.new_fields:
        text += declared(labels(found.new_fields))
        held = widened(held, text)
        found = checked(given, held)
    return held, found, text


def _facts(against: Against, checked: Checked) -> dict[str, Any]:
    """What `--json` tells beside the problems."""
    from docgen.templates.new_fields import labels

    made = checked.template
    return {
        "layout": against.layout,
        "gear": made.gear if made else None,
        "reason": made.reason if made else None,
        "new_fields": labels(checked.new_fields or {}),
    }


def _tell(checked: Checked, *, to_stderr: bool = False) -> None:
    from docgen.templates.new_fields import labels

    click.echo("".join(f"{line(problem)}\n" for problem in checked.problems), nl=False, err=to_stderr)
    errors = sum(problem.severity == "error" for problem in checked.problems)
    note(f"Đã soát: {errors} lỗi, {len(checked.problems) - errors} cảnh báo.")
    if checked.template is not None:
        gear, reason = checked.template.gear, checked.template.reason
        note(f"Cách tạo văn bản: {gear}{f', vì: {reason}' if reason else ' (nhanh nhất)'}.".replace("..", "."))
    new = labels(checked.new_fields or {})
    if new:
        told = ", ".join(f"{name} («{label}»)" for name, label in new.items())
        note(f"Tên chưa có trong mẫu: {told}. Nếu là mục mới, thêm --add-fields để nhận làm mục không bắt buộc.")


def _code(checked: Checked) -> int:
    if checked.content is None:
        return UNUSABLE
    return DONE if checked.sound else FOUND
