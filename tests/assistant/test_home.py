from __future__ import annotations

import shutil
import signal
import subprocess
import sys
import time

import pytest

from assistant.home import Home
from assistant.sample import load_sample
from knowledge.errors import CatalogMissing, HomeBusy, IndexMissing, StoreUnavailable


def test_making_it_twice_changes_nothing(tmp_path):
    home = Home(tmp_path / "a" / "home")
    home.create()
    home.create()
    assert {path.name for path in home.root.iterdir()} == {"index", "catalog"}


def test_a_place_that_cannot_hold_it(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreUnavailable, match="cannot be made"):
        Home(tmp_path / "file" / "home").create()


def test_reading_needs_something_to_read(tmp_path):
    with pytest.raises(IndexMissing, match="no home"):
        Home(tmp_path / "none").hold("shared")
    home = Home(tmp_path)
    home.create()
    with pytest.raises(IndexMissing, match="no index"):
        assert home.index
    with pytest.raises(CatalogMissing):
        home.versions.require()
    home.close()


def test_it_says_what_is_missing(tmp_path):
    with Home(tmp_path) as home:
        home.create()
        home.hold("exclusive")
        assert len(home.missing()) == 2
        (tmp_path / "d.md").write_text("# T\n\nA sentence of a document.\n")
        home.add_documents([tmp_path / "d.md"])
        (missing,) = home.missing()
        assert "catalog" in missing


def test_two_homes_read_one_folder_and_a_writer_waits(tmp_path):
    (tmp_path / "d.md").write_text("# T\n\nA sentence of a document.\n")
    root = tmp_path / "home"
    with Home(root) as home:
        home.add_documents([tmp_path / "d.md"])
    with Home(root, "one") as one, Home(root, "two") as two:
        assert one.index.search("sentence", 1) and two.index.search("sentence", 1)
        with pytest.raises(HomeBusy, match="one"):
            Home(root, "three").hold("exclusive", 0.2)


def test_loading_the_sample_again_changes_nothing(sample_home):
    with Home(sample_home) as home:
        home.hold("exclusive")
        assert home.missing() == ()
        indexed, imported = load_sample(home)
        assert not indexed.added and not indexed.updated and not indexed.removed and not indexed.failed
        assert not imported.changed and not imported.problems
        assert all(name.startswith("sample/") for name in indexed.unchanged)


def test_a_copied_home_can_load_the_sample(sample_home, tmp_path):
    root = tmp_path / "copy"
    shutil.copytree(sample_home, root)
    with Home(root) as home:
        indexed, _ = load_sample(home)
        assert not indexed.failed
        (hit,) = home.index.search("deadline", 1, kinds=frozenset({"document"}))
        assert home.index.document(hit.passage.document).text


IMPORT = """
import sys
from pathlib import Path
from assistant.home import Home
from assistant.sample import load_sample
with Home(Path(sys.argv[1])) as home:
    home.create()
    print("begun", flush=True)
    load_sample(home)
"""


@pytest.mark.parametrize("after", [0.5, 2.5])
def test_a_load_broken_off_is_finished_by_the_next(tmp_path, after):
    root = tmp_path / "home"
    process = subprocess.Popen([sys.executable, "-c", IMPORT, str(root)], stdout=subprocess.PIPE)
    assert process.stdout.readline() == b"begun\n"
    time.sleep(after)
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert not (root / "sample.json").exists()
    (tmp_path / "d.md").write_text("# T\n\nA sentence of a document.\n")
    with Home(root) as home:
        home.add_documents([tmp_path / "d.md"])
        assert home.index.search("sentence of a document", 1)[0].passage.document == "d.md"
