"""The samples tell one round of one đảng bộ, from guide to remedy: every figure, name, quotation and date agrees.

What is compared is read back out of the finished documents, not out of the records.
"""

from __future__ import annotations

import re
from collections import Counter
from fractions import Fraction
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pytest

import docgen
from docgen.papers import library
from docgen.papers.carry import carry
from docgen.papers.record import record
from docgen.viet.dates import parse_date
from docgen.viet.numbers import parse_integer
from tests.gate.texts import document_text
from tests.papers.specimens import FORMS, seen

if TYPE_CHECKING:
    from datetime import date

WARNED: dict[str, str] = {}
"""Which sample may keep which warning, with its reason. None does: a new entry must tell why."""
LEVELS = {
    "xuat_sac": "Hoàn thành xuất sắc nhiệm vụ",
    "tot": "Hoàn thành tốt nhiệm vụ",
    "hoan_thanh": "Hoàn thành nhiệm vụ",
    "khong_hoan_thanh": "Không hoàn thành nhiệm vụ",
}
COUNTS = (*LEVELS, "chua_xep_loai")
SCHOOL = "Trường Tiểu học Tân Hòa 2"
IN_ORDER = (
    ("huong-dan", "ngay_ky"),
    ("ke-hoach", "ngay_ky"),
    ("goi-y-kiem-diem-ca-nhan", "ngay_ky"),
    ("goi-y-kiem-diem-tap-the", "ngay_ky"),
    ("cong-van", "ngay_ky"),
    ("bao-cao-giai-trinh", "ngay_ky"),
    ("goi-y-kiem-diem-ca-nhan", "han_giai_trinh"),
    ("mau-2c-2025", "ngay_ky"),
    ("mau-2a-2025", "ngay_ky"),
    ("mau-2b-2025", "ngay_ky"),
    ("tu-nhan-dien-bieu-hien", "ngay_ky"),
    ("goi-y-kiem-diem-ca-nhan", "ngay_hoi_nghi"),
    ("bien-ban-hoi-nghi", "ngay_hop"),
    ("bien-ban-kiem-phieu", "ngay_hop"),
    ("tong-hop-de-xuat", "ngay_ky"),
    ("tong-hop-y-kien-gop-y", "ngay_gui"),
    ("tong-hop-y-kien-gop-y", "ngay_ky"),
    ("tong-hop-y-kien-gop-y", "ngay_hop"),
    ("mau-01-2025", "ngay_ky"),
    ("quyet-dinh-cong-nhan", "ngay_ky"),
    ("danh-sach-xep-loai", "ngay_quyet_dinh"),
    ("danh-sach-xep-loai", "ngay_ky"),
    ("danh-sach-chua-xep-loai", "ngay_ky"),
    ("danh-muc-ho-so", "ngay_ky"),
    ("bao-cao-ket-qua", "ngay_ky"),
    ("quyet-dinh-xep-loai-lai", "ngay_ky"),
    ("ke-hoach-khac-phuc", "ngay_ky"),
    ("tu-danh-gia-quy-2026", "ngay_ky"),
)
"""The dates of the round; a date may stand twice, never go back."""
CITED = re.compile(r"\b(\d+-(?:HD|KH|TB|CV|QĐ|BC|BB)/(?:ĐU|CB))(?:, ngày (\d{2}/\d{1,2}/\d{4}))?")
OWN_NUMBER = re.compile(r"Số (\d+-(?:HD|KH|TB|CV|QĐ|BC|BB)/(?:ĐU|CB))")
PROMPTED = ("goi-y-kiem-diem-ca-nhan", "bao-cao-giai-trinh", "mau-2a-2025", "bien-ban-hoi-nghi")
TOLD_AGAIN = (
    (r"(\d\d/41) chi bộ (?:\(14,6%\) )?sinh hoạt chuyên đề", ("mau-01-2025", "ke-hoach-khac-phuc", "bao-cao-ket-qua")),
    (r"(\d\d/57) kiến nghị", ("mau-01-2025", "ke-hoach-khac-phuc", "tong-hop-y-kien-gop-y")),
    (r"chậm (\d+) ngày", PROMPTED),
    (r"(\d{3}\.450\.\d+) đồng", (*PROMPTED, "goi-y-kiem-diem-tap-the")),
    (r"tháng 9/2025,? [^.;]*?(\d/4) kỳ", (*PROMPTED, "goi-y-kiem-diem-tap-the")),
    (r"(\d\d/\d\d) cuộc họp giao ban", PROMPTED),
)
"""What several papers tell: they all tell the same number."""
SHARE_OF = re.compile(r"(?<![\d/.])(\d[\d.]*)/(\d[\d.]*)(?![\d/])[^/();.]{0,70}\((\d+(?:,\d+)?)%\)")


