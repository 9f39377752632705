"""The rows of terms.csv: well formed, and no name given to two ideas by accident."""

from __future__ import annotations

import csv
import re
from collections import Counter
from pathlib import Path

import pytest

from knowledge.glossary.glossary import TERMS, Term, load_terms
from knowledge.text import stem

HOMONYMS = Path(__file__).with_name("homonyms.csv")
COLUMNS = ["id", "domain", "en", "ko", "syn_en", "syn_ko", "system", "code", "ucum", "check"]
CHECKS = re.compile(r"src|mem|gen|n/a|confirm|src \(.+\)|confirm \(.+\)|EDI code not verified")
# Names of one syllable: a question of that word alone is meant.
SHORT = {"암", "틱", "뼈", "키", "앱", "간", "폐", "뇌", "눈", "귀", "코", "약"}
EVERYDAY = Path(__file__).with_name("everyday.txt")


def _rows() -> list[dict[str, str]]:
    with TERMS.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _bare(name: str) -> str:
    """What names that are read as the same word have in common: case, gaps and a plural do not matter."""
    return stem(re.sub(r"[\s\-]", "", name.lower()))


def _owners() -> dict[str, tuple[Term, ...]]:
    owners: dict[str, dict[str, Term]] = {}
    for term in load_terms():
        for name in term.names:
            owners.setdefault(_bare(name), {})[term.id] = term
    return {name: tuple(found.values()) for name, found in owners.items()}


def _accepted() -> dict[str, set[str]]:
    with HOMONYMS.open(encoding="utf-8", newline="") as file:
        return {row["name"]: set(row["ids"].split("|")) for row in csv.DictReader(file)}


def test_the_rows_are_well_formed() -> None:
    rows = _rows()
    assert list(rows[0]) == COLUMNS
    assert not [row["id"] for row in rows if not re.fullmatch(r"[a-z0-9_]+", row["id"])]
    assert not [row["id"] for row in rows if not CHECKS.fullmatch(row["check"])]
    cells = [row[c] for row in rows for c in ("en", "ko", "syn_en", "syn_ko") if row[c]]
    parts = [part for cell in cells for part in cell.split("|")]
    assert not [part for part in parts if not part or part != " ".join(part.split())]
    assert not [row["id"] for row in rows if "|" in row["en"] + row["ko"] or not row["en"] or not row["ko"]]


def test_each_domain_stands_together() -> None:
    domains = [row["domain"] for row in _rows()]
    runs = [d for at, d in enumerate(domains) if at == 0 or domains[at - 1] != d]
    assert [d for d, n in Counter(runs).items() if n > 1] == []


def test_a_code_is_of_one_term() -> None:
    codes = Counter(code for term in load_terms() for code in term.codes)
    assert [code for code, n in codes.items() if n > 1] == []


def test_no_term_says_the_same_name_twice() -> None:
    terms = load_terms()
    lists = [(t.id, [name.lower() for name in names]) for t in terms for names in (t.en, t.ko)]
    assert [id for id, names in lists if len(set(names)) < len(names)] == []


def test_names_are_of_two_letters_or_listed() -> None:
    assert {n for term in load_terms() for n in term.names if len(_bare(n)) < 2} <= SHORT


def test_no_name_is_an_everyday_word() -> None:
    words = set(EVERYDAY.read_text(encoding="utf-8").split())
    assert words & {name.lower() for term in load_terms() for name in term.names} == set()


def test_names_are_shared_only_where_that_is_meant() -> None:
    shared = {name: {t.id for t in owners} for name, owners in _owners().items() if len(owners) > 1}
    assert shared == _accepted()


@pytest.mark.parametrize("language", ["en", "ko"])
def test_who_shares_a_name_has_one_of_its_own(language: str) -> None:
    owners = _owners()
    ids = {id for found in _accepted().values() for id in found}
    names = {t.id: t.en if language == "en" else t.ko for t in load_terms() if t.id in ids}
    assert [id for id, own in names.items() if all(len(owners[_bare(n)]) > 1 for n in own)] == []


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("chronic kidney disease", "만성콩팥병"),
        ("신장병", "kidney disease"),
        ("hemodialysis", "혈액투석"),
        ("haemodialysis", "혈액투석"),
        ("사구체 여과율", "eGFR"),
        ("2형당뇨", "type 2 diabetes"),
        ("뇌졸중", "stroke"),
        ("관상동맥중재술", "PCI"),
        ("삶의 질", "quality of life"),
        ("재원일수", "length of stay"),
        ("안압", "IOP"),
        ("height", "신장"),
        ("신장", "kidney"),
        ("조현병", "schizophrenia"),
        ("NGS", "차세대염기서열분석"),
        ("pediatrics", "소아청소년과"),
        ("연속혈당측정기", "CGM"),
        ("discharge date", "퇴원일"),
    ],
)
def test_everyday_clinical_names_meet(one: str, other: str) -> None:
    owners = _owners()
    assert {t.id for t in owners[_bare(one)]} & {t.id for t in owners[_bare(other)]}


def test_a_kind_is_not_its_genus() -> None:
    owners = _owners()
    for wide, narrow in (("당뇨", "2형당뇨"), ("stroke", "뇌경색"), ("lung cancer", "NSCLC"), ("투석", "HD")):
        assert not set(owners[_bare(wide)]) & set(owners[_bare(narrow)])
