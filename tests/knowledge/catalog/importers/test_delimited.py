from __future__ import annotations

from pathlib import Path

import pytest

from knowledge.catalog.importers.delimited import open_delimited
from knowledge.catalog.importers.dictionary import Request
from knowledge.catalog.importers.encoding import LARGEST, detect_encoding
from knowledge.catalog.rows import Problems
from knowledge.errors import CatalogInvalid

COLUMNS = {"name": ("이름", "Variable name"), "label": ("설명",)}


def rows(path: Path, text: str | bytes) -> tuple[list[tuple[int, dict[str, str]]], tuple[str, ...]]:
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    problems = Problems()
    file = open_delimited(path, path.name, COLUMNS)
    return [(row.number, dict(row.cells)) for row in file.rows(problems, Request(path))], problems.lines()


READ = [(2, {"name": "hb", "label": "혈색소 수치"})]


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "cp949", "utf-16", "utf-16-le", "utf-16-be", "utf-32"]
)
def test_encodings(tmp_path, encoding):
    text = "name,설명\nhb,혈색소 수치\n"
    if encoding in {"utf-16-le", "utf-16-be"}:  # without a mark they are told by their zeros: mostly ASCII
        text = "Variable name,label,unit,decimals,minimum\nhb,Haemoglobin,,,\n"
        assert rows(tmp_path / "d.csv", text.encode(encoding)) == (
            [(2, {"name": "hb", "label": "Haemoglobin"})],
            (),
        )
    else:
        assert rows(tmp_path / "d.csv", text.encode(encoding)) == (READ, ())


def test_western_accents_are_not_taken_for_korean(tmp_path):
    text = "name,label\ntaille,Taille mesurée à l'été, où ?\nâge,Âge\n".replace("été, où", "été; où")
    found, problems = rows(tmp_path / "d.csv", text.encode("cp1252"))
    assert found[0][1]["label"] == "Taille mesurée à l'été; où ?"
    assert len(problems) == 1 and problems[0].startswith("d.csv:2: ") and "Windows-1252" in problems[0]


def test_one_broken_character_does_not_change_the_encoding(tmp_path):
    text = "name,설명\nhb,혈색소 수치\nna,나트륨 수치\n".encode().replace("륨".encode(), b"\xff")
    found, problems = rows(tmp_path / "d.csv", text)
    assert found[0] == READ[0] and found[1][1]["label"] == "나트� 수치"
    assert problems[0].startswith("d.csv:3: a character is broken here")


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_separators_and_rows_above_the_header(tmp_path, delimiter):
    text = f"Dictionary of the clinic\n\nno{delimiter}이름{delimiter}설명\n1{delimiter}hb{delimiter}a, b; c\n"
    found, problems = rows(tmp_path / "d.csv", text.replace("a, b; c", '"a, b; c"'))
    assert (found, problems) == ([(4, {"name": "hb", "label": "a, b; c"})], ())


def test_broken_rows(tmp_path):
    text = "name,label\na,b,c\nd\n" + 'e,"f" g\nh,"i\n'
    found, problems = rows(tmp_path / "d.csv", text)
    assert found == [(3, {"name": "d"})]
    assert [line.split(": ")[0] for line in problems] == ["d.csv:2", "d.csv:4", "d.csv:5"]


def test_two_columns_that_mean_the_same(tmp_path):
    found, problems = rows(tmp_path / "d.csv", "name,label,설명\na,,c\n")
    assert found == [(2, {"name": "a", "label": "c"})]
    assert problems[0].startswith("d.csv:1: the columns ['label', '설명'] mean the same")


def test_a_file_too_large_is_refused_without_reading_it(tmp_path):
    path = tmp_path / "data.csv"
    with path.open("wb") as file:
        file.write(b"name,label\n")
        file.truncate(LARGEST + 2 * 2**30)
    with pytest.raises(CatalogInvalid, match="It looks like data"):
        open_delimited(path, path.name, COLUMNS)


def test_a_folder_or_nothing_in_place_of_a_file(tmp_path):
    with pytest.raises(CatalogInvalid, match="cannot be opened"):
        detect_encoding(tmp_path / "gone.csv", "gone.csv")
    with pytest.raises(CatalogInvalid, match="cannot be opened"):
        detect_encoding(tmp_path, "folder")
