"""What a spreadsheet program leaves in a workbook and `docgen.tables.excel` never writes, for the list full of faults.

An edit changes one cell, row or area of the first sheet of a finished .xlsx; everything else stays byte for byte.
"""

from __future__ import annotations

import copy
import io
import zipfile
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Protocol

from lxml import etree

if TYPE_CHECKING:
    from collections.abc import Iterable

_SHEET, _STYLES = "xl/worksheets/sheet1.xml", "xl/styles.xml"
_MAIN: Final = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_NAMES: Final = {"x": _MAIN}


class Edit(Protocol):
    """One change to the sheet and, where a look is new, to the styles."""

    def apply(self, sheet: etree._Element, styles: etree._Element) -> None:
        """Change the two trees."""


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula whose result was never saved, as programs other than Excel leave it."""

    cell: str
    text: str

    def apply(self, sheet: etree._Element, _: etree._Element) -> None:
        """Put it in place of the value."""
        found = _emptied(sheet, self.cell)
        etree.SubElement(found, f"{{{_MAIN}}}f").text = self.text


@dataclass(frozen=True, slots=True)
class Broken:
    """A formula that gave an error, such as a look-up that found nobody."""

    cell: str
    text: str
    error: str = "#N/A"

    def apply(self, sheet: etree._Element, _: etree._Element) -> None:
        """Put both in place of the value."""
        found = _emptied(sheet, self.cell)
        found.set("t", "e")
        etree.SubElement(found, f"{{{_MAIN}}}f").text = self.text
        etree.SubElement(found, f"{{{_MAIN}}}v").text = self.error


@dataclass(frozen=True, slots=True)
class OldFont:
    """A cell shown in a font of TCVN3 or VNI."""

    cell: str
    font: str

    def apply(self, sheet: etree._Element, styles: etree._Element) -> None:
        """Give the cell its own style with this font."""
        found = _found(sheet, f"x:sheetData/x:row/x:c[@r='{self.cell}']")
        looks, fonts = _found(styles, "x:cellXfs"), _found(styles, "x:fonts")
        look = copy.deepcopy(looks[int(found.get("s", "0"))])
        font = copy.deepcopy(fonts[int(look.get("fontId", "0"))])
        _found(font, "x:name").set("val", self.font)
        look.set("fontId", str(len(fonts)))
        found.set("s", str(len(looks)))
        for grown, new in ((fonts, font), (looks, look)):
            grown.append(new)
            grown.set("count", str(len(grown)))


@dataclass(frozen=True, slots=True)
class Merged:
    """Cells made one, as people do with what several rows have in common."""

    area: str

    def apply(self, sheet: etree._Element, _: etree._Element) -> None:
        """Merge them."""
        merged = sheet.find("x:mergeCells", _NAMES)
        if merged is None:
            merged = etree.Element(f"{{{_MAIN}}}mergeCells")
            _found(sheet, "x:sheetData").addnext(merged)
        etree.SubElement(merged, f"{{{_MAIN}}}mergeCell", ref=self.area)
        merged.set("count", str(len(merged)))


@dataclass(frozen=True, slots=True)
class Hidden:
    """A row put out of sight."""

    row: int

    def apply(self, sheet: etree._Element, _: etree._Element) -> None:
        """Hide it."""
        _found(sheet, f"x:sheetData/x:row[@r='{self.row}']").set("hidden", "1")


def worn(content: bytes, edits: Iterable[Edit]) -> bytes:
    """The workbook with these edits on its first sheet.

    Raises:
        ValueError: an edit names a cell or row that is not there.
    """
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        trees = {name: etree.fromstring(old.read(name)) for name in (_SHEET, _STYLES)}
        for edit in edits:
            edit.apply(trees[_SHEET], trees[_STYLES])
        for entry in old.infolist():
            tree = trees.get(entry.filename)
            told = old.read(entry) if tree is None else etree.tostring(tree, encoding="UTF-8", standalone=True)
            new.writestr(entry, told)
    return target.getvalue()


def _emptied(sheet: etree._Element, cell: str) -> etree._Element:
    found = _found(sheet, f"x:sheetData/x:row/x:c[@r='{cell}']")
    for child in list(found):
        found.remove(child)
    found.attrib.pop("t", "")
    return found


def _found(tree: etree._Element, path: str) -> etree._Element:
    found = tree.find(path, _NAMES)
    if found is None:
        raise ValueError(f"no {path} in the workbook")
    return found
