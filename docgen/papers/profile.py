"""The organisation's own values and house rules, written once (`to_chuc.toml`) and used by every paper.

Top-level entries are values of fields (`co_quan_ban_hanh`, `noi_ky`, …): a record that leaves such a field blank takes
them. `[the_thuc]` changes what the layout leaves to the organisation, `[xep_loai]` what the rating rules leave to it.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Annotated, Any, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from docgen.errors import DataError, Problem

if TYPE_CHECKING:
    from collections.abc import Mapping

    from docgen.rules.layouts import Layout


class _House(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class LayoutRules(_House):
    """What layout notes leave open: line pitch in points, hyphens, spelling of ủy in printed text, V/v, end mark."""

    gian_dong: Annotated[float, Field(ge=18, le=22, strict=False)] | None = None
    gach_duoi_trich_yeu: bool | None = None
    chinh_ta: Literal["ủy", "uỷ"] | None = None
    trich_yeu_cong_van: Literal["V/v", "về việc", ""] | None = None
    dau_ket: Literal[".", "./.", ""] | None = None


class RatingRules(_House):
    """The base of the cap on «hoàn thành xuất sắc» and its rounding, where the regulation can be read two ways."""

    mau_so: Literal["tot", "tot_tro_len"] | None = None
    lam_tron: Literal["xuong", "nua_len"] | None = None


_BASES = {"tot": "good", "tot_tro_len": "good_or_better"}
_ROUNDINGS = {"xuong": "down", "nua_len": "half_up"}


@dataclass(frozen=True, slots=True)
class Profile:
    """An organisation's values and house rules."""

    values: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))
    layout_rules: LayoutRules = field(default_factory=LayoutRules)
    rating_rules: RatingRules = field(default_factory=RatingRules)

    def house_layout(self, look: Layout) -> Layout:
        """The layout with the organisation's choices; the same object where it makes none."""
        rules = self.layout_rules
        changes: dict[str, Any] = {}
        if rules.gian_dong is not None:
            changes["body"] = replace(look.body, line_pitch=rules.gian_dong)
        if rules.gach_duoi_trich_yeu is False:
            changes["subject_rule"] = None
        if rules.chinh_ta is not None:
            changes["spelling"] = rules.chinh_ta
        if rules.trich_yeu_cong_van is not None:
            changes["letter_prefix"] = rules.trich_yeu_cong_van
        if rules.dau_ket is not None:
            changes["end_mark"] = rules.dau_ket
        return replace(look, **changes) if changes else look

    @property
    def cap_base(self) -> str | None:
        """`good` or `good_or_better`; None: as the rating rules say."""
        return _BASES.get(self.rating_rules.mau_so or "")

    @property
    def cap_rounding(self) -> str | None:
        """`down` or `half_up`; None: as the rating rules say."""
        return _ROUNDINGS.get(self.rating_rules.lam_tron or "")


def profile(given: Mapping[str, Any]) -> Profile:
    """The profile from the entries of `to_chuc.toml`.

    Raises:
        DataError: every house rule that does not exist or has no such choice.
    """
    problems: list[Problem] = []
    values = {name: value for name, value in given.items() if name not in _TABLES}
    layout_rules = _house(LayoutRules, "the_thuc", given, problems)
    rating_rules = _house(RatingRules, "xep_loai", given, problems)
    if problems:
        raise DataError(problems)
    return Profile(MappingProxyType(values), layout_rules, rating_rules)


_TABLES = frozenset({"the_thuc", "xep_loai"})
House = TypeVar("House", bound=_House)


def _house(kind: type[House], table: str, given: Mapping[str, Any], problems: list[Problem]) -> House:
    try:
        return kind.model_validate(given.get(table, {}))
    except ValidationError as error:
        problems += [
            Problem(
                code="profile-entry",
                what="Không có lựa chọn này trong thông tin cơ quan.",
                cure=f"Dùng một trong: {', '.join(kind.model_fields)}; xem tệp mẫu samples/to_chuc.toml.",
                field=".".join([table, *(str(step) for step in each["loc"])]),
            )
            for each in error.errors(include_url=False, include_input=False)
        ]
        return kind()
