"""What the tests of faults merge: a list, and the same list later, over what the first merge has made."""

from __future__ import annotations

from tests.batch import small

PLACES = ("o", "o.zip")
"""The two kinds of output that hold a file for each row, below a folder of their own."""
PRINT = "o.docx"
"""The one in which all stand behind each other."""
TROUBLED = [("o", False), ("o", True), ("o.zip", True), (PRINT, True)]
"""Where trouble is made at each step; in all but the first over what an earlier merge has made."""


def first_list() -> list[small.Row]:
    """Five people, one of whom cannot be printed."""
    rows = small.people(5)
    rows[3]["Họ và tên"] = ""
    return rows


def second_list(place: str) -> list[small.Row]:
    """The same list later: one row mended, one changed, two who swapped names, one new and one bad; one is gone.

    A print file gives nobody up, so there all of them stay.
    """
    rows = small.people(7)
    rows[1]["Nội dung"] = "đổi rồi"
    rows[2]["Họ và tên"], rows[4]["Họ và tên"] = rows[4]["Họ và tên"], rows[2]["Họ và tên"]
    rows[2]["Chi bộ"] = rows[4]["Chi bộ"]
    rows[6]["Họ và tên"] = ""
    return rows if place == PRINT else rows[1:]
