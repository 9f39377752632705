"""docs/metadata-terms.md: every column of datasets, tables and variables has a row; every term is written."""

from __future__ import annotations

import re
from pathlib import Path

from rdflib import Graph

from knowledge.catalog.columns import COLUMNS, ORIGIN
from knowledge.catalog.portal.vocabulary import vocabulary
from tests.knowledge.catalog.portal.conftest import FOLDER

PAGE = Path(__file__).parents[4] / "docs" / "metadata-terms.md"
FIELD = re.compile(r"\b([a-z_]+)\.([a-z_]+)\b")
TERM = re.compile(r"`([a-z]+):(\w+)`")


def rows() -> list[list[str]]:
    lines = [line for line in PAGE.read_text(encoding="utf-8").splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]


def test_every_column_has_exactly_one_row():
    named = [field for ours, _, _ in rows() for field in FIELD.findall(ours)]
    assert len(named) == len(set(named))
    for table in ("datasets", "tables", "variables"):
        missing = [c for c in COLUMNS[table] if c not in ORIGIN and (table, c) not in named]
        assert missing == [], f"docs/metadata-terms.md lacks {table}: {missing}"
    assert all(column in COLUMNS[table] for table, column in named)


def test_every_term_is_in_the_export(graph):
    access = "dataset,rule,purpose_en,conditions_en\nglaucoma,r1,Research,After review\n"
    counts = FOLDER["counts"].replace("1230,,released,5600,5699,bound", "1230,5600,released,,,")
    found: Graph = graph(access_rules=access, counts=counts)
    written = {str(predicate) for predicate in found.predicates()}
    prefixes = vocabulary()["prefixes"]
    terms = [prefixes[prefix] + name for _, theirs, _ in rows() for prefix, name in TERM.findall(theirs)]
    assert len(terms) > 40 and [term for term in terms if term not in written] == []


def test_every_row_has_a_term_or_a_dash():
    for ours, theirs, uk in rows():
        assert (TERM.search(theirs) or theirs == "–") and (uk.startswith("`") or uk == "–"), ours
