"""A folder full of files that cannot be read: each is named with its reason, the rest is indexed."""

from __future__ import annotations

from pathlib import Path

from knowledge.documents.index import KnowledgeIndex
from tests.knowledge.documents import test_formats

GOOD = {"ko.md": "# 요금\n\n요금은 10원입니다.\n", "en.md": "# Fees\n\nThe fee is 20 won.\n"}
DATES = "---\nvalid_from: 2025-02-30\n---\nText.\n"
MIXED = "가나다".encode() + "라마바사".encode("cp949")
LARGE = 300 * 1024 * 1024


def test_each_is_named_and_the_rest_indexed(fresh: KnowledgeIndex, tmp_path: Path) -> None:
    folder = tmp_path / "docs"
    folder.mkdir()
    for name, text in GOOD.items():
        (folder / name).write_text(text, encoding="utf-8")
    reasons = {name: reason for name, (_, reason) in test_formats.REFUSED.items()}
    for name, (make, _) in test_formats.REFUSED.items():
        (folder / name).write_bytes(make())
    (folder / "dates.md").write_text(DATES, encoding="utf-8")
    (folder / "mixed.txt").write_bytes(MIXED)
    (folder / "twice.md").write_text(GOOD["en.md"], encoding="utf-8")
    with (folder / "huge.pdf").open("wb") as file:
        file.truncate(LARGE)  # takes no room on the disk
    reasons |= {"dates.md": "day is out of range", "mixed.txt": "neither UTF-8 nor CP949"}
    reasons |= {"twice.md": "'en.md'", "huge.pdf": "more than"}

    report = fresh.add_paths([folder])

    said = {Path(path).name: reason for path, reason in report.failed}
    assert said.keys() == reasons.keys()
    for name, reason in reasons.items():
        assert name in said[name] and reason in said[name]
    assert sorted(report.added) == sorted(GOOD)
    assert fresh.search("요금", 3) and fresh.search("fee", 3)
