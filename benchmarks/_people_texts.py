"""What an invented person writes: facts first, then sentences that hold them, so that no two numbers contradict.

A task that is late, a meeting missed, a share and its percentage are each drawn once and named wherever a sentence
needs them; a fault is chosen together with its cause and its remedy. The words stand in `people.toml` and
`people_trades.toml`.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from benchmarks._draws import Draws

Length = Literal["short", "middle", "long"]
Level = Literal["xuat_sac", "tot", "hoan_thanh", "khong"]

LEADER, OUTSIDE = "lanh-dao", "ngoai-he-thong"
MEETINGS: Final = 11
"""Meetings of a chi bộ from January to November; the paper is written in the first days of December."""
LEAST_BEYOND, MOST_LATE = 30, 20
"""Quy định 366-QĐ/TW, Điều 11: per cent of the tasks done beyond what was asked (excellent), and late (completed)."""
_LISTED = ("{}", "{}", "- {}", "{number}. {}", "({number}) {}", "+ {}")
"""How people mark the entries of an enumeration."""
_GROUPED = 1_000


@dataclass(frozen=True)
class Writer:
    """Who writes: what the sentences need to know of a person."""

    draw: Draws
    trade: Mapping[str, Any]
    group: str
    """Which faults are likely: `thon`, `truong`, …"""
    level: Level
    length: Length
    facts: Mapping[str, str]


@cache
def words() -> dict[str, Any]:
    """The names, places and sentences of `people.toml`."""
    return tomllib.loads((Path(__file__).parent / "people.toml").read_text("utf-8"))


@cache
def trades() -> dict[str, Any]:
    """The trades of `people_trades.toml` by name, without what any leader may write (`leaders`)."""
    found = tomllib.loads((Path(__file__).parent / "people_trades.toml").read_text("utf-8"))
    return {name: trade for name, trade in found.items() if "doi_tuong" in trade}


@cache
def leaders() -> dict[str, Any]:
    """What any leader may write."""
    found: dict[str, Any] = tomllib.loads((Path(__file__).parent / "people_trades.toml").read_text("utf-8"))
    return dict(found["lanh_dao"])


# ---------------------------------------------------------------- facts


def facts_of(draw: Draws, trade: Mapping[str, Any], level: Level, known: Mapping[str, str]) -> dict[str, str]:
    """Every fact that a sentence of this person may name; `known` are those of the place, the year and the age."""
    counts = _tasks(draw, trade, level) | _attendance(draw, level)
    me = draw.one("toi", ("tôi", "tôi", "bản thân", "bản thân tôi"))
    facts = {**known, "toi": me, "Toi": _capital(me), "ky": str(MEETINGS)}
    facts |= {name: _padded(count) for name, count in counts.items()}
    for part, whole in (("vuot", "viec"), ("cham", "viec"), ("xong", "viec")):
        facts[f"{part}_pct"] = _percent(counts[part], counts[whole])
    declared = {**words()["loi_so"], **trade["so"], **(leaders()["so"] if trade["doi_tuong"] == LEADER else {})}
    facts |= _declared(draw, declared)
    attended = "khong" if level == "khong" else "vang" if counts["vang"] else "du"
    facts["du_hop"] = _said(draw, "du_hop", words()["cum"]["du_hop"][attended], facts)
    common = words()["chung"]
    kept = [*trade["hua"], *common["hua"], *(() if trade["doi_tuong"] == OUTSIDE else common["hua_trong"])]
    facts["hua"] = _said(draw, "hua", kept, facts)
    facts["hua_no"] = draw.one("hua_no", common["hua_no"])
    return facts


def _tasks(draw: Draws, trade: Mapping[str, Any], level: Level) -> dict[str, int]:
    """How many tasks there were and what became of them, as the level asks."""
    tasks = draw.integer("viec", *trade["viec"])
    beyond = (-(-tasks * LEAST_BEYOND // 100), tasks // 2) if level == "xuat_sac" else (1, tasks // 4)
    late = draw.integer("cham", 1, tasks * MOST_LATE // 100) if level == "hoan_thanh" else 0
    done = draw.integer("xong", 2, (tasks - 1) // 2) if level == "khong" else tasks
    return {
        "viec": tasks,
        "vuot": draw.integer("vuot", beyond[0], max(beyond)),
        "cham": late,
        "dung_han": tasks - late,
        "xong": done,
        "do": tasks - done,
    }


def _attendance(draw: Draws, level: Level) -> dict[str, int]:
    """Meetings attended and missed, words spoken there, promises made and kept."""
    low, high = {"xuat_sac": (0, 0), "tot": (-2, 2), "hoan_thanh": (-1, 3), "khong": (5, 7)}[level]
    missed = max(0, draw.integer("vang", low, high))
    promises = draw.integer("ck", 4, 6)
    kept = promises if level == "xuat_sac" else promises - draw.integer("ck_no", 0, 1)
    return {
        "vang": missed,
        "co": MEETINGS - missed,
        "khong_phep": max(0, missed - 2),
        "phat_bieu": draw.integer("phat_bieu", 2, 6),
        "thu_hoach": draw.integer("thu_hoach", 2, 3),
        "cu_tru": draw.integer("cu_tru", 2, 4),
        "ck": promises,
        "ck_xong": kept if level in {"xuat_sac", "tot"} else promises - 1,
    }


def _declared(draw: Draws, declared: Mapping[str, Any]) -> dict[str, str]:
    """The facts that a table `so` declares; a share gives its percentage too."""
    counts: dict[str, int] = {}
    facts: dict[str, str] = {}
    for name, how in declared.items():
        if isinstance(how, list) and isinstance(how[0], str):
            facts[name] = draw.one(name, how)
            continue
        if isinstance(how, list):
            counts[name] = draw.integer(name, *how)
        elif "tong" in how:
            counts[name] = counts[how["tong"]] - counts[how["tru"]]
        else:
            whole = counts[how["cua"]]
            share = draw.integer(name, round(how["tu"] * _GROUPED), round(how["den"] * _GROUPED))
            counts[name] = max(1, min(whole - 1, round(whole * share / _GROUPED)))
            facts[f"{name}_pct"] = _percent(counts[name], whole)
        facts[name] = _padded(counts[name])
    return facts


def _padded(count: int) -> str:
    """A count as papers write it: `05`, `120`, `1.250`."""
    return f"{count:,}".replace(",", ".") if count >= _GROUPED else f"{count:02}"


def _percent(part: int, whole: int) -> str:
    """A percentage with one decimal, halves up: `37,1%`, `50%`."""
    tenths = (2_000 * part + whole) // (2 * whole)
    return f"{tenths // 10},{tenths % 10}%".replace(",0%", "%")


# ---------------------------------------------------------------- answers


def answers(who: Writer) -> dict[str, str]:
    """The answers of a person's form by field name; paragraphs are parted by line ends, a blank answer is ''."""
    faults = _faults(who)
    given = {
        "pham_chat": _character(who),
        "nhiem_vu": _work(who),
        "cam_ket": _promises(who),
        "han_che": _enumerated(who, [fault["han_che"] for fault in faults]),
        "nguyen_nhan": _causes(who, faults),
        "khac_phuc_ky_truoc": _last_year(who, faults),
        "giai_trinh": _explanation(who),
        "trach_nhiem_tap_the": _shared(who),
        "phuong_huong": _remedies(who, faults),
    }
    return given | (_leadership(who) if who.trade["doi_tuong"] == LEADER else {})


