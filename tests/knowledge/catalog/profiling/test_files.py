"""Files as hospitals send them: encodings, separators, several per table, and broken ones."""

from __future__ import annotations

import resource
from pathlib import Path

import pytest
from sqlglot import exp

from knowledge.catalog.profiling.duckdb_engine import DuckDbEngine, open_duckdb
from knowledge.catalog.profiling.files import files_in, open_files
from knowledge.errors import CatalogInvalid, StoreUnavailable


def read(*paths: Path, encoding: str = "") -> DuckDbEngine:
    return open_files({"t": list(paths)}, encoding)


def rows(engine: DuckDbEngine) -> int:
    return int(engine.run(exp.select(exp.Count(this=exp.Star())).from_("t"))[0][0])


def where(engine: DuckDbEngine, column: str, value: str) -> int:
    test = exp.EQ(this=exp.column(column, quoted=True), expression=exp.Literal.string(value))
    return int(engine.run(exp.select(exp.Count(this=exp.Star())).from_("t").where(test))[0][0])


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp949", "utf-16"])
def test_encodings_are_found_out(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "t.csv"
    path.write_bytes("번호,이름\r\n1,홍길동\r\n2,\"쉼표, 따옴표\"\"\"\r\n".encode(encoding))
    engine = read(path)
    assert list(engine.tables("")["t"].columns) == ["번호", "이름"]
    assert where(engine, "이름", "홍길동") == where(engine, "이름", '쉼표, 따옴표"') == 1
    engine.close()


def test_an_encoding_that_is_none_of_them(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_bytes(b"id,name\n1,\xff\xff\xff\n")
    with pytest.raises(CatalogInvalid, match=r"t.csv:2: it is not UTF-8 or CP949 text"):
        read(path)
    path.write_bytes("id,이름\n1,홍\n".encode("cp949"))
    with pytest.raises(CatalogInvalid, match=r"t.csv:1: it is not UTF-8 text"):
        read(path, encoding="utf-8")


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_separators(tmp_path: Path, separator: str) -> None:
    path = tmp_path / "t.csv"
    path.write_text(separator.join(("id", "a b", "c")) + "\n" + separator.join(("1", '"x\ny"', "")) + "\n")
    assert where(read(path), "a b", "x\ny") == 1


def test_types_are_found_over_all_rows(tmp_path: Path) -> None:
    """One text at the end of many numbers makes a column text, and no number is lost."""
    path = tmp_path / "t.csv"
    path.write_text("n,m,d,e\n" + "1,2.5,2024-01-01,\n" * 3_000 + "x,3,2024-01-02,\n")
    engine = read(path)
    assert {name: column.says for name, column in engine.tables("")["t"].columns.items()} == {
        "n": None, "m": "number", "d": "date", "e": None,
    }
    assert where(engine, "n", "1") == 3_000


def test_several_files_are_one_table(tmp_path: Path) -> None:
    for year in (2020, 2021):
        (tmp_path / f"{year}.csv").write_text(f"id,year\n1,{year}\n")
    assert rows(read(tmp_path / "2020.csv", tmp_path / "2021.csv")) == 2
    (tmp_path / "2021.csv").write_text("id,yr\n1,2021\n")
    with pytest.raises(CatalogInvalid, match=r"2021.csv: its header differs from that of 2020.csv in 'year'"):
        read(tmp_path / "2020.csv", tmp_path / "2021.csv")


@pytest.mark.parametrize(("content", "said"), [
    ("", "t.csv:1: it holds no header"),
    ("id,ID\n1,2\n", "t.csv:1: the column 'id' stands twice"),
    ("id,,\n1,2,3\n", "t.csv:1: a column has no name"),
    ("id,a\n1,2\n3\n", "t.csv:3: the row is not CSV with 2 cells"),
    ("id,a\n1,2\n3,4,5\n", "t.csv:3: the row is not CSV with 2 cells"),
])
def test_broken_files(tmp_path: Path, content: str, said: str) -> None:
    path = tmp_path / "t.csv"
    path.write_text(content)
    with pytest.raises(CatalogInvalid, match=said):
        read(path)


def test_files_that_are_not_what_their_names_say(tmp_path: Path) -> None:
    (tmp_path / "t.parquet").write_text("id\n1\n")
    with pytest.raises(CatalogInvalid, match=r"t.parquet: not readable as Parquet"):
        read(tmp_path / "t.parquet")
    (tmp_path / "t.csv.gz").write_text("id\n1\n")
    with pytest.raises(CatalogInvalid, match=r"t.csv.gz: it cannot be read"):
        read(tmp_path / "t.csv.gz")
    (tmp_path / "t.duckdb").write_text("nothing")
    with pytest.raises(StoreUnavailable, match=r"t.duckdb' cannot be opened"):
        open_duckdb(tmp_path / "t.duckdb")


def test_the_tables_of_a_folder(tmp_path: Path) -> None:
    with pytest.raises(CatalogInvalid, match="holds no CSV or Parquet file"):
        files_in(tmp_path)
    for name in ("visit.csv", "person.CSV", "notes.docx", ".hidden.csv", "lab.csv.gz"):
        (tmp_path / name).touch()
    assert list(files_in(tmp_path)) == ["lab", "person", "visit"]
    (tmp_path / "visit.parquet").touch()
    with pytest.raises(CatalogInvalid, match=r"'visit' has several files: visit.csv, visit.parquet"):
        files_in(tmp_path)
    with pytest.raises(CatalogInvalid, match="There is no folder"):
        files_in(tmp_path / "nothing")


def test_a_large_file_does_not_fill_memory(tmp_path: Path) -> None:
    """60 MB in CP949 are read twice over without growing by nearly as much in Python."""
    path = tmp_path / "t.csv"
    line = "1,홍길동,2024-01-01,정상 소견이며 추적 관찰\n".encode("cp949")
    with path.open("wb") as file:
        file.write("id,이름,날짜,소견\n".encode("cp949"))
        for _ in range(300):
            file.write(line * (200_000 // len(line)))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    engine = read(path)
    assert rows(engine) == 300 * (200_000 // len(line))
    engine.close()
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 400_000  # kB
