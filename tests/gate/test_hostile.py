"""The table of hostile values is whole, so that the tests that import it miss nothing."""

from __future__ import annotations

from lxml import etree

from tests.gate.hostile import HOSTILE


def test_every_number_of_the_catalogue_is_there() -> None:
    assert sorted({hostile.number for hostile in HOSTILE}) == list(range(1, 37))


def test_names_are_unique_so_that_a_failing_test_is_found() -> None:
    names = [(hostile.number, hostile.name) for hostile in HOSTILE]
    assert len(names) == len(set(names))


def test_what_fits_xml_is_what_lxml_takes() -> None:
    for hostile in HOSTILE:
        if hostile.is_text:
            try:
                etree.Element("x").text = hostile.value
                takes = True
            except (ValueError, UnicodeEncodeError):
                takes = False
            assert hostile.fits_xml is takes, hostile.name
