from __future__ import annotations

import os
import subprocess
import sys
import textwrap
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from knowledge.catalog.folder import read_folder
from knowledge.catalog.import_folder import import_folder
from knowledge.catalog.read import load_catalog
from knowledge.catalog.stage import StagedCatalog
from knowledge.catalog.versions import CatalogVersions
from knowledge.errors import CatalogInvalid, CatalogMissing, NotFound, StoreUnavailable
from tests.knowledge.catalog.eye_clinic import FILES, with_rows, write_folder

MORE = with_rows("counts.csv", "glaucoma,,2019,,,700,,released")


@pytest.fixture
def versions(tmp_path: Path) -> CatalogVersions:
    return CatalogVersions(tmp_path / "catalog")


def folder(tmp_path: Path, **changed: str) -> StagedCatalog:
    return read_folder(write_folder(tmp_path / "folder", **changed))[0]


def stamps(root: Path) -> dict[str, tuple[int, int]]:
    return {p.name: (p.stat().st_mtime_ns, p.stat().st_ino) for p in root.iterdir()}


def test_before_the_first_import(versions: CatalogVersions) -> None:
    assert versions.current() is None
    assert versions.versions() == []
    with pytest.raises(CatalogMissing, match="no catalog yet"):
        versions.require()


def test_a_version_id_is_the_declared_version_and_a_content_hash(
    tmp_path: Path, versions: CatalogVersions
) -> None:
    version = versions.publish(folder(tmp_path))
    declared, _, digest = version.rpartition("-")
    assert declared == "2031.10" and len(digest) == 8 and int(digest, 16) >= 0
    current = versions.require()
    assert (current.version, current.as_of, current.path.name) == (version, "2031-09-30", f"{version}.duckdb")
    assert load_catalog(current.path).version == version


def test_equal_content_is_one_version_and_writes_nothing(tmp_path: Path, versions: CatalogVersions) -> None:
    first = versions.publish(folder(tmp_path))
    before = stamps(tmp_path / "catalog")
    header, *rows = FILES["counts.csv"].splitlines(keepends=True)
    assert versions.publish(folder(tmp_path, counts=header + "".join(reversed(rows)))) == first
    assert stamps(tmp_path / "catalog") == before


@pytest.mark.parametrize(
    "changed",
    [
        {"counts": MORE},
        {"catalog": FILES["catalog.yaml"].replace("2031-09-30", "2031-10-31")},
        {"catalog": FILES["catalog.yaml"].replace("bins-10", "bins-ten")},
        {"teams": with_rows("teams.csv", "lens,,,,,,,")},
    ],
)
def test_other_content_is_another_version(
    tmp_path: Path, versions: CatalogVersions, changed: dict[str, str]
) -> None:
    first, second = versions.publish(folder(tmp_path)), versions.publish(folder(tmp_path, **changed))
    assert first != second
    assert versions.require().version == second
    assert versions.versions() == sorted([first, second])
    assert load_catalog(versions.version(first).path).version == first  # the former one is still there
    assert versions.publish(folder(tmp_path)) == first  # and can be returned to
    assert versions.require().version == first


def test_a_declared_version_cannot_leave_the_folder(tmp_path: Path, versions: CatalogVersions) -> None:
    version = versions.publish(
        folder(tmp_path, catalog=FILES["catalog.yaml"].replace("2031.10", "../../봄 2031"))
    )
    assert version.startswith("봄-2031-")
    assert versions.require().path.parent == tmp_path / "catalog"


def test_an_unknown_version(tmp_path: Path, versions: CatalogVersions) -> None:
    version = versions.publish(folder(tmp_path))
    with pytest.raises(NotFound, match=f"no catalog version 'x'. Stored are {version}"):
        versions.version("x")


KILL = """
import os, sys
from pathlib import Path
sys.path.insert(0, {root!r})
from knowledge.catalog.folder import read_folder
from knowledge.catalog.versions import CatalogVersions

steps = 0
def die(event, arguments):
    # The audit hook sees every rename and flush point; the process ends at the one asked for.
    global steps
    if event == "os.rename":
        steps += 1
        if steps == int(sys.argv[3]):
            os._exit(9)
folder, _ = read_folder(Path(sys.argv[1]))
sys.addaudithook(die)
CatalogVersions(Path(sys.argv[2])).publish(folder)
"""