@cache
def values(paper: str) -> Any:
    """The typed values of a sample."""
    form = library.form(paper)
    return record(form, library.sample(form)).values


@cache
def made(paper: str) -> docgen.Document:
    return docgen.document(paper, library.sample(library.form(paper)))


@cache
def controls(paper: str) -> dict[str, list[str]]:
    return seen(made(paper).content).controls


@cache
def text(paper: str) -> str:
    return "\n".join(document_text(made(paper).content))


def printed(paper: str, field: str) -> str:
    """What stands in the document in the place of a field."""
    found = set(controls(paper)[field])
    assert len(found) == 1, f"{paper}: {field}: {found}"
    return found.pop()


def column(paper: str, name: str) -> list[str]:
    """What the last list or table of a document shows in one column, from top to bottom."""
    shown = controls(paper)[name]
    return shown[-len(values(paper)[name.partition(".")[0]]) :]


def table(paper: str, name: str, *columns: str) -> list[dict[str, str]]:
    """Some columns of a table; every row shows each of them."""
    shown = zip(*(column(paper, f"{name}.{each}") for each in columns), strict=True)
    return [dict(zip(columns, row, strict=True)) for row in shown]


def number(shown: str) -> int:
    return parse_integer(shown)


def percentage(part: int, whole: int, places: int = 2) -> str:
    """The percentage, rounded half up by plain arithmetic, as Vietnamese papers write it."""
    units = (Fraction(part, whole) * 100 * 10**places * 2 + 1) // 2
    return f"{units // 10**places},{units % 10**places:0{places}}%"


def people(paper: str, name: str, level: str) -> dict[str, str]:
    """Name and level of each person of the school in a paper's list."""
    columns = ("ho_ten", level, *(["chi_bo"] if f"{name}.chi_bo" in controls(paper) else []))
    rows = table(paper, name, *columns)
    return {row["ho_ten"]: row[level] for row in rows if row.get("chi_bo", SCHOOL) == SCHOOL}


def counted(levels: dict[str, str]) -> dict[str, int]:
    found = Counter(levels.values())
    return {name: found[label] for name, label in LEVELS.items()}


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.id)
def test_no_sample_has_a_warning_that_is_not_explained(form: Any) -> None:
    told = [problem.message for problem in made(form.id).warnings]
    assert told == [WARNED[form.id]] if form.id in WARNED else told == []


def test_the_report_repeats_the_decision() -> None:
    columns = ("nhom", "tong_so", *COUNTS, "tot_tro_len", "ty_le_xuat_sac")
    report, decision = (
        {row["nhom"]: row for row in table(paper, name, *columns)}
        for paper, name in (("bao-cao-ket-qua", "thong_ke"), ("quyet-dinh-cong-nhan", "ket_qua"))
    )
    assert report == decision
    assert len(report) == 4


def test_the_branches_of_the_report_add_up_to_its_groups() -> None:
    groups = {row["nhom"]: row for row in table("bao-cao-ket-qua", "thong_ke", "nhom", "tong_so", *COUNTS)}
    branches = table("bao-cao-ket-qua", "theo_chi_bo", "muc_chi_bo", "tong_so", *COUNTS)
    for name in ("tong_so", *COUNTS):
        total = sum(number(row[name]) for row in branches)
        assert number(groups["Đảng viên"][name]) == total == number(printed("bao-cao-ket-qua", f"tc_{name}"))
    levels = Counter(row["muc_chi_bo"] for row in branches)
    assert {name: number(groups["Chi bộ trực thuộc"][name]) for name in LEVELS} == {
        name: levels[label] for name, label in LEVELS.items()
    }
    assert number(groups["Chi bộ trực thuộc"]["tong_so"]) == len(branches)


