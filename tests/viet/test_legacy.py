"""Old encodings: tables against iconv, round trips, what is recognised and what is left alone."""

from __future__ import annotations

import subprocess
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from docgen.viet import legacy
from docgen.viet.legacy import Encoding, convert, font_encoding, is_unicode, recognise

LETTERS = "àảãáạăằẳẵắặâầẩẫấậèẻẽéẹêềểễếệìỉĩíịòỏõóọôồổỗốộơờởỡớợùủũúụưừửữứựỳỷỹýỵđ"
TEXTS = [
    "Nguyễn Văn Đức",
    "Trần Thị Mơ",
    "Uỷ ban nhân dân xã Hoa Sen",
    "cộng hoà xã hội chủ nghĩa Việt Nam",
    "được biểu dương, kỷ luật; thuỷ lợi",
    "chưa sâu sát với quần chúng, còn nể nang",
]


def to_tcvn3(text: str) -> str:
    back = {letter: chr(byte) for byte, letter in legacy._TCVN3.items()}
    return "".join(back.get(letter, letter) for letter in text)


def to_vni(text: str) -> str:
    back = {letter: written for written, letter in reversed(list(legacy._VNI.items()))}
    return "".join(back.get(letter, letter) for letter in text)


def to_mojibake(text: str) -> str:
    return "".join(bytes([byte]).decode("cp1252", "ignore") or chr(byte) for byte in text.encode())


def to_1258(text: str) -> str:
    tones = {
        mark: bytes([byte])
        for byte in range(256)
        if (mark := bytes([byte]).decode("cp1258", "ignore")) in legacy._TONES and mark
    }
    written = b""
    for letter in text:
        marked = unicodedata.normalize("NFD", letter)
        tone = next((mark for mark in marked if mark in tones), "")
        written += unicodedata.normalize("NFC", marked.replace(tone, "") if tone else marked).encode(
            "cp1258"
        ) + tones.get(tone, b"")
    return written.decode("cp1252")


WRITERS = {"tcvn3": to_tcvn3, "vni": to_vni, "mojibake": to_mojibake, "cp1258": to_1258}


def test_the_table_of_tcvn3_agrees_with_iconv() -> None:
    written = bytes(legacy._TCVN3)
    done = subprocess.run(["iconv", "-f", "TCVN5712-1", "-t", "UTF-8"], input=written, capture_output=True, check=True)
    assert done.stdout.decode() == convert(written.decode("latin-1"), "tcvn3")


@pytest.mark.parametrize("encoding", legacy.ENCODINGS)
@pytest.mark.parametrize("text", TEXTS)
def test_a_text_comes_back(text: str, encoding: Encoding) -> None:
    written = WRITERS[encoding](text)
    assert written != text
    assert convert(written, encoding) == text


@pytest.mark.parametrize("encoding", legacy.ENCODINGS)
def test_every_letter_comes_back(encoding: Encoding) -> None:
    for letter in LETTERS:
        assert convert(WRITERS[encoding](letter), encoding) == letter


@pytest.mark.parametrize("letter", "ĂÂÊÔƠƯĐÁẰỂỢỮỲÍỊĨ")
def test_vni_capitals_come_back(letter: str) -> None:
    assert convert(to_vni(letter), "vni") == letter


SPECIMENS: list[tuple[str, Encoding, str]] = [
    ("Uû ban nh©n d©n", "tcvn3", "Uỷ ban nhân dân"),
    ("NguyÔn V¨n §øc", "tcvn3", "Nguyễn Văn Đức"),
    ("NGUYÔN V¡N §øC", "tcvn3", "NGUYỄN VĂN ĐỨC"),
    ("Lª ThÞ Hµ", "tcvn3", "Lê Thị Hà"),
    ("®­îc", "tcvn3", "được"),
    ("Nguyeãn Vaên Ñöùc", "vni", "Nguyễn Văn Đức"),
    ("NGUYEÃN VAÊN ÑÖÙC", "vni", "NGUYỄN VĂN ĐỨC"),
    ("Traàn Thò AÙnh", "vni", "Trần Thị Ánh"),
    ("Nguyá»…n VÄƒn", "mojibake", "Nguyễn Văn"),
    ("Thiò Mõ", "cp1258", "Thị Mơ"),
]  # fmt: skip


