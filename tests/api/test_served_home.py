"""Commands on a home that a server holds: they go through it and print the same."""

from __future__ import annotations

import os
import shutil
import signal
import time

import httpx
import pytest

from api.server_record import FILE_NAME, ServerRecord, new_token


@pytest.fixture
def server(start_server, small_home):
    """A server of its own, to be stopped."""
    return start_server(small_home)


@pytest.fixture(scope="module")
def shared(start_server, made_home, tmp_path_factory):
    """A server over a home that the tests here change, each in its own way."""
    root = tmp_path_factory.mktemp("shared") / "home"
    shutil.copytree(made_home, root)
    return start_server(root)


def test_search_prints_the_same_with_and_without_a_server(command, small_home, start_server):
    words = ("--json", "--home", str(small_home), "search", "ethics review cost", "-k", "3")
    alone = command(*words)
    start_server(small_home)
    assert command(*words) == alone and alone.code == 0


def test_index_and_import_go_through_the_server(command, shared, tmp_path, catalog_folder):
    root = ("--json", "--home", str(shared.home))
    folder = tmp_path / "more"
    folder.mkdir()
    (folder / "parking.md").write_text("# Parking\n\nParking behind the clinic costs nothing on Sundays.\n")
    (folder / "broken.md").write_bytes(b"\xff\xfe\x00\x01 \xd8")
    added = command(*root, "index", str(folder), "--source", "more")
    assert added.code == 0 and added.json["added"] == ["more/parking.md"] and added.json["failed"]
    found = httpx.get(
        f"{shared.url}/api/search", params={"q": "parking on Sundays"}, trust_env=False, timeout=60
    ).json()
    assert "more/parking.md" in [passage["document"] for passage in found["passages"]]
    removed = command(*root, "index", "--remove", str(folder), "--source", "more")
    assert removed.json["removed"] == ["more/parking.md"]
    again = command(*root, "catalog", "import", "giljabi", str(catalog_folder))
    assert again.code == 0 and not again.json["changed"]


def test_a_catalog_imported_through_the_server_is_in_use_there(
    command, start_server, tmp_path, catalog_folder, documents
):
    server = start_server(tmp_path / "fresh")
    root = ("--json", "--home", str(server.home))
    assert command(*root, "index", str(documents)).code == 0
    imported = command(*root, "catalog", "import", "giljabi", str(catalog_folder))
    assert imported.code == 0 and imported.json["changed"]
    assert httpx.get(f"{server.url}/readyz", trust_env=False, timeout=60).status_code == 200
    assert (
        httpx.get(f"{server.url}/api/catalog/info", trust_env=False, timeout=60).json()["version"]
        == imported.json["version"]
    )


def test_the_servers_problems_keep_their_exit_codes(command, shared, tmp_path):
    root = ("--json", "--home", str(shared.home))
    empty = command(*root, "search", " ")
    assert empty.code == 1 and empty.json["type"].endswith("question-invalid")
    (tmp_path / "hollow").mkdir()
    broken = command(*root, "catalog", "import", "giljabi", str(tmp_path / "hollow"))
    assert broken.code == 1 and broken.json["type"].endswith("catalog-invalid")


def test_a_second_server_is_refused_at_once(giljabi, shared):
    started = time.monotonic()
    second = giljabi("--json", "--home", str(shared.home), "serve", "--port", "0")
    assert second.code == 3 and str(shared.pid) in second.json["detail"]
    assert time.monotonic() - started < 10


def test_a_taken_port_is_said(giljabi, small_server, tmp_path):
    port = small_server.url.rsplit(":", 1)[1]
    ran = giljabi("--json", "--home", str(tmp_path / "other"), "serve", "--port", port)
    assert ran.code == 3 and port in ran.json["detail"] and "--port" in ran.json["hint"]


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_a_stopped_server_leaves_nothing_behind(command, server, how):
    os.kill(server.pid, how)
    give_up = time.monotonic() + 20
    while (server.home / FILE_NAME).exists():
        assert time.monotonic() < give_up
        time.sleep(0.05)
    assert command("--json", "--home", str(server.home), "search", "review").code == 0


def test_a_killed_server_is_noticed(command, server):
    os.kill(server.pid, signal.SIGKILL)
    os.waitpid(server.pid, 0)
    assert (server.home / FILE_NAME).exists()
    assert command("--json", "--home", str(server.home), "search", "review").code == 0


def test_a_record_of_another_server_is_not_believed(command, small_home, small_server):
    """A process id that lives on as something else, at a port where something else listens."""
    port = int(small_server.url.rsplit(":", 1)[1])
    ServerRecord(os.getpid(), "127.0.0.1", port, new_token()).write(small_home)
    ran = command("--json", "--home", str(small_home), "search", "review")
    assert ran.code == 0


def test_a_server_that_is_not_on_loopback_is_not_called(command, small_home):
    ServerRecord(os.getpid(), "192.0.2.1", 8000, new_token()).write(small_home)
    ran = command("--json", "--home", str(small_home), "search", "review")
    assert ran.code == 3 and "192.0.2.1" in ran.json["detail"] and "--host" in ran.json["hint"]