def test_every_percentage_of_the_report_follows_from_its_counts() -> None:
    shares = {
        "ty_le_tot": ("tot_tro_len", "tong_so"),
        "ty_le_xuat_sac": ("xuat_sac", "tot_tro_len"),
        "ty_le_hoan_thanh": ("hoan_thanh", "tong_so"),
        "ty_le_khong": ("khong_hoan_thanh", "tong_so"),
    }
    checked = 0
    for name in ("thong_ke", "theo_chi_bo"):
        known = [each for each in shares if f"{name}.{each}" in controls("bao-cao-ket-qua")]
        for row in table("bao-cao-ket-qua", name, *known, "tong_so", "tot_tro_len", *LEVELS):
            for share in known:
                part, whole = (number(row[each]) for each in shares[share])
                assert row[share] == percentage(part, whole), row
                checked += 1
    for share in ("ty_le_tot", "ty_le_xuat_sac"):
        part, whole = (number(printed("bao-cao-ket-qua", f"tc_{each}")) for each in shares[share])
        assert printed("bao-cao-ket-qua", f"tc_{share}") == percentage(part, whole)
    assert checked == 4 * 4 + 41 * 2
    assert set(re.findall(r"\d+,\d+%", text("bao-cao-ket-qua"))) <= {
        shown for name, found in controls("bao-cao-ket-qua").items() if "ty_le" in name for shown in found
    }


def test_members_are_counted_alike_in_guide_plan_decision_and_report() -> None:
    due, excused, new, all_ = (
        printed("bao-cao-ket-qua", name) for name in ("dv_phai_xep_loai", "dv_mien", "dv_moi_ket_nap", "tong_dang_vien")
    )
    groups = {row["nhom"]: row["tong_so"] for row in table("bao-cao-ket-qua", "thong_ke", "nhom", "tong_so")}
    assert due == groups["Đảng viên"]
    assert number(all_) == number(due) + number(excused) + number(new)
    for told in (f"{due} đảng viên", f"{excused} đảng viên được miễn", f"{new} đảng viên mới kết nạp"):
        assert told in text("huong-dan")
    led, posts = groups["Tập thể lãnh đạo, quản lý"], groups[max(groups, key=len)]
    for told in (f"{groups['Chi bộ trực thuộc']} chi bộ trực thuộc", f"{led} tập thể lãnh đạo, quản lý"):
        assert told in text("huong-dan")
        assert told in text("ke-hoach")
    assert f"{posts} cán bộ lãnh đạo, quản lý" in text("huong-dan")
    for paper in ("ke-hoach", "mau-01-2025"):
        assert f"{all_} đảng viên" in text(paper)


def test_votes_give_the_levels_that_are_proposed_and_decided() -> None:
    valid = number(printed("bien-ban-kiem-phieu", "phieu_hop_le"))
    votes = table("bien-ban-kiem-phieu", "ket_qua", "ho_ten", *COUNTS)
    for row in votes:
        assert sum(number(row[name]) for name in COUNTS) == valid, row
    first = {row["ho_ten"]: LEVELS[max(LEVELS, key=lambda name: number(row[name]))] for row in votes}
    second = table("bien-ban-kiem-phieu", "binh_chon", "ho_ten", "dong_y", "khong_dong_y")
    assert {row["ho_ten"] for row in second} == {name for name, level in first.items() if level == LEVELS["tot"]}
    assert all(number(row["dong_y"]) + number(row["khong_dong_y"]) == valid for row in second)
    best = {row["ho_ten"] for row in second if 2 * number(row["dong_y"]) > valid}
    levels = {name: LEVELS["xuat_sac"] if name in best else level for name, level in first.items()}
    assert people("bien-ban-kiem-phieu", "ket_qua", "muc") == levels
    assert people("tong-hop-de-xuat", "danh_sach", "xep_loai") == levels
    assert people("danh-sach-xep-loai", "danh_sach", "xep_loai") == levels
    assert len(best) == number(printed("phieu-binh-chon-xuat-sac", "so_toi_da")) == len(second) * 20 // 100


def test_the_school_has_one_result_in_five_papers() -> None:
    result = counted(people("danh-sach-xep-loai", "danh_sach", "xep_loai"))
    (meeting,) = [row for row in table("bien-ban-hoi-nghi", "ket_qua", "nhom", *LEVELS) if row["nhom"] == "Đảng viên"]
    (branch,) = [row for row in table("bao-cao-ket-qua", "theo_chi_bo", "chi_bo", *LEVELS) if row["chi_bo"] == SCHOOL]
    for name, count in result.items():
        assert count == number(meeting[name]) == number(branch[name])
        assert count == number(printed("bien-ban-kiem-phieu", f"so_{name}"))
        assert count == number(printed("tong-hop-de-xuat", f"so_{name}"))


