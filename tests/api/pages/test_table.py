"""Rows for reading: headings in words, counts as they may be read, protected cells never as numbers."""

from __future__ import annotations

import pytest

from api.pages.language import labels
from api.pages.table import readable_table

COUNT = ("hospital", "hospital_name", "year", "patients", "patients_status", "patients_low", "patients_high")
ROWS = (
    ("a", "Alpha", 2019, 4100, "released", 4098, 4102),
    ("b", "Beta", 2020, None, "bound", 2298, 3104),
    ("c", "Gamma", 2021, None, "suppressed", 0, 4),
)


def test_keys_and_parts_of_measures_are_not_columns():
    table = readable_table(COUNT, ROWS, "en", labels("en")["table"])
    assert len(table["headings"]) == 3
    assert [heading["numeric"] for heading in table["headings"]] == [False, False, True]
    assert [cells[0] for cells in table["rows"]] == [("Alpha", "text"), ("Beta", "text"), ("Gamma", "text")]


@pytest.mark.parametrize("language", ["ko", "en"])
def test_a_protected_cell_is_marked_and_is_no_number(language):
    table = readable_table(COUNT, ROWS, language, labels(language)["table"])
    text, kind = table["rows"][2][2]
    assert kind == "protected" and text != "0" and "5" in text
    said = {"ko": "4,098~4,102명", "en": "4,098-4,102 patients"}[language]
    assert table["rows"][0][2] == (said, "number") and table["rows"][1][2][1] == "bound"


def test_years_have_no_thousands_and_counts_have():
    table = readable_table(COUNT, ROWS, "en", labels("en")["table"])
    assert [cells[1][0] for cells in table["rows"]] == ["2019", "2020", "2021"]


def test_pairs_of_datasets_are_named_and_rates_have_their_percent_sign():
    columns, rows = ("dataset_a", "dataset_b", "missing_text"), (("a", "b", "<5"),)
    table = readable_table(columns, rows, "en", labels("en")["table"], naming={"a": "Alpha", "b": "Beta"}.get)
    assert table["rows"] == [[("Alpha", "text"), ("Beta", "text"), ("<5 %", "text")]]


def test_both_languages_name_the_columns_differently():
    korean, english = (readable_table(COUNT, ROWS, code, labels(code)["table"]) for code in ("ko", "en"))
    assert korean["headings"] != english["headings"]


def test_plain_values():
    rows = ((None, True, "F", 12.5), ("x", False, "M", 3.0))
    table = readable_table(("note", "own", "sex", "span_years"), rows, "en", labels("en")["table"])
    assert table["rows"] == [
        [("–", "text"), ("yes", "text"), ("female", "text"), ("12.5", "number")],
        [("x", "text"), ("no", "text"), ("male", "text"), ("3", "number")],
    ]