def remarks(who: Writer) -> dict[str, str]:
    """What the employer and the committee of the chi bộ write below, where they have written already."""
    if who.level == "khong" or not who.draw.chance("nhan_xet", 70):
        return {}
    said = words()["chung"]
    return {
        "nhan_xet_thu_truong": _text(who, "thu_truong", said["thu_truong"][who.level]),
        "nhan_xet_chi_uy": _text(who, "chi_uy", said["chi_uy"][who.level]),
    }


def _character(who: Writer) -> str:
    common, draw = words()["chung"], who.draw
    if who.level == "khong":
        return _text(who, "pham_chat", common["pham_chat_khong"])
    if who.length == "short":
        return _text(who, "pham_chat", common["pham_chat_ngan"])
    own = _text(who, "rieng", who.trade["rieng"])
    parts = [_text(who, "chinh_tri", common["chinh_tri"]), own]
    if who.length == "long":
        if draw.chance("dao_duc_chung", 40):
            parts[1] = _text(who, "dao_duc", common["dao_duc"])
        manner = [*common["tac_phong"], *(() if _is_outside(who) else common["tac_phong_trong"])]
        parts += [_text(who, "doan_ket", common["doan_ket"]), _text(who, "tac_phong", manner)]
    return "\n".join([*parts, _text(who, "lien_he", common["lien_he"])])


def _work(who: Writer) -> str:
    told = words()["cum"]["viec_ngoai" if _is_outside(who) else "viec_trong"]
    first = _text(who, "viec", told[who.level])
    if who.level == "khong":
        return first
    own = who.trade["nhiem_vu"]
    wanted = {"short": who.draw.integer("so_doan", 0, 1), "middle": 2, "long": len(own)}[who.length]
    more = [each.format_map(who.facts) for each in who.draw.some("nhiem_vu", own, wanted)]
    return (" " if who.length == "short" else "\n").join([first, *more])


