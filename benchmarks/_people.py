"""Invented party members, any number of them, the same ones every time: for the sample lists, tests and measurements.

Nobody here is real. Who a person is follows from the person's number alone: 150 people in nine chi bộ make one đảng bộ,
and the next number begins the next one. Leaders, others and people outside the political system answer to the three
forms of the family `kiem-diem-ca-nhan` from 2025 on; scores fit levels, parts fit sums, dates stand in order.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from itertools import islice
from typing import TYPE_CHECKING, Any, Final

from benchmarks._draws import Draws
from benchmarks._people_texts import OUTSIDE, Length, Level, Writer, answers, facts_of, remarks, trades, words
from docgen.rules.choices import options

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

FAMILY: Final = "kiem-diem-ca-nhan"
FIRST_YEAR: Final = 2025
"""The forms of earlier years ask for other things."""
OTHERS: Final = "khong-lanh-dao"
SHORT: Final = ("chi_bo", "nam", "ho_ten", "ngay_sinh", "don_vi", "diem_chung", "diem_nhiem_vu", "muc_xep_loai")
LONG: Final = ("pham_chat", "nhiem_vu", "cam_ket", "han_che", "nguyen_nhan", "khac_phuc_ky_truoc", "phuong_huong")
COLUMNS: Final = (*SHORT, *LONG)
"""The 15 columns of `rows`, fields of `mau-2b-2025`."""
_POINTS: Final[Mapping[Level, tuple[int, int]]] = {
    "xuat_sac": (90, 96),
    "tot": (72, 89),
    "hoan_thanh": (52, 69),
    "khong": (34, 48),
}
"""Least and most points of a level (Quy định 366-QĐ/TW, Điều 11), with a margin for half points."""
_HALF = Decimal("0.5")
_GENERAL_MOST, _GENERAL_SHARE = 30, 30
_DAYS_OF_WRITING, _DECEMBER = 8, 12
_AS_ALL_DO = 85
"""Per cent of the people who write a date as most of their chi bộ do."""
_STRIDE: Final = 239
"""Leads through all the names of communes (a prime, so no name comes twice) without neighbours that sound alike."""

_WAYS: Final[tuple[Callable[[date], str], ...]] = (
    lambda day: f"{day.day:02}/{day.month:02}/{day.year}",
    lambda day: f"{day.day}/{day.month}/{day.year}",
    lambda day: f"{day.day:02}-{day.month:02}-{day.year}",
    lambda day: f"{day.day}.{day.month}.{day.year}",
    lambda day: f"{day.day:02} / {day.month:02} / {day.year}",
    lambda day: f"ngày {day.day} tháng {day.month} năm {day.year}",
)
"""How people write a date; most of a chi bộ write it as its secretary does."""


@dataclass(frozen=True)
class _Seat:
    """A place in a đảng bộ: the chi bộ and the trade of whoever takes it."""

    chi_bo: Mapping[str, Any]
    members: int
    trade: Mapping[str, Any]


@dataclass(frozen=True)
class Person:
    """One invented person, before anything is written."""

    number: int
    year: int
    commune: int
    """The number of the đảng bộ, from 0."""
    chi_bo: str
    workplace: str
    draw: Draws
    seat: _Seat
    name: str
    born: date
    level: Level

    @property
    def code(self) -> str:
        """The person's number with leading zeros, as member lists have it."""
        return f"{self.number:05}"

    @property
    def subject(self) -> str:
        """`lanh-dao`, `khong-lanh-dao` or `ngoai-he-thong`."""
        return str(self.seat.trade["doi_tuong"])


def people(count: int, *, year: int = FIRST_YEAR) -> Iterator[dict[str, object]]:
    """Records of the family `kiem-diem-ca-nhan`, complete and in the order of their chi bộ.

    Values are text as people write it, but `nam` (int): birth dates in several ways, points with a decimal comma,
    answers with a line for each paragraph, '' where nothing was written.

    Args:
        count: how many; the first are always the same.
        year: the year reviewed, from 2025 on.

    Raises:
        ValueError: an earlier year, whose forms have other fields.
    """
    if year < FIRST_YEAR:
        raise ValueError(f"the forms before {FIRST_YEAR} have other fields")
    return (member(number, year=year) for number in range(1, count + 1))


def member(number: int, *, year: int = FIRST_YEAR) -> dict[str, object]:
    """The record of the person of this number (from 1), as `people` gives it."""
    return _record(person(number, year))


