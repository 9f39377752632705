"""Adding, updating, removing: what the index reports and what it then holds."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from knowledge.documents import prepare
from knowledge.documents.index import KnowledgeIndex
from knowledge.errors import DocumentInvalid, IndexMissing, NotFound, StoreUnavailable
from knowledge.text import Language
from tests.knowledge.documents.conftest import FILES, TODAY, write


@dataclass(frozen=True)
class Entry:
    document: str
    kind: str
    title: str
    text: str
    language: Language


def points(index: KnowledgeIndex) -> dict[str, int]:
    """What Chroma holds, which must be what the store says."""
    held = {name: count for name, count in index._holdings.dense.counts().items() if count}
    assert held == index._holdings.points.live()
    return held


def found(index: KnowledgeIndex, words: str) -> set[str]:
    return {hit.passage.document for hit in index.search(words, 20)}


def test_a_folder_is_added_once_and_then_costs_nothing(fresh: KnowledgeIndex, archive: Path) -> None:
    steps: list[tuple[str, int, int]] = []
    report = fresh.add_paths([archive], progress=lambda *step: steps.append(step))
    assert set(report.added) == set(FILES)
    assert [step[1:] for step in steps] == [(n, len(FILES)) for n in range(1, len(FILES) + 1)]
    again = fresh.add_paths([archive])
    assert set(again.unchanged) == set(FILES)
    assert not (again.added or again.updated or again.removed or again.failed)


def test_every_hit_is_an_exact_range_of_its_stored_version(index: KnowledgeIndex) -> None:
    hits = index.search("요금 deposit closing date 결측", 50)
    assert len(hits) >= 5
    for hit in hits:
        passage = hit.passage
        stored = index.document(passage.document, passage.version)
        assert stored.text[passage.start : passage.end] == passage.text
        assert passage.title == stored.title


def test_an_update_replaces_passages_and_keeps_the_old_version(fresh: KnowledgeIndex, tmp_path: Path) -> None:
    folder = write(tmp_path / "docs", {"a.md": "# A\n\nThe old fee is nine crowns.", "b.md": "# B\n\nStays."})
    fresh.add_paths([folder])
    before = fresh.document("a.md")
    write(folder, {"a.md": "# A\n\nThe new fee is ten crowns."})
    report = fresh.add_paths([folder])
    assert (report.updated, report.unchanged) == (("a.md",), ("b.md",))
    assert "ten" in fresh.document("a.md").text
    assert fresh.document("a.md", before.version) == before
    assert all("nine" not in hit.passage.text for hit in fresh.search("fee nine crowns", 10))
    write(folder, {"a.md": "# A\n\nThe old fee is nine crowns."})
    assert fresh.add_paths([folder]).updated == ("a.md",)
    assert fresh.document("a.md") == before
    assert points(fresh) == {"document-en": 2}


def test_vanished_files_are_removed_and_stay_readable_by_version(
    fresh: KnowledgeIndex, tmp_path: Path
) -> None:
    folder = write(tmp_path / "docs", {"a.md": "Alpha text.", "sub/b.md": "Beta text."})
    fresh.add_paths([folder])
    version = fresh.document("sub/b.md").version
    (folder / "sub/b.md").unlink()
    assert fresh.add_paths([folder]).removed == ("sub/b.md",)
    assert [d.document for d in fresh.documents()] == ["a.md"]
    with pytest.raises(NotFound):
        fresh.document("sub/b.md")
    assert fresh.document("sub/b.md", version).text == "Beta text."
    assert points(fresh) == {"document-en": 1}


def test_removing_a_file_or_a_folder(fresh: KnowledgeIndex, tmp_path: Path) -> None:
    folder = write(tmp_path / "docs", {"a.md": "Alpha.", "sub/b.md": "Beta.", "sub/c.md": "Gamma."})
    fresh.add_paths([folder])
    assert fresh.remove_paths([folder / "a.md"]).removed == ("a.md",)
    report = fresh.remove_paths([folder / "sub", tmp_path / "other"])
    assert set(report.removed) == {"sub/b.md", "sub/c.md"}
    assert report.failed[0][0] == str(tmp_path / "other")
    assert fresh.documents() == []
    assert fresh.search("Alpha") == []
    assert points(fresh) == {}


def test_broken_files_are_named_and_the_rest_is_indexed(fresh: KnowledgeIndex, tmp_path: Path) -> None:
    folder = write(tmp_path / "docs", {"good.md": "Good text.", "bad.md": "---\ntitle: a: b\n---\nText."})
    (folder / "nul.txt").write_bytes(b"a\x00b")
    (folder / "sheet.xlsx").write_bytes(b"PK")
    write(folder, {"only.md": "<!-- a comment -->"})
    write(folder, {".hidden.md": "Hidden."})
    named = [
        folder / "sheet.xlsx",
        folder / ".hidden.md",
        tmp_path / "absent.md",
        Path("\x00"),
        Path("a" * 5000),
    ]
    report = fresh.add_paths([folder, *named])
    assert report.added == ("good.md",)
    reasons = {Path(path).name: reason for path, reason in report.failed}
    broken = {"bad.md", "nul.txt", "only.md", "sheet.xlsx", ".hidden.md", "absent.md"}
    assert broken < set(reasons) and len(report.failed) == len(broken) + 2
    assert "line 2" in reasons["bad.md"] and "not an Excel file" in reasons["sheet.xlsx"]


def test_a_file_that_breaks_keeps_its_last_good_version(fresh: KnowledgeIndex, tmp_path: Path) -> None:
    folder = write(tmp_path / "docs", {"a.md": "Alpha text."})
    fresh.add_paths([folder])
    write(folder, {"a.md": ""})
    report = fresh.add_paths([folder])
    assert "The version indexed before stays" in report.failed[0][1]
    assert fresh.document("a.md").text == "Alpha text."


def test_a_file_by_itself_is_known_by_its_folder_or_its_name(fresh: KnowledgeIndex, tmp_path: Path) -> None:
    folder = write(tmp_path / "docs", {"sub/a.md": "Alpha.", "sub/b.md": "Beta."})
    assert fresh.add_paths([folder / "sub/a.md"]).added == ("a.md",)
    assert fresh.add_paths([folder]).added == ("sub/b.md",)
    assert fresh.add_paths([folder / "sub/b.md"]).unchanged == ("sub/b.md",)
    assert set(fresh.add_paths([folder / "sub"]).unchanged) == {"a.md", "sub/b.md"}


def test_a_linked_folder_or_file_is_one_document(fresh: KnowledgeIndex, tmp_path: Path) -> None:
    folder = write(tmp_path / "docs", {"a.md": "Alpha."})
    (tmp_path / "link").symlink_to(folder)
    (tmp_path / "named.md").symlink_to(folder / "a.md")
    fresh.add_paths([folder])
    assert fresh.add_paths([tmp_path / "link"]).unchanged == ("a.md",)
    assert "same content as 'a.md'" in fresh.add_paths([tmp_path / "named.md"]).failed[0][1]
    assert fresh.add_paths([tmp_path / "named.md"], source="again").added == ("again/named.md",)
    assert fresh.remove_paths([tmp_path / "named.md"], source="again").removed == ("again/named.md",)
    assert fresh.remove_paths([tmp_path / "link", Path("\x00")]).removed == ("a.md",)


def test_a_source_prefixes_and_keeps_folders_apart(fresh: KnowledgeIndex, tmp_path: Path) -> None:
    one = write(tmp_path / "one", {"a.md": "Alpha of one."})
    two = write(tmp_path / "two", {"a.md": "Alpha of two."})
    fresh.add_paths([one])
    with pytest.raises(DocumentInvalid) as caught:
        fresh.add_paths([two])
    assert str(one / "a.md") in caught.value.message and str(two / "a.md") in caught.value.message
    assert fresh.document("a.md").text == "Alpha of one."
    with pytest.raises(DocumentInvalid, match="Two files"):
        fresh.add_paths([one, two], source="both")
    assert fresh.add_paths([two], source="two/").added == ("two/a.md",)
    assert fresh.remove_paths([two]).removed == ()
    assert fresh.remove_paths([two], source="two").removed == ("two/a.md",)


def test_a_moved_folder_is_the_same_documents(fresh: KnowledgeIndex, tmp_path: Path) -> None:
    folder = write(tmp_path / "old", {"a.md": "Alpha.", "b.md": "Beta."})
    fresh.add_paths([folder])
    moved = folder.rename(tmp_path / "new")
    report = fresh.add_paths([moved])
    assert set(report.unchanged) == {"a.md", "b.md"} and not report.removed
    (moved / "b.md").unlink()
    assert fresh.add_paths([moved]).removed == ("b.md",)


def test_equal_texts_are_embedded_and_held_once(fresh: KnowledgeIndex, tmp_path: Path) -> None:
    same = "# Hours\n\nThe room is open from nine to five."
    texts = {"a.md": same, "b.md": same + "\n", "c.md": same + " Not today."}
    fresh.add_paths([write(tmp_path / "docs", texts)])
    assert points(fresh) == {"document-en": 2}
    assert {"a.md", "b.md", "c.md"} <= found(fresh, "opening hours of the room")


def test_documents_are_prepared_again_when_preparing_changed(
    fresh: KnowledgeIndex, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = write(tmp_path / "docs", {"a.md": "Alpha."})
    fresh.add_paths([folder])
    monkeypatch.setattr("knowledge.documents.index.FORMAT", prepare.FORMAT + "x")
    assert fresh.add_paths([folder]).updated == ("a.md",)


def test_an_unknown_document_is_answered_with_near_names(index: KnowledgeIndex) -> None:
    with pytest.raises(NotFound) as caught:
        index.document("lighthous.md")
    assert "'lighthouse.md'" in caught.value.hint


ENTRIES = [
    Entry(
        "tides",
        "dataset",
        "Tide gauge records",
        "Tide gauge records (tides). Water level at six piers.",
        "en",
    ),
    Entry("tides", "dataset", "조위 관측 기록", "조위 관측 기록 (tides). 여섯 부두의 수위.", "ko"),
    Entry("tides/levels.wl_cm", "variable", "Water level", "Water level (wl_cm). Unit: cm.", "en"),
    Entry("tides/levels.wl_cm", "variable", "수위", "수위 (wl_cm). 단위: cm.", "ko"),
    Entry("tides/levels.salt", "variable", "Salinity", "Salinity (salt). Unit: PSU.", "en"),
]


def test_the_catalog_is_replaced_as_a_whole(fresh: KnowledgeIndex) -> None:
    fresh.replace_catalog(ENTRIES, "v1")
    assert fresh.catalog_version == "v1"
    assert points(fresh) == {"dataset-en": 1, "dataset-ko": 1, "variable-en": 2, "variable-ko": 1}
    hit = fresh.search("수위 변수", 5)[0].passage
    assert (hit.document, hit.kind, hit.version, hit.id) == (
        "tides/levels.wl_cm", "variable", "v1", "catalog:tides/levels.wl_cm",
    )  # fmt: skip
    assert (hit.start, hit.end) == (0, len(hit.text))
    fresh.replace_catalog(ENTRIES[2:4], "v2")
    assert fresh.catalog_version == "v2"
    assert points(fresh) == {"variable-en": 1, "variable-ko": 1}
    assert {h.passage.version for h in fresh.search("수위 water level", 9)} == {"v2"}


def test_an_entry_in_two_languages_is_one_hit(fresh: KnowledgeIndex) -> None:
    fresh.replace_catalog(ENTRIES + ENTRIES[:1], "v1")
    names = [hit.passage.document for hit in fresh.search("water level 수위 salinity", 20)]
    assert len(names) == len(set(names)) == 3


def test_reopening_gives_the_same_answers(tmp_path: Path, archive: Path) -> None:
    first = KnowledgeIndex(tmp_path / "index", today=TODAY)
    first.add_paths([archive])
    first.replace_catalog(ENTRIES, "v1")
    expected = first.search("폭풍 water level", 20)
    first.close()
    second = KnowledgeIndex(tmp_path / "index", today=TODAY)
    assert second.search("폭풍 water level", 20) == expected
    assert second.catalog_version == "v1"
    second.close()


def change_meta(key: str) -> Callable[[Path], None]:
    def change(folder: Path) -> None:
        with sqlite3.connect(folder / "store.sqlite") as connection:
            connection.execute("UPDATE meta SET value = 'another' WHERE key = ?", (key,))
        connection.close()

    return change


@pytest.mark.parametrize("key", ["model", "dimension", "schema"])
def test_an_index_of_another_make_is_refused(tmp_path: Path, key: str) -> None:
    KnowledgeIndex(tmp_path / "index").close()
    change_meta(key)(tmp_path / "index")
    with pytest.raises(IndexMissing, match="'another'"):
        KnowledgeIndex(tmp_path / "index")


def test_a_broken_store_is_said_to_be_unavailable(tmp_path: Path) -> None:
    (tmp_path / "store.sqlite").write_bytes(b"this is not a database" * 100)
    with pytest.raises(StoreUnavailable, match=r"store\.sqlite"):
        KnowledgeIndex(tmp_path)