def _promises(who: Writer) -> str:
    if _is_outside(who) and who.draw.chance("khong_cam_ket", 6):
        return ""
    kept = who.facts["ck"] == who.facts["ck_xong"]
    return _text(who, "cam_ket", words()["cum"]["cam_ket"]["du" if kept else "thieu"])


def _faults(who: Writer) -> list[Mapping[str, str]]:
    """Faults with their causes and remedies; those of the trade's group before those that anyone may have."""
    known = words()["loi"]
    fit = [each for each in (*known[who.group], *known["chung"]) if _fits(who, each)]
    most = {"short": 1, "middle": 2, "long": 3}[who.length]
    if who.level == "khong":
        chosen = [each for each in fit if each.get("khi") == "vang"]
    else:
        chosen = who.draw.some("loi", fit, 1 if who.level == "xuat_sac" else most)
    return [{name: str(text).format_map(who.facts) for name, text in each.items()} for each in chosen]


def _fits(who: Writer, told: Mapping[str, Any]) -> bool:
    """Whether a fault, of this year or the last, can be this person's."""
    happened = who.facts.get(told.get("khi", "")) != "00"
    return (
        happened and int(who.facts["tuoi"]) >= told.get("tu_tuoi", 0) and not (told.get("trong") and _is_outside(who))
    )


def _causes(who: Writer, faults: Iterable[Mapping[str, str]]) -> str:
    own = "; ".join(fault["chu_quan"] for fault in faults)
    outer = "; ".join(fault["khach_quan"] for fault in faults if "khach_quan" in fault)
    if outer:
        return f"Khách quan: {outer}.\nChủ quan (là chính): {own}."
    return f"Chủ quan: {own}." if who.length == "long" else f"{_capital(own)}."


def _last_year(who: Writer, faults: Iterable[Mapping[str, str]]) -> str:
    if who.draw.chance("khong_ky_truoc", 25):
        return "" if who.length == "short" else _text(who, "khong_ky_truoc", words()["chung"]["khong_ky_truoc"])
    again = {fault["ve"] for fault in faults if "ve" in fault}
    known = [each for each in words()["ky_truoc"] if each.get("ve") not in again and _fits(who, each)]
    return _text(who, "ky_truoc", [each["noi_dung"] for each in known])


def _explanation(who: Writer) -> str:
    if who.trade["doi_tuong"] == LEADER and who.level != "xuat_sac" and who.draw.chance("goi_y", 15):
        return _text(who, "goi_y", leaders()["giai_trinh"])
    return "" if who.draw.chance("khong_giai_trinh", 50) else _text(who, "giai_trinh", words()["chung"]["giai_trinh"])


def _shared(who: Writer) -> str:
    if who.draw.chance("khong_tap_the", 45):
        return ""
    return _text(who, "tap_the", words()["chung"]["trach_nhiem_tap_the"])


def _remedies(who: Writer, faults: Iterable[Mapping[str, str]]) -> str:
    told = [fault["sua"] for fault in faults]
    if who.length == "long":
        told.append(_text(who, "phuong_huong", words()["chung"]["phuong_huong"]))
    return _enumerated(who, told)


def _leadership(who: Writer) -> dict[str, str]:
    said = leaders()
    wanted = {"short": 1, "middle": 1, "long": 2}[who.length]
    return {
        field: "\n".join(each.format_map(who.facts) for each in who.draw.some(field, said[pool], wanted))
        for field, pool in (("lanh_dao", "dieu_hanh"), ("trach_nhiem_cong_viec", "doi_moi"), ("neu_guong", "neu_guong"))
    }


def _enumerated(who: Writer, entries: Sequence[str]) -> str:
    """Entries in lines, marked as this person marks them; a single one bears no mark."""
    mark = who.draw.one("dau_dong", _LISTED) if len(entries) > 1 else "{}"
    return "\n".join(mark.format(entry, number=number) for number, entry in enumerate(entries, start=1))


def _is_outside(who: Writer) -> bool:
    return bool(who.trade["doi_tuong"] == OUTSIDE)


def _text(who: Writer, what: str, options: Sequence[str]) -> str:
    return _said(who.draw, what, options, who.facts)


def _said(draw: Draws, what: str, options: Sequence[str], facts: Mapping[str, str]) -> str:
    return draw.one(what, options).format_map(facts)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
