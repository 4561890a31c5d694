"""The gate itself: good documents pass, every seeded fault is found by the step that is there for it."""

from __future__ import annotations

import pytest

from docgen.word.pdf import to_pdf
from tests.gate.faults import FAULTS, Fault
from tests.gate.look import page_count, page_texts
from tests.gate.sound import assert_quick, assert_sound, findings, quick_findings
from tests.gate.specimen import VALUES, good
from tests.gate.texts import assert_round_trip, document_text
from tests.gate.validators import audit, sdk, sdk_many

CHEAP = [fault for fault in FAULTS if fault.step in {"lint", "rules", "round trip"}]
BY_AUDIT = [fault for fault in FAULTS if fault.step == "audit"]
BY_SDK = [fault for fault in FAULTS if fault.step == "sdk"]


def _name(fault: Fault) -> str:
    return fault.name


@pytest.mark.needs_validator
def test_a_good_document_passes_every_step() -> None:
    assert_sound({"specimen": good()}, {"specimen": VALUES})


@pytest.mark.parametrize("fault", CHEAP, ids=_name)
def test_a_fault_is_found_without_any_program(fault: Fault) -> None:
    found = quick_findings(fault.seed(good()), VALUES)
    assert any(told.startswith(f"{fault.step}: ") for told in found), found


@pytest.mark.parametrize("fault", BY_AUDIT, ids=_name)
def test_a_fault_is_found_by_the_audit(fault: Fault) -> None:
    assert audit(good()) == []
    assert audit(fault.seed(good()))


@pytest.mark.needs_validator
def test_faults_are_found_by_the_sdk() -> None:
    broken = {fault.name: fault.seed(good()) for fault in BY_SDK}
    found = dict(zip(broken, sdk_many(list(broken.values())), strict=True))
    assert [name for name, told in found.items() if not told] == []
    assert sdk(good()) == []


@pytest.mark.needs_validator
def test_a_file_that_is_no_document_is_found_not_raised() -> None:
    assert findings({"junk": b"PK no document"})


def test_the_assertion_names_the_fault_and_the_document() -> None:
    broken = next(fault for fault in FAULTS if fault.name == "a field that never ends").seed(good())
    with pytest.raises(AssertionError, match=r"rules: word/document\.xml: 1 fields never end"):
        assert_quick(broken, VALUES)


def test_a_value_given_twice_must_stand_there_twice() -> None:
    assert_round_trip(good(), VALUES)
    with pytest.raises(AssertionError, match="given 2 times, found 1 times: 'Lê Thị Hồng Ánh'"):
        assert_round_trip(good(), {**VALUES, "nguoi_ky": "Lê Thị Hồng Ánh"})


def test_text_in_controls_tables_headers_and_footers_is_read() -> None:
    assert document_text(good()) == [
        "BẢN KIỂM ĐIỂM",
        "Họ và tên: Lê Thị Hồng Ánh",
        "Gương mẫu & thẳng thắn",
        "Chấp hành <nghiêm> kỷ luật",
        "Việc thứ nhất",
        "1",
        "Tiêu chí",
        "Điểm",
        "Tổng",
        "Người tự kiểm điểm",
        "Mẫu thử",
        "Đảng bộ xã Ví Dụ",
    ]


@pytest.mark.needs_libreoffice
def test_the_pages_are_counted_and_read() -> None:
    pdf = to_pdf(good())
    assert page_count(pdf) == 1
    assert "Lê Thị Hồng Ánh" in page_texts(pdf)[0]