def rows(count: int, *, year: int = FIRST_YEAR) -> Iterator[dict[str, object]]:
    """Rows of a list for `mau-2b-2025` with the 15 `COLUMNS`, 1.5 to 2.5 kB of text each, as an Excel file holds them.

    Args:
        count: how many.
        year: the year reviewed.
    """
    return islice(_rows(year), count)


def _rows(year: int) -> Iterator[dict[str, object]]:
    number = 0
    while number := number + 1:
        if _seat_of(number)[1].trade["doi_tuong"] == OTHERS:
            who = person(number, year)
            given = {**_short_values(who), **answers(_writer(who, "middle"))}
            given |= {"ngay_sinh": who.born, "diem_chung": _points(who)[0], "diem_nhiem_vu": _points(who)[1]}
            yield {name: given[name] for name in COLUMNS}


# ---------------------------------------------------------------- who


@cache
def _seats() -> tuple[_Seat, ...]:
    """The seats of one đảng bộ in order."""
    return tuple(
        _Seat(chi_bo, sum(many for _, many in chi_bo["nghe"]), trades()[trade])
        for chi_bo in words()["chi_bo"]
        for trade, many in chi_bo["nghe"]
        for _ in range(many)
    )


def _seat_of(number: int) -> tuple[int, _Seat]:
    commune, place = divmod(number - 1, len(_seats()))
    return commune, _seats()[place]


def person(number: int, year: int = FIRST_YEAR) -> Person:
    """The person of this number (from 1)."""
    commune, seat = _seat_of(number)
    draw = Draws(number)
    place = commune_name(commune)
    chi_bo = seat.chi_bo["ten"].format(xa=place)
    if commune and place not in chi_bo:
        chi_bo = f"{chi_bo} ({place})"
    born = _born(draw, seat.trade, year)
    settled = _settled().get(number)
    name = settled["ho_ten"] if settled else _name(draw, seat.trade, year - born.year)
    workplace = seat.chi_bo["noi"].format(xa=place)
    return Person(number, year, commune, chi_bo, workplace, draw, seat, name, born, _level(draw, seat.trade))


@cache
def commune_name(commune: int) -> str:
    """The name of the xã of this number, from 0."""
    made = words()["xa"]
    if not commune:
        return str(made["dau_tien"])
    made_up = (f"{first} {second}" for first in made["truoc"] for second in made["sau"] if first != second)
    pairs = [name for name in made_up if name != made["dau_tien"]]
    again, place = divmod(commune - 1, len(pairs))
    name = pairs[place * _STRIDE % len(pairs)]
    return f"{name} {again + 1}" if again else name


@cache
def _settled() -> dict[int, dict[str, Any]]:
    return {each["so"]: each for each in words()["dat_san"]}


@cache
def _families() -> list[str]:
    return [name for name, many in words()["ho"].items() for _ in range(many)]


def _name(draw: Draws, trade: Mapping[str, Any], age: int) -> str:
    """A name as people of this age have it: older women are «Thị» with one given word, younger ones often have two."""
    made = words()["ten"]
    sex = "nu" if draw.chance("nu", round(100 * trade["nu"])) else "nam"
    family = draw.one("ho", _families())
    if draw.chance("hai_tieng", 8 if age >= 45 else 30):
        given = draw.one("doi", made[f"doi_{sex}"])
        if draw.chance("dai", 12):
            middle = "Thị" if sex == "nu" else "Đình"
            return f"{family} {draw.one('ho_hai', made['ho_thu_hai'])} {middle} {given}"
        return f"{family} {'Thị ' if sex == 'nu' and draw.chance('thi', 35) else ''}{given}"
    if sex == "nam" and draw.chance("khong_dem", 4):
        return f"{family} {draw.one('don', made['don_nam'])}"
    return f"{family} {draw.one('dem', made[f'dem_{sex}'])} {draw.one('don', made[f'don_{sex}'])}"


def _born(draw: Draws, trade: Mapping[str, Any], year: int) -> date:
    age = draw.integer("tuoi", *trade["tuoi"])
    return date(year - age, 1, 1) + timedelta(days=draw.integer("ngay_sinh", 0, 364))


def _level(draw: Draws, trade: Mapping[str, Any]) -> Level:
    place = draw.integer("muc", 1, 1_000)
    if place <= 12 and trade["doi_tuong"] == OUTSIDE:
        return "khong"
    return "hoan_thanh" if place <= 230 else "tot" if place <= 880 else "xuat_sac"


# ---------------------------------------------------------------- what is written


