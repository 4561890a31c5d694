"""What kind of file somebody sent: by what it holds; its name only decides between kinds of text.

Each other kind has its own sentence. A workbook under another kind's ending is read by what it holds, and that is told.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from docgen.errors import DataError, Problem, shown
from docgen.tables import ole
from docgen.tables.archive import open_archive
from docgen.tables.workbook import TOLD

if TYPE_CHECKING:
    from docgen.tables.limits import Limits

Kind = Literal["xlsx", "xls", "ods", "csv", "json", "jsonl", "yaml"]

_ENDINGS: dict[str, Kind] = {
    **dict.fromkeys(("xlsx", "xlsm", "xltx", "xltm"), "xlsx"),
    **dict.fromkeys(("xls", "xlt"), "xls"),
    **dict.fromkeys(("ods", "ots"), "ods"),
    **dict.fromkeys(("csv", "tsv", "txt"), "csv"),
    "json": "json",
    **dict.fromkeys(("jsonl", "ndjson"), "jsonl"),
    **dict.fromkeys(("yaml", "yml"), "yaml"),
}  # fmt: skip
_WORKBOOKS = frozenset({"xlsx", "xls", "ods"})
_AS_XLSX = "Mở tệp bằng Excel rồi chọn Lưu thành (Save As) › Excel Workbook (.xlsx)."
_RIGHT_FILE = "Chọn đúng tệp danh sách (.xlsx, .xls, .ods, .csv, .json, .yaml)."
_HEADS = (
    (b"%PDF", "file-pdf", "Tệp là PDF, không phải danh sách.", _RIGHT_FILE),
    (b"{\\rtf", "file-rtf", "Tệp thuộc dạng RTF, không phải danh sách.", _RIGHT_FILE),
    (b"Rar!", "file-archive", "Tệp là tệp nén RAR.", "Giải nén rồi chọn tệp danh sách bên trong."),
    (b"7z\xbc\xaf", "file-archive", "Tệp là tệp nén 7z.", "Giải nén rồi chọn tệp danh sách bên trong."),
    (b"\x89PNG", "file-picture", "Tệp là hình ảnh.", _RIGHT_FILE),
    (b"\xff\xd8\xff", "file-picture", "Tệp là hình ảnh.", _RIGHT_FILE),
    (b"\x09\x00\x04\x00", "workbook-too-old", "Tệp do Excel 2 đến 4 ghi ra nên không đọc được.", _AS_XLSX),
    (b"\x09\x02\x06\x00", "workbook-too-old", "Tệp do Excel 2 đến 4 ghi ra nên không đọc được.", _AS_XLSX),
    (b"\x09\x04\x06\x00", "workbook-too-old", "Tệp do Excel 2 đến 4 ghi ra nên không đọc được.", _AS_XLSX),
)
_MEMBERS = (
    ("xl/workbook.bin", "workbook-xlsb", "Tệp thuộc dạng Excel nhị phân (.xlsb).", _AS_XLSX),
    ("word/document.xml", "file-word", "Tệp là tài liệu Word, không phải danh sách.", _RIGHT_FILE),
    ("ppt/presentation.xml", "file-slides", "Tệp là bài trình chiếu, không phải danh sách.", _RIGHT_FILE),
    ("Index/Document.iwa", "workbook-numbers", "Tệp do Numbers (máy Mac) ghi ra.", "Xuất ra .xlsx rồi làm lại."),
)
_STREAMS = (
    ("EncryptedPackage", "workbook-encrypted", "Tệp bảng tính có đặt mật khẩu nên không đọc được.",
     "Bỏ mật khẩu rồi lưu lại."),
    ("WordDocument", "file-word", "Tệp là tài liệu Word kiểu cũ, không phải danh sách.", _RIGHT_FILE),
)  # fmt: skip
_HTML = (b"<html", b"<!doctype html", b"<table", b"<head", b"<style", b"<meta")
_XML_2003 = b"urn:schemas-microsoft-com:office:spreadsheet"
_LOOKED_AT = 4096


@dataclass(frozen=True, slots=True)
class Found:
    """The kind of a file, and what its owner should know about it."""

    kind: Kind
    notes: tuple[Problem, ...] = ()


def kind_of(content: bytes, name: str, limits: Limits) -> Found:
    """The kind of the file.

    Raises:
        DataError: a file that is no list, each kind with its own sentence (codes `file-…`, `workbook-…`).
    """
    if name.startswith("~$"):
        what = "Đây là tệp tạm mà Excel tạo ra khi đang mở danh sách, không phải danh sách."
        raise DataError.of("file-lock", what, "Đóng Excel rồi chọn tệp cùng tên không có ~$ ở đầu.")
    if not content.strip():
        raise DataError.of("file-empty", "Tệp không có nội dung.", "Chọn tệp có dữ liệu.")
    _refuse_heads(content)
    by_name = _ENDINGS.get(name.rpartition(".")[2].casefold())
    held: Kind
    if content.startswith(b"PK"):
        held = _in_zip(content, limits)
    elif content.startswith(ole.SIGNATURE):
        held = _in_container(content)
    else:
        return Found(_text(content, name, by_name))
    if by_name == held:
        return Found(held)
    what = f"Tệp {shown(name)} thực ra là bảng tính .{held} và được đọc như vậy."
    return Found(
        held, (Problem(code="file-ending", what=what, cure=f"Đổi đuôi tệp thành .{held}.", severity="warning"),)
    )


def _refuse_heads(content: bytes) -> None:
    for head, code, what, cure in _HEADS:
        if content.startswith(head):
            raise DataError.of(code, what, cure)
    start = content[:_LOOKED_AT].removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if start.startswith(_HTML):
        what = "Tệp là trang web (HTML) mang đuôi bảng tính, thường do phần mềm khác xuất ra."
        raise DataError.of("file-html", what, _AS_XLSX)
    if start.startswith(b"<?xml") and _XML_2003 in start:
        raise DataError.of("workbook-xml-2003", "Tệp thuộc dạng Excel XML 2003.", _AS_XLSX)


def _in_zip(content: bytes, limits: Limits) -> Literal["xlsx", "ods"]:
    archive = open_archive(content, limits, TOLD)
    if "xl/workbook.xml" in archive:
        return "xlsx"
    if "mimetype" in archive and archive.read("mimetype", _LOOKED_AT).startswith(
        b"application/vnd.oasis.opendocument.spreadsheet"
    ):
        return "ods"
    for member, code, what, cure in _MEMBERS:
        if member in archive:
            raise DataError.of(code, what, cure)
    raise DataError.of("file-archive", "Tệp nén này không phải bảng tính.", _RIGHT_FILE)


def _in_container(content: bytes) -> Literal["xls"]:
    try:
        names = ole.Ole(content).names
    except ValueError:
        raise TOLD.refusal("damaged", "bị hỏng hoặc chưa được tải về đủ.") from None
    for stream, code, what, cure in _STREAMS:
        if stream in names:
            raise DataError.of(code, what, cure)
    if names.isdisjoint({"Workbook", "Book"}):
        raise DataError.of("file-not-list", "Tệp thuộc dạng Office cũ nhưng không phải bảng tính.", _RIGHT_FILE)
    return "xls"


def _text(content: bytes, name: str, by_name: Kind | None) -> Kind:
    if by_name in _WORKBOOKS:
        what = f"Tệp {shown(name)} mang đuôi bảng tính nhưng bên trong là chữ (có thể là CSV), hoặc đã bị hỏng."
        raise DataError.of("file-ending", what, "Nếu là CSV, đổi đuôi tệp thành .csv; nếu không, lưu lại dạng .xlsx.")
    if by_name is not None:
        return by_name
    return "json" if content.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] in {b"[", b"{"} else "csv"
