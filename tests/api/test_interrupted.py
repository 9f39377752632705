"""Ctrl-C while documents are being indexed: one problem, no half-made state, and the next run finishes."""

from __future__ import annotations

import json
import signal
import subprocess
import time

from tests.conftest import GILJABI, command_environment

LINES = "Sentence {0} of document {1} says how long the review of request {0} takes in week {1}.\n\n"
MANY = 120


def test_an_interrupted_index_can_be_finished(command, tmp_path):
    folder = tmp_path / "many"
    folder.mkdir()
    for number in range(MANY):
        text = "".join(LINES.format(line, number) for line in range(8))
        (folder / f"{number}.md").write_text(f"# Document {number}\n\n{text}", encoding="utf-8")
    home = tmp_path / "home"
    arguments = [*GILJABI, "--json", "--home", str(home), "index", str(folder)]
    process = subprocess.Popen(
        arguments, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=command_environment()
    )
    while not (home / "index" / "chroma").exists():
        assert process.poll() is None
        time.sleep(0.05)
    time.sleep(1.0)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 130, err
    assert json.loads(out)["type"].endswith("interrupted") and b"Traceback" not in err
    assert not list((home / "holders").iterdir())

    finished = command("--json", "--home", str(home), "index", str(folder)).json
    assert len(finished["added"]) + len(finished["unchanged"]) == MANY
    found = command("--json", "--home", str(home), "search", "document 7 review", "-k", "5").json
    assert found["passages"]
