"""The rows of lay.csv: of ideas that there are, telling something, and no name of another idea."""

from __future__ import annotations

import csv
import re
from collections import defaultdict
from pathlib import Path

import pytest

from knowledge.errors import CatalogInvalid
from knowledge.glossary.glossary import load_terms
from knowledge.glossary.lay import LAY, load_descriptions
from knowledge.lemmas import forms, lemmas, without_people


def _rows() -> list[dict[str, str]]:
    with LAY.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _bare(text: str) -> str:
    return re.sub(r"[\s\-]", "", text.lower())


def test_the_rows_are_of_terms_and_stand_once() -> None:
    rows = _rows()
    assert {row["term"] for row in rows} <= {term.id for term in load_terms()}
    places = [(row["term"], row["language"]) for row in rows]
    assert len(set(places)) == len(places)
    phrases = [phrase for row in rows for phrase in row["phrases"].split("|")]
    assert not [phrase for phrase in phrases if not phrase or phrase != " ".join(phrase.split())]


def test_korean_rows_are_korean_and_english_ones_are_not() -> None:
    wrong = [
        phrase for row in _rows() for phrase in row["phrases"].split("|")
        if bool(re.search(r"[가-힣]", phrase)) != (row["language"] == "ko")
    ]
    assert wrong == []


def test_every_description_has_content() -> None:
    described = load_descriptions()
    said = [phrase for rows in described.values() for phrases in rows.values() for phrase in phrases]
    assert [phrase for phrase in said if not forms(without_people(lemmas(phrase)))] == []


def test_no_description_is_a_name_of_another_idea() -> None:
    owners: dict[str, set[str]] = defaultdict(set)
    for term in load_terms():
        for name in term.names:
            owners[_bare(name)].add(term.id)
    shared = [
        (id, phrase)
        for rows in load_descriptions().values() for id, phrases in rows.items() for phrase in phrases
        if owners[_bare(phrase)] - {id} and id not in owners[_bare(phrase)]
    ]
    assert shared == []


def test_no_two_ideas_are_described_alike() -> None:
    for rows in load_descriptions().values():
        ideas: dict[frozenset[str], set[str]] = defaultdict(set)
        for id, phrases in rows.items():
            for phrase in phrases:
                ideas[forms(without_people(lemmas(phrase)))].add(id)
        assert {tuple(sorted(key)): found for key, found in ideas.items() if len(found) > 1} == {}


def test_what_stands_in_brackets_may_be_left_out(tmp_path: Path) -> None:
    file = tmp_path / "lay.csv"
    file.write_text("term,language,phrases\nx,en,(have) trouble (with food)|y\n", encoding="utf-8")
    assert load_descriptions(file)["en"]["x"] == (
        "have trouble with food", "have trouble", "trouble with food", "trouble", "y",
    )  # fmt: skip


def test_one_of_what_stands_in_braces_is_said(tmp_path: Path) -> None:
    file = tmp_path / "lay.csv"
    file.write_text("term,language,phrases\nx,en,{sore/dry} {eyes/lids} (now)\n", encoding="utf-8")
    assert load_descriptions(file)["en"]["x"] == (
        "sore eyes now", "sore eyes", "sore lids now", "sore lids",
        "dry eyes now", "dry eyes", "dry lids now", "dry lids",
    )  # fmt: skip


@pytest.mark.parametrize("text", ["id,language,phrases\nx,en,y\n", "term,language,phrases\nx,fr,y\n"])
def test_a_wrong_file_is_named(tmp_path: Path, text: str) -> None:
    file = tmp_path / "wrong.csv"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(CatalogInvalid, match=r"wrong\.csv"):
        load_descriptions(file)
