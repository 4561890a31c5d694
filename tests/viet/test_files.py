"""File names: safe on Windows and on shares, stable, readable."""

from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from docgen.viet.files import MAX_BYTES, NAMELESS, file_name

SPECIMENS = [
    ("Nguyễn Văn An", "Nguyen Van An.docx", "Nguyễn Văn An.docx"),
    ("Đặng Thị Thuỷ_1985", "Dang Thi Thuy_1985.docx", "Đặng Thị Thuỷ_1985.docx"),
    (unicodedata.normalize("NFD", "Lê Hoà"), "Le Hoa.docx", "Lê Hoà.docx"),
    ("Mau 16_QLBMB_Quy III-2026", "Mau 16_QLBMB_Quy III-2026.docx", "Mau 16_QLBMB_Quy III-2026.docx"),
    ("12-QĐ/ĐU", "12-QD-DU.docx", "12-QĐ-ĐU.docx"),
    ('a<b>c:d"e/f\\g|h?i*j', "a-b-c-d-e-f-g-h-i-j.docx", "a-b-c-d-e-f-g-h-i-j.docx"),
    ("../../x", "x.docx", "x.docx"),
    ("/etc/x", "etc-x.docx", "etc-x.docx"),
    ("C:\\x", "C-x.docx", "C-x.docx"),
    ("\\\\host\\share", "host-share.docx", "host-share.docx"),
    ("..", f"{NAMELESS}.docx", f"{NAMELESS}.docx"),
    ("", f"{NAMELESS}.docx", f"{NAMELESS}.docx"),
    (" . - ", f"{NAMELESS}.docx", f"{NAMELESS}.docx"),
    ("CON", "_CON.docx", "_CON.docx"),
    ("nul.tar", "_nul.tar.docx", "_nul.tar.docx"),
    ("Com1 .x", "_Com1 .x.docx", "_Com1 .x.docx"),
    ("LPT¹", "LPT.docx", "_LPT¹.docx"),
    ("Cón", "_Con.docx", "Cón.docx"),
    ("Control", "Control.docx", "Control.docx"),
    ("-rf", "rf.docx", "rf.docx"),
    (".htaccess", "htaccess.docx", "htaccess.docx"),
    ("~$mau", "mau.docx", "mau.docx"),
    ("tên. ", "ten.docx", "tên.docx"),
    ("a\x00b\nc\u202ed\u200be", "a b cde.docx", "a b cde.docx"),
    ("a\ud800b", "ab.docx", "ab.docx"),
    ("中文", f"{NAMELESS}.docx", "中文.docx"),
    ("Hồ sơ 中文 số 1", "Ho so - so 1.docx", "Hồ sơ 中文 số 1.docx"),
    ("An 👍", "An.docx", "An 👍.docx"),
    ("{{ ten }} & %s", "{{ ten }} & %s.docx", "{{ ten }} & %s.docx"),
]


@pytest.mark.parametrize(("stem", "plain", "accented"), SPECIMENS)
def test_specimens(stem: str, plain: str, accented: str) -> None:
    assert file_name(stem, "docx") == plain
    assert file_name(stem, ".docx", accented=True) == accented


def test_folders_have_no_extension() -> None:
    assert file_name("Chi bộ Trường Tiểu học", "") == "Chi bo Truong Tieu hoc"
    assert file_name("AUX", "") == "_AUX"


def test_long_names_are_cut_by_bytes_between_letters() -> None:
    name = file_name("ễ" * 90, "docx", accented=True)
    assert name == "ễ" * 65 + ".docx"
    assert len(name.encode()) <= MAX_BYTES
    assert file_name("ễ" * 300, "docx") == "e" * 195 + ".docx"


RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)\s*(\.|$)", re.IGNORECASE)


@settings(deadline=None)
@given(
    st.one_of(st.text(), st.text(alphabet='.-~$ /\\:CONnulLPT1\u00b9ễđĐ\u0301\u200b"')),
    st.sampled_from(["docx", ""]),
    st.booleans(),
)
def test_every_name_is_safe_and_stable(stem: str, extension: str, accented: bool) -> None:
    name = file_name(stem, extension, accented=accented)
    assert 0 < len(name.encode()) <= MAX_BYTES
    assert not set('<>:"/\\|?*') & set(name)
    assert not any(unicodedata.category(letter) in ("Cc", "Cf", "Cs") for letter in name)
    assert name[0] not in " .-~"
    assert name[-1] not in " ."
    assert ".." not in name
    assert RESERVED.match(name) is None
    assert accented or name.isascii()
    assert unicodedata.is_normalized("NFC", name)
    bare = name.removesuffix(f".{extension}") if extension else name
    assert file_name(bare, extension, accented=accented) == name