def test_the_roster_is_the_same_in_minutes_and_ballots() -> None:
    voted = column("bien-ban-kiem-phieu", "ket_qua.ho_ten")
    assert column("phieu-xep-loai", "danh_sach.ho_ten") == voted
    assert column("phieu-binh-chon-xuat-sac", "danh_sach.ho_ten") == column("bien-ban-kiem-phieu", "binh_chon.ho_ten")
    assert number(printed("bien-ban-kiem-phieu", "so_trieu_tap")) == len(voted)
    meeting = ("so_trieu_tap", "so_co_mat", "so_vang_mat", "ly_do_vang", "chu_tri", "thu_ky", "ngay_hop", "gio_bat_dau")
    ballots = ("phieu_phat_ra", "phieu_thu_ve", "phieu_hop_le", "phieu_khong_hop_le", "dia_diem", "gio_ket_thuc")
    for name in (*meeting, *ballots):
        assert printed("bien-ban-hoi-nghi", name) == printed("bien-ban-kiem-phieu", name)
    tellers = column("bien-ban-kiem-phieu", "to_kiem_phieu.ho_ten")
    assert column("bien-ban-hoi-nghi", "to_kiem_phieu.ho_ten") == tellers
    assert {*tellers, printed("bien-ban-hoi-nghi", "chu_tri"), printed("bien-ban-hoi-nghi", "thu_ky")} <= set(voted)
    absent = printed("bien-ban-hoi-nghi", "ly_do_vang").partition(",")[0]
    assert absent in voted
    assert absent not in tellers


def test_the_lists_agree_with_the_branches_of_the_report() -> None:
    branches = {row["chi_bo"]: row for row in table("bao-cao-ket-qua", "theo_chi_bo", "chi_bo", *COUNTS)}
    listed = table("danh-sach-xep-loai", "danh_sach", "chi_bo", "xep_loai")
    for chi_bo in {row["chi_bo"] for row in listed}:
        found = Counter(row["xep_loai"] for row in listed if row["chi_bo"] == chi_bo)
        assert {name: number(branches[chi_bo][name]) for name in LEVELS} == {
            name: found[label] for name, label in LEVELS.items()
        }
    found = Counter(row["xep_loai"] for row in listed)
    for name, label in LEVELS.items():
        assert number(printed("danh-sach-xep-loai", f"so_{name}")) == found[label]
    open_ = Counter(column("danh-sach-chua-xep-loai", "danh_sach.chi_bo"))
    assert open_ == {
        name: number(row["chua_xep_loai"]) for name, row in branches.items() if row["chua_xep_loai"] != "0"
    }
    assert f"{printed('danh-sach-chua-xep-loai', 'tong_so')} đảng viên chưa xếp loại" in text("bao-cao-ket-qua")


def test_who_is_rated_again_stood_in_the_list_with_the_old_level() -> None:
    named = printed("quyet-dinh-xep-loai-lai", "ten_doi_tuong")
    rows = table("danh-sach-xep-loai", "danh_sach", "ho_ten", "nam_sinh", "chi_bo", "xep_loai")
    (row,) = [row for row in rows if row["ho_ten"] in named and row["nam_sinh"] in named]
    assert row["chi_bo"] in named
    assert row["xep_loai"] == printed("quyet-dinh-xep-loai-lai", "muc_cu")
    assert printed("quyet-dinh-xep-loai-lai", "muc_moi") != row["xep_loai"]


def test_prompts_are_answered_word_for_word_up_to_section_iv() -> None:
    prompts = table("goi-y-kiem-diem-ca-nhan", "goi_y", "ma", "noi_dung")
    assert table("bao-cao-giai-trinh", "giai_trinh", "ma", "noi_dung") == prompts
    section = printed("mau-2a-2025", "giai_trinh").split("\n")
    answers = [line for line in section if line.startswith("Nội dung ")]
    assert len(answers) == len(prompts)
    for answer, prompt in zip(answers, prompts, strict=True):
        assert answer.startswith(f"Nội dung {prompt['ma']}: “{prompt['noi_dung']}” ")
    own = {row["ma"] for row in table("goi-y-kiem-diem-tap-the", "goi_y", "ma")}
    assert set(re.findall(r"GY-TT-\d+", text("bao-cao-giai-trinh"))) <= own
    given = (printed("bao-cao-ket-qua", name) for name in ("so_tap_the_goi_y", "so_ca_nhan_goi_y"))
    assert [number(each) for each in given] == [1, 1]


