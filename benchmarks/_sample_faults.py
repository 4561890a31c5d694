"""What goes wrong in lists that offices keep: one fault for each row of `samples/dang_bo_loi.xlsx`, and its code.

The people are those of the other list (`benchmarks._people`), invented all.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from benchmarks._worn_book import Broken, Formula, Hidden, Merged, OldFont
from docgen.tables.cells import cell_name

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from benchmarks._worn_book import Edit
    from docgen.tables.excel import Value


@dataclass(frozen=True, slots=True)
class Place:
    """Where a row stands: its index from 0, and the columns of the fields."""

    row: int
    columns: Mapping[str, int]

    def cell(self, name: str, below: int = 0) -> str:
        """The address of this row's cell for a field, or of one below it."""
        return cell_name(self.row + below, self.columns[name])


@dataclass(frozen=True, slots=True)
class Fault:
    """A row of the list: whose, what is wrong with it, and what docgen must say about it."""

    number: int
    """The person's number; rows stand in its order."""
    code: str | None
    """The stable code of the problem; None where the row is a paper like any other."""
    values: Mapping[str, Value] = field(default_factory=dict)
    """By field name, what stands in the cells instead."""
    edit: Callable[[Place], Edit] | None = None
    """What values cannot say."""
    warns: bool = False
    """Whether the row becomes a paper all the same."""


TOTAL, NOTE, JOINED = "Tổng điểm", "Ghi chú", "Ngày vào Đảng"
MORE_COLUMNS: Final = (TOTAL, NOTE, JOINED)
"""Columns that the office added: the first belongs to the form, the other two to no form."""
RENAMED: Final[Mapping[str, str]] = {
    "Ngày sinh": "NGAY SINH",
    "Chức vụ Đảng": "Chức vụ\nđảng",
    "Đơn vị công tác": "Cơ quan công tác",
    "Phương hướng, biện pháp khắc phục": "PHƯƠNG HƯỚNG,\nBIỆN PHÁP KHẮC PHỤC",
}
"""Headings as people write them: capitals, no accents, line breaks, another name of the same thing."""
NOBODY: Final = "00999"
"""The code on a further sheet that nobody in the list has."""
AFTER_BLANK_ROW: Final = 58
"""Before this person an empty row was left between two chi bộ."""

_NOTE_FOR_A_NAME = (
    "Nguyễn Văn Bình (đảng viên chuyển sinh hoạt đảng từ Đảng bộ xã Nghĩa Lâm về ngày 15/8/2025, "
    "đang chờ hồ sơ gốc, đề nghị kiểm tra lại họ và tên)"
)
_MOJIBAKE = "Còn nể nang, ngại va chạm, ít phát biểu.".encode().decode("cp1252")

_ONE_PERSON: Final[Mapping[str, Value]] = {"ho_ten": "Phạm Thị Hảo", "ngay_sinh": date(1961, 3, 7)}

FAULTS: Final[tuple[Fault, ...]] = (
    Fault(1, None),
    Fault(3, "required", {"ho_ten": None}),
    Fault(5, "date-impossible", {"ngay_sinh": "31/02/1990"}),
    Fault(6, "date-year-unclear", {"ngay_sinh": "19/8/48"}),
    Fault(7, "date-impossible", {"ngay_sinh": "08/25/1954"}),
    Fault(8, "date-is-number", {"ngay_sinh": "20432"}),
    Fault(9, "too-long", {"ho_ten": _NOTE_FOR_A_NAME}),
    Fault(10, "not-an-option", {"muc_xep_loai": "Hoàn thành suất sắc nhiệm vụ"}),
    Fault(12, "required", {"chi_bo": None}),
    Fault(14, None, {}, lambda at: Hidden(at.row + 1)),
    Fault(16, "tidied", {"ho_ten": "Lê\u00a0Thị\u200b  Hạnh "}, warns=True),
    Fault(18, "tidied", {"ho_ten": "Ðỗ Văn Út"}, warns=True),
    Fault(20, "text-direction-mark", {"ho_ten": "Nguyễn Thị \u202eneyuQ"}),
    Fault(22, "letters-lost", {"nhiem_vu": "Tham gia t\ufffd hòa gi\ufffdi của thôn."}),
    Fault(24, "text-control-character", {"nhiem_vu": "Hoàn thành 06/06 việc chi bộ giao.\x0bĐóng đảng phí đủ."}),
    Fault(26, "dates-in-order", {"ngay_sinh": "12/5/2087"}, warns=True),
    Fault(42, "code-twice"),
    Fault(44, "code-twice", {"ma": "00042"}),
    Fault(46, "person-twice", _ONE_PERSON, warns=True),
    Fault(47, "person-twice", _ONE_PERSON, warns=True),
    Fault(48, "person-twice", {**_ONE_PERSON, "ngay_sinh": "7.3.1961"}, warns=True),
    Fault(50, "merged-cells", {"don_vi": "Hưu trí"}, lambda at: Merged(f"{at.cell('don_vi')}:{at.cell('don_vi', 1)}")),
    Fault(51, "merged-cells", {"don_vi": None}),
    Fault(53, None, {"han_che": "- Còn nể nang.\n- Ít đọc tài liệu.", "phuong_huong": "+ Đọc đủ.\n+ Nói thẳng."}),
    Fault(54, None, {"khac_phuc_ky_truoc": "=> đã khắc phục xong", "don_vi": "- nt -"}),
    Fault(58, "legacy-encoding", {"ho_ten": "NguyÔn ThÞ Hång"}, lambda at: OldFont(at.cell("ho_ten"), ".VnTime")),
    Fault(67, None),
    Fault(68, "out-of-range", {"diem_chung": 32}),
    Fault(
        70, "computed-differs", {"diem_chung": Decimal("26.5"), "diem_nhiem_vu": Decimal(61), TOTAL: Decimal("88.5")}
    ),
    Fault(72, None, {"diem_chung": Decimal("26.5"), "diem_nhiem_vu": Decimal(61), TOTAL: Decimal("87.5")}),
    Fault(74, "number-unreadable", {"diem_chung": "hai mươi bảy"}),
    Fault(76, "number-english-style", {"diem_chung": "26.5"}),
    Fault(78, "too-many-decimals", {"diem_nhiem_vu": Decimal("58.333")}),
    Fault(80, "cell-not-calculated", {"diem_nhiem_vu": 61}, lambda at: Formula(at.cell("diem_nhiem_vu"), "SUM(44,17)")),
    Fault(82, "cell-error", {"don_vi": "…"}, lambda at: Broken(at.cell("don_vi"), 'VLOOKUP("00082",A1:B2,2,FALSE)')),
    Fault(84, "cell-error", {"don_vi": "#REF!"}),
    Fault(86, "level-against-points", {"muc_xep_loai": "HTXSNV", "diem_chung": 25, "diem_nhiem_vu": 55}, warns=True),
    Fault(88, "legacy-encoding", {"han_che": _MOJIBAKE}),
    Fault(101, "date-with-time", {"ngay_sinh": datetime(1980, 5, 16, 10, 30)}),
    Fault(
        110, "legacy-encoding", {"don_vi": "Coâng an xaõ Taân Hoøa"}, lambda at: OldFont(at.cell("don_vi"), "VNI-Times")
    ),
    Fault(123, "family-unserved", {"doi_tuong": "Cán bộ"}),
    Fault(125, "family-unserved", {"doi_tuong": None}),
    Fault(127, "not-yes-or-no", {"khoi_nhan_xet": "tùy"}),
    Fault(143, "year-unreadable", {"nam": "năm nay"}),
    Fault(148, None),
)