def _record(who: Person) -> dict[str, object]:
    """The person's record: code, subject, and what the form of that subject asks."""
    writer = _writer(who, _length(who))
    rated = not who.draw.chance("chua_cham", 3)
    general, results = map(_written, _points(who)) if rated else ("", "")
    given: dict[str, object] = {"ma": who.code, "doi_tuong": who.subject, **_common_values(who), **_short_values(who)}
    given |= _posts(who) | answers(writer)
    given |= {"diem_chung": general, "diem_nhiem_vu": results}
    given["muc_xep_loai"] = _label(who.level) if rated else ""
    return given | (_remarks(who, writer) if rated and who.seat.chi_bo.get("nhan_xet") else {})


def _common_values(who: Person) -> dict[str, object]:
    """What all people of a đảng bộ share."""
    place = commune_name(who.commune)
    day = Draws(who.commune, "commune").integer("ngay_ky", 1, _DAYS_OF_WRITING)
    return {"dang_bo": f"xã {place}", "noi_ky": place, "ngay_ky": f"{day:02}/{_DECEMBER}/{who.year}"}


def _short_values(who: Person) -> dict[str, object]:
    return {
        "chi_bo": who.chi_bo,
        "nam": who.year,
        "ho_ten": who.name,
        "ngay_sinh": _written_birth(who),
        "don_vi": _drawn(who, "don_vi"),
        "muc_xep_loai": _label(who.level),
    }


def _posts(who: Person) -> dict[str, object]:
    names = ("chuc_vu_dang", "chuc_vu_chinh_quyen", "chuc_vu_doan_the")
    return {name: _drawn(who, name) for name in names if name in who.seat.trade}


def _remarks(who: Person, writer: Writer) -> dict[str, object]:
    said = remarks(writer)
    level = _label(who.level)
    return {**said, "xep_loai_vien_chuc": level, "de_xuat_chi_bo": level} if said else {}


def _writer(who: Person, length: Length) -> Writer:
    trade, chi_bo, age = who.seat.trade, who.seat.chi_bo, who.year - who.born.year
    known = {
        "nam": str(who.year),
        "nam_truoc": str(who.year - 1),
        "nam_sau": str(who.year + 1),
        "xa": commune_name(who.commune),
        "thon": chi_bo["ten"],
        "noi": who.workplace,
        "dang_vien": f"{who.seat.members:02}",
        "ngay_ck": f"{who.draw.integer('ngay_ck', 6, 20):02}/01/{who.year}",
        "nguoi": words()["nguoi"][chi_bo["nhom"]],
        "tuoi": str(age),
        "tuoi_dang": str(max(1, age - who.draw.integer("vao_dang", 22, 30))),
    }
    facts = facts_of(who.draw, trade, who.level, known)
    return Writer(who.draw, trade, trade.get("nhom", chi_bo["nhom"]), who.level, length, facts)


def _length(who: Person) -> Length:
    if who.seat.trade.get("dai"):
        return "long"
    place = who.draw.integer("dai_ngan", 1, 100)
    return "short" if place <= 22 else "middle" if place <= 76 else "long"


def _points(who: Person) -> tuple[Decimal, Decimal]:
    """Points of the general criteria (at most 30) and of results (at most 70), in halves, that fit the level."""
    low, high = _POINTS[who.level]
    total = Decimal(who.draw.integer("tong_diem", 2 * low, 2 * high)) / 2
    share = (total * _GENERAL_SHARE / 100 // _HALF) * _HALF
    general = min(Decimal(_GENERAL_MOST), share + who.draw.integer("diem_chung", 0, 3) * _HALF)
    return general, total - general


def _written(points: Decimal) -> str:
    return f"{points.normalize():f}".replace(".", ",")


def _written_birth(who: Person) -> str:
    if who.draw.chance("khong_ngay_sinh", 2):
        return ""
    habit = Draws(who.commune, who.seat.chi_bo["ten"]).one("ngay", _WAYS[:4])
    return (habit if who.draw.chance("nhu_moi_nguoi", _AS_ALL_DO) else who.draw.one("ngay", _WAYS))(who.born)


def _drawn(who: Person, name: str) -> str:
    """A value of the trade: one text, or one of several; in its words stand facts."""
    told = who.seat.trade[name]
    text = told if isinstance(told, str) else who.draw.one(name, told)
    place = commune_name(who.commune)
    room = who.draw.one("phong", who.seat.trade["so"].get("phong") or [""])
    return text.format(noi=who.workplace, xa=place, thon=who.seat.chi_bo["ten"], phong=room)


@cache
def _label(level: Level) -> str:
    found = {"khong": "khong_hoan_thanh"}.get(level, level)
    return next(option.label for option in options("muc-chat-luong") if option.id == found)