@pytest.mark.parametrize("step", [1, 2, 3])
def test_a_kill_before_any_rename_leaves_the_former_version_in_use(
    tmp_path: Path, versions: CatalogVersions, step: int
) -> None:
    first = versions.publish(folder(tmp_path))
    new = folder(tmp_path, counts=MORE)
    root = Path(__file__).parents[3]
    code = textwrap.dedent(KILL.format(root=str(root)))
    arguments = [str(tmp_path / "folder"), str(tmp_path / "catalog"), str(step)]
    killed = subprocess.run([sys.executable, "-c", code, *arguments], cwd=root, check=False)
    assert killed.returncode == 9
    assert any(name.name.startswith(".unfinished-") for name in (tmp_path / "catalog").iterdir())
    assert versions.require().version == first
    assert load_catalog(versions.require().path).version == first
    assert versions.publish(new) == new.version  # and the next import finishes, and tidies up
    assert load_catalog(versions.require().path).version == new.version
    assert not any(name.name.startswith(".unfinished-") for name in (tmp_path / "catalog").iterdir())


def test_a_failing_import_leaves_the_former_version_in_use(tmp_path: Path, versions: CatalogVersions) -> None:
    first = versions.publish(folder(tmp_path))
    with pytest.raises(CatalogInvalid):
        import_folder(write_folder(tmp_path / "folder", catalog="version: ["), versions)
    assert versions.require().version == first


def test_a_place_that_cannot_be_written_to(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(StoreUnavailable, match="cannot be stored"):
        CatalogVersions(tmp_path / "file" / "catalog").publish(folder(tmp_path))


def test_a_lost_or_cut_file_is_said_and_mended_by_importing_again(
    tmp_path: Path, versions: CatalogVersions
) -> None:
    path = tmp_path / "folder"
    version = import_folder(write_folder(path), versions).version
    file = versions.require().path
    for damage in (file.unlink, lambda: os.truncate(file, 100)):
        damage()
        with pytest.raises(StoreUnavailable, match="gone or broken"):
            versions.current()
        assert import_folder(path, versions).version == version
        assert load_catalog(versions.require().path).version == version


def test_readers_always_find_a_whole_version(tmp_path: Path, versions: CatalogVersions) -> None:
    both = [folder(tmp_path), folder(tmp_path, counts=MORE)]
    for one in both:
        versions.publish(one)
    seen: list[tuple[str, str]] = []
    done = threading.Event()

    def look() -> None:
        while not done.is_set():
            found = versions.require()
            seen.append((found.version, load_catalog(found.path).version))

    readers = [threading.Thread(target=look) for _ in range(2)]
    for reader in readers:
        reader.start()
    for turn in range(40):
        versions.publish(both[turn % 2])
    done.set()
    for reader in readers:
        reader.join()
    assert seen and all(pointed == read for pointed, read in seen)
    assert {pointed for pointed, _ in seen} <= {one.version for one in both}


def test_two_importers_at_once(tmp_path: Path, versions: CatalogVersions) -> None:
    both = [folder(tmp_path), folder(tmp_path, counts=MORE)]

    def publish(one: StagedCatalog) -> str:
        return [CatalogVersions(tmp_path / "catalog").publish(one) for _ in range(5)][-1]

    with ThreadPoolExecutor(2) as pool:
        assert list(pool.map(publish, both)) == [one.version for one in both]
    assert versions.versions() == sorted(one.version for one in both)
    assert versions.require().version in versions.versions()


def test_reports(tmp_path: Path, versions: CatalogVersions) -> None:
    path = write_folder(tmp_path / "folder")
    first = import_folder(path, versions)
    assert (first.changed, first.previous, first.added, first.removed, first.changed_datasets) == (
        True,
        None,
        ("glaucoma", "refraction"),
        (),
        (),
    )
    assert first.rows["variables"] == 5 and first.problems == ()
    again = import_folder(path, versions)
    assert (again.version, again.changed, again.previous, again.added, again.changed_datasets) == (
        first.version,
        False,
        first.version,
        (),
        (),
    )
    write_folder(
        path,
        counts=MORE + "glaucoma,,2018,,,7,,released\n",
        datasets=with_rows("datasets.csv", "retina,lumen,,,,,,,,,,,,,,,").replace("refraction", "vision"),
        tables="dataset,table\n",
        linkage="dataset_a,dataset_b\n",
    )
    before = stamps(tmp_path / "catalog")
    preview = import_folder(path, versions, preview=True)
    assert (preview.preview, preview.changed, preview.previous) == (True, True, first.version)
    assert (preview.added, preview.removed, preview.changed_datasets) == (
        ("retina", "vision"),
        ("refraction",),
        ("glaucoma",),
    )
    assert any(problem.startswith("counts.csv:10: patients 7 is below") for problem in preview.problems)
    assert stamps(tmp_path / "catalog") == before
    assert versions.require().version == first.version
    assert import_folder(path, versions).version == preview.version == versions.require().version
