from __future__ import annotations

import json
import os
import stat
import subprocess
import sys

import pytest

from api.server_record import FILE_NAME, ServerRecord, new_token, read_record, remove_record


def test_the_file_is_its_owners_only_and_reads_back(tmp_path):
    record = ServerRecord(os.getpid(), "127.0.0.1", 8000, new_token())
    record.write(tmp_path)
    assert stat.S_IMODE((tmp_path / FILE_NAME).stat().st_mode) == 0o600
    assert read_record(tmp_path) == record
    remove_record(tmp_path)
    assert read_record(tmp_path) is None


def test_a_dead_process_left_nothing(tmp_path):
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    ServerRecord(gone.pid, "127.0.0.1", 8000, "t").write(tmp_path)
    assert read_record(tmp_path) is None


@pytest.mark.parametrize(
    "content", ["", "{", "[]", '{"pid": 1}', json.dumps({"pid": "1", "host": "", "port": 1, "token": ""})]
)
def test_a_broken_file_counts_as_none(tmp_path, content):
    (tmp_path / FILE_NAME).write_text(content)
    assert read_record(tmp_path) is None


@pytest.mark.parametrize(
    ("host", "base"),
    [
        ("127.0.0.1", "http://127.0.0.1:8"),
        ("0.0.0.0", "http://127.0.0.1:8"),
        ("::", "http://[::1]:8"),
        ("::1", "http://[::1]:8"),
        ("localhost", "http://127.0.0.1:8"),
        ("192.168.0.7", None),
        ("example.org", None),
    ],
)
def test_only_loopback_is_ever_called(host, base):
    assert ServerRecord(1, host, 8, "t").loopback == base


def test_the_instance_gives_nothing_of_the_token_away():
    record = ServerRecord(1, "127.0.0.1", 8, new_token())
    assert record.instance not in record.token and record.token not in record.instance