def test_carrying_the_prompts_on_gives_what_the_sample_answers() -> None:
    begun = carry(
        "goi-y-kiem-diem-ca-nhan",
        library.sample(library.form("goi-y-kiem-diem-ca-nhan")),
        library.form("bao-cao-giai-trinh"),
    ).values
    sample = library.sample(library.form("bao-cao-giai-trinh"))
    assert [(row["ma"], row["noi_dung"]) for row in begun["giai_trinh"]] == [
        (row["ma"], row["noi_dung"]) for row in sample["giai_trinh"]
    ]
    same = ("nam", "ho_ten", "chuc_vu", "ben_goi_y", "ngay_goi_y", "han_giai_trinh", "ma_goi_y")
    assert {name: begun[name] for name in same} == {name: sample[name] for name in same}


def test_every_shortcoming_of_the_report_has_its_row_in_the_plan() -> None:
    shortcomings = printed("mau-01-2025", "han_che").split("\n")
    assert column("ke-hoach-khac-phuc", "khac_phuc.han_che") == shortcomings
    listed = [line.removeprefix("- ") for line in printed("ke-hoach-khac-phuc", "han_che").split("\n")]
    assert listed == shortcomings
    assert printed("mau-01-2025", "tap_the") == printed("ke-hoach-khac-phuc", "tap_the")


def test_opinions_are_counted_by_what_became_of_them() -> None:
    became = Counter(column("tong-hop-y-kien-gop-y", "gop_y.xu_ly"))
    told = {"Tiếp thu": "so_tiep_thu", "Tiếp thu một phần": "so_tiep_thu_mot_phan", "Giải trình": "so_giai_trinh"}
    assert became == {label: number(printed("tong-hop-y-kien-gop-y", name)) for label, name in told.items()}
    assert became.total() == number(printed("tong-hop-y-kien-gop-y", "so_y_kien"))
    points = [printed("mau-01-2025", name) for name in ("tong_diem", "diem_chung", "diem_nhiem_vu")]
    assert "{} điểm ({} điểm và {} điểm)".format(*points) in text("tong-hop-y-kien-gop-y")


def test_no_date_of_the_round_goes_back() -> None:
    days = [(paper, name, values(paper)[name]) for paper, name in IN_ORDER]
    assert [(earlier, later) for earlier, later in pairwise(days) if earlier[2] > later[2]] == []


def issued() -> dict[str, date]:
    """Number and date of every paper of the round that bears a number."""
    found = {}
    for form in FORMS:
        own = OWN_NUMBER.search(text(form.id)) if form.dated_by else None
        if own and form.dated_by:
            found[own[1]] = values(form.id)[form.dated_by]
    return found


def test_papers_cite_each_other_by_the_right_number_and_date() -> None:
    known, cited = issued(), Counter[str]()
    assert len(known) == 12
    for form in FORMS:
        if (form.first_year or 2025) < 2025:
            continue
        for own, day in CITED.findall(text(form.id)):
            assert own in known, f"{form.id} cites {own}"
            assert not day or parse_date(day) == known[own], f"{form.id} cites {own} of {day}"
            cited[own] += 1
            if form.dated_by:
                assert known[own] <= values(form.id)[form.dated_by], f"{form.id} cites {own}, which came later"
    assert {own for own, times in cited.items() if times > 1} >= {
        "05-HD/ĐU",
        "61-KH/ĐU",
        "47-TB/ĐU",
        "48-TB/ĐU",
        "112-QĐ/ĐU",
    }
    for row in values("danh-muc-ho-so")["bang_ke"]:
        if row["so_ky_hieu"] in known:
            assert row["ngay"] == known[row["so_ky_hieu"]]


@pytest.mark.parametrize(("pattern", "papers"), TOLD_AGAIN)
def test_what_several_papers_tell_has_one_number(pattern: str, papers: tuple[str, ...]) -> None:
    found = {paper: set(re.findall(pattern, text(paper))) for paper in papers}
    assert len(set.union(*found.values())) == 1, found
    assert all(found.values()), found


def test_every_share_that_a_person_wrote_follows_from_its_counts() -> None:
    found = [(form.id, *hit) for form in FORMS for hit in SHARE_OF.findall(text(form.id))]
    assert len(found) > 15
    for paper, part, whole, share in found:
        places = len(share.partition(",")[2])
        right = percentage(number(part), number(whole), places) if places else f"{100 * number(part) // number(whole)}%"
        assert f"{share}%" == right, f"{paper}: {part}/{whole} is {right}, not {share}%"
