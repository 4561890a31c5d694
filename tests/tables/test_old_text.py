"""Old text in a list: told per column with a sample, converted only when asked for, never guessed at."""

from __future__ import annotations

from typing import Any

import pytest

from tests.tables.books import book, codes, faults, noted, read, values, xlsx

HEADS = ["Mã", "Họ và tên", "Quê quán"]
OLD = [["001", "NguyÔn V¨n §øc", "Hµ Néi"], ["002", "TrÇn ThÞ M¬", "H¶i D­¬ng"]]
NEW = [["001", "Nguyễn Văn Đức", "Hà Nội"], ["002", "Trần Thị Mơ", "Hải Dương"]]


def test_old_text_makes_rows_faulty_and_is_told_with_a_sample() -> None:
    content = xlsx([HEADS, *OLD, ["003", "An", "Huê"]])
    assert values(content) == []
    assert faults(content)[:2] == [(2, "B", "legacy-encoding"), (2, "C", "legacy-encoding")]
    note = next(note for note in read(content).notes if note.column == "B")
    assert "đọc là" in note.what
    assert "--convert tcvn3" in note.cure


@pytest.mark.parametrize("convert", ["tcvn3", "auto"])
def test_old_text_is_converted_when_asked_for(convert: str) -> None:
    content = xlsx([HEADS, *OLD])
    assert values(content, convert=convert) == NEW
    assert "Đã chuyển 2 ô" in noted(content, convert=convert)["legacy-converted"]


def test_another_encoding_than_asked_for_is_not_converted() -> None:
    assert values(xlsx([HEADS, *OLD]), convert="vni") == []


def test_vni_and_spoilt_text_are_converted() -> None:
    vni = [["001", "Nguyeãn Vaên Ñöùc", "Haø Noäi"], ["002", "Traàn Thò Mô", "Haûi Döông"]]
    assert values(xlsx([HEADS, *vni]), convert="vni") == NEW
    spoilt = [[cell.encode().decode("latin-1") for cell in row] for row in NEW]
    assert values(xlsx([HEADS, *spoilt]), convert="auto") == NEW
    (note,) = {note.cure for note in read(xlsx([HEADS, *spoilt])).notes}
    assert "--convert auto" in note


def test_unicode_headings_over_old_text_stay_and_old_headings_are_converted() -> None:
    content = xlsx([["Mã", "Tên", "N¨m sinh"], *OLD])
    assert [heading.text for heading in read(content, convert="auto").headings] == ["Mã", "Tên", "Năm sinh"]


def test_old_headings_are_told_instead_of_not_found() -> None:
    content = xlsx([["M·", "Hä vµ tªn", "Quª qu¸n"], *OLD])
    assert set(codes(content, headings=HEADS.__contains__)) == {"legacy-encoding"}
    assert values(content, headings=HEADS.__contains__, convert="auto") == NEW


def test_in_a_mixed_column_only_what_is_certain_is_converted() -> None:
    rows = [HEADS, *OLD, ["003", "Lê Thị Hạnh", ""], ["004", "Bé", ""], ["005", "Vò", ""]]
    content = xlsx(rows)
    assert [row[1] for row in values(content, convert="auto")] == ["Nguyễn Văn Đức", "Trần Thị Mơ", "Lê Thị Hạnh"]
    assert faults(content, convert="auto") == [(5, "B", "legacy-doubtful"), (6, "B", "legacy-doubtful")]


def test_a_doubtful_text_in_a_column_of_old_ones_is_old() -> None:
    rows = [["Mã", "Tên"], ["1", "NguyÔn V¨n"], ["2", "Vò"]]
    assert values(xlsx(rows), convert="auto") == [["1", "Nguyễn Văn"], ["2", "Vũ"]]


def test_a_column_of_doubtful_texts_alone_is_never_converted() -> None:
    rows = [["Mã", "Tên", "Họ"], ["1", "NguyÔn V¨n", "Vò"]]
    assert faults(xlsx(rows), convert="tcvn3") == [(2, "C", "legacy-doubtful")]


def test_one_old_cell_in_a_unicode_list_spoils_its_own_row_only() -> None:
    rows = [["Mã", "Tên", "Ghi chú"], ["1", "Lê Thị Hạnh", "Có"], ["2", "NguyÔn V¨n", "Có"], ["3", "Trần Mơ", "Có"]]
    assert faults(xlsx(rows)) == [(3, "B", "legacy-encoding")]
    assert len(values(xlsx(rows))) == 2


def test_the_font_is_believed_first() -> None:
    def write(workbook: Any) -> None:
        page = workbook.add_worksheet("A")
        page.write_row(0, 0, ["Mã", "Tên", "Bí danh"])
        page.write_string(1, 0, "1")
        page.write_string(1, 1, "V¨n", workbook.add_format({"font_name": ".VnTimeH"}))
        page.write_string(1, 2, "Mạnh", workbook.add_format({"font_name": ".VnTime"}))

    assert values(book(write), convert="auto") == [["1", "VĂN", "Mạnh"]]
    assert faults(xlsx([["Mã", "Tên"], ["1", "V¨n"]])) == []


def test_old_text_in_csv() -> None:
    text = "\n".join(",".join(row) for row in [HEADS, *OLD]).encode()
    assert values(text, "ds.csv", convert="auto") == NEW


def test_old_text_in_the_common_values_stops_the_list() -> None:
    common = [["Đảng bộ", "X· Hoa Sen, huyÖn Sen Hång"]]
    content = xlsx([["Mã"], ["1"]], Chung=common)
    assert codes(content) == ["legacy-encoding"]
    assert read(content, convert="auto").common["Đảng bộ"] == "Xã Hoa Sen, huyện Sen Hồng"