@pytest.mark.parametrize(("written", "encoding", "text"), SPECIMENS)
def test_specimens(written: str, encoding: Encoding, text: str) -> None:
    assert convert(written, encoding) == text


def test_a_capital_font_makes_capitals() -> None:
    guess = recognise(["NguyÔn V¨n §øc"], ".VnTimeH")
    assert guess
    assert guess.capitals
    assert guess.convert("NguyÔn V¨n §øc") == "NGUYỄN VĂN ĐỨC"


@pytest.mark.parametrize("encoding", legacy.ENCODINGS)
def test_each_encoding_is_recognised_by_its_words(encoding: Encoding) -> None:
    written = [WRITERS[encoding](text) for text in TEXTS]
    guess = recognise([*written, "ghi chú"])
    assert guess is not None
    assert guess.encoding == encoding
    assert all(guess.marks(text) for text in written)
    assert not guess.marks("ghi chú")


@pytest.mark.parametrize(
    ("font", "encoding"),
    [(".VnTime", "tcvn3"), (".VnArialH", "tcvn3"), ("VNI-Times", "vni"), ("Arial", None), (None, None)],
)
def test_what_a_font_was_made_for(font: str | None, encoding: Encoding | None) -> None:
    assert font_encoding(font) == encoding


def test_one_word_is_enough_only_where_the_font_or_the_neighbours_say_the_same() -> None:
    assert recognise(["V¨n"]) is None
    assert recognise(["V¨n"], ".VnTime")
    assert recognise(["V¨n"], expected="tcvn3")
    assert recognise(["V¨n"], "VNI-Times") is None


LEFT_ALONE = [
    TEXTS,
    [text.upper() for text in TEXTS],
    [unicodedata.normalize("NFD", text) for text in TEXTS],
    ["hoà bình, thuý, hoá, Hoà, Thuỷ, loà xoà, quý, gì, giữ gìn"],
    ["José Müller", "Noël naïve", "São Paulo", "Zürich", "Ngô Đình Françoise"],
    ["5 m² §7", "37°C ±2 ½ µm", "Nº 5 Nº 6", "© 2025 ®", "«An» «Ba» «Hà»"],
    ["“Học tập” – ‘làm theo’… 50 €"],
    ["H'Đrông Niê", "Siu Hơ Kbuôr", "Y Bđăm"],
    ["Hà–Lý, Tý/Tuấn, Có/Không"],
    ["", "abc", "123"],
]


@pytest.mark.parametrize("texts", LEFT_ALONE, ids=range(len(LEFT_ALONE)))
def test_what_is_no_old_text_is_left_alone(texts: list[str]) -> None:
    assert recognise(texts) is None


@given(
    st.lists(
        st.text(st.sampled_from(LETTERS + LETTERS.upper() + "bcghklmnpqrstvx .,-()/0123"), max_size=30), max_size=10
    )
)
def test_vietnamese_letters_in_any_order_are_unicode(texts: list[str]) -> None:
    assert recognise(texts) is None


@given(st.text(max_size=60), st.sampled_from(legacy.ENCODINGS))
def test_any_text_can_be_asked_about_and_converted(text: str, encoding: Encoding) -> None:
    recognise([text], ".VnTime")
    assert unicodedata.is_normalized("NFC", convert(text, encoding))


def test_letters_that_only_unicode_has() -> None:
    assert is_unicode("Mạnh")
    assert is_unicode(unicodedata.normalize("NFD", "Mạnh"))
    assert not is_unicode("Hà Lý")
    assert not is_unicode("NguyÔn")


LONG_COLUMN = tuple(f"Đồng chí số {number} đã dự đủ các kỳ sinh hoạt" for number in range(3_000))


@pytest.mark.parametrize(
    ("more", "found"),
    [
        ((), None),
        (("Sửa 300 m² đường thôn",), None),
        (("Sửa 300 m² đường thôn", "§ 5, mục 2"), None),
        (("NguyÔn V¨n §øc",), "tcvn3"),
        (("Nguyeãn Vaên Ñöùc",), "vni"),
        (("Nguyá»…n VÄƒn Đức",), "mojibake"),
    ],
)
def test_one_odd_sign_in_a_long_column_proves_nothing_and_one_old_text_does(
    more: tuple[str, ...], found: str | None
) -> None:
    guess = recognise([*LONG_COLUMN, *more])
    assert (guess.encoding if guess else None) == found
