from __future__ import annotations

import pytest

from knowledge.catalog import units as catalog_units
from knowledge.catalog.importers.units import _words, declared_unit, ucum, unit_in_label, unit_in_note


@pytest.mark.parametrize(
    ("written", "unit"),
    [
        ("mmHg", "mm[Hg]"),
        ("MG/DL", "mg/dL"),
        ("mg/dl", "mg/dL"),
        ("x10^9/L", "10*9/L"),
        ("10³/µL", "10*3/uL"),
        ("K/uL", "10*3/uL"),
        ("x 10^6/µL", "10*6/uL"),
        ("beats per minute", "/min"),
        ("회/분", "/min"),
        ("°C", "Cel"),
        ("kg/m²", "kg/m2"),
        ("mL/min/1.73 m²", "mL/min/{1.73_m2}"),
        ("μmol/L", "umol/L"),
        ("mIU/mL", "m[IU]/mL"),
        ("mEq/L", "meq/L"),
        ("개월", "mo"),
        ("years", "a"),
        ("g/day", "g/d"),
        ("mg/24h", "mg/(24.h)"),
        ("ML", "mL"),
        ("㎎/㎗", "mg/dL"),
        ("cells/mm3", "{cells}/mm3"),
        ("ng/mL{FEU}", "ng/mL{FEU}"),
        ("(kg)", "kg"),
        ("in cm", "cm"),
    ],
)
def test_units_as_people_write_them(written, unit):
    assert ucum(written) == unit


@pytest.mark.parametrize(
    "text",
    [
        "",
        "points",
        "in",
        "A",
        "M",
        "K",
        "days since",
        "yes/no",
        "and",
        "Unknown",
        "1",
        "DD/MM/YYYY",
        "106/L",
        "per day",
        "M/F",
        "x" * 500,
        "kg/",
    ],
)
def test_words_that_are_no_units(text):
    assert ucum(text) is None


def test_units_in_labels_and_notes():
    assert unit_in_label("Weight (kg)") == unit_in_label("체중(kg)") == unit_in_label("Weight, kg") == "kg"
    assert unit_in_label("BUN (serum) [mmol/L]") == "mmol/L"
    assert unit_in_label("Visit (1)") is unit_in_label("eGFR (CKD-EPI)") is unit_in_label("나이(만)") is None
    assert (
        unit_in_note("Unit: mmHg")
        == unit_in_note("단위 mmHg, 앉아서")
        == unit_in_note("units are mmHg.")
        == "mm[Hg]"
    )
    assert (
        unit_in_note("the unit where he is") is unit_in_note("units") is unit_in_note("cm, no shoes") is None
    )
    assert (declared_unit("points"), declared_unit("fortnights")) == ("{score}", "fortnights")


def test_every_unit_that_can_come_out_is_ucum():
    words = _words()
    assert [
        unit for unit in {*words.exact.values(), *words.lower.values()} if catalog_units.problem(unit)
    ] == []
