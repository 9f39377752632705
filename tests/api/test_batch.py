from __future__ import annotations

import pytest

from api.batch import run_batch
from api.problems import ProblemReported, problem_of
from knowledge.errors import CatalogMissing, NotFound, QueryTimeout, QuestionInvalid


@pytest.fixture
def batch(tmp_path, capfdbinary):
    import json

    def run(content: bytes, work):
        file = tmp_path / "batch.jsonl"
        file.write_bytes(content)
        run_batch(file, work)
        return [json.loads(line) for line in capfdbinary.readouterr().out.splitlines()]

    return run


def test_lines_keep_their_order_and_ids(batch):
    lines = batch(
        b'\xef\xbb\xbf{"id": 3, "text": "a"}\r\n\n{"text": "b"}\n{"id": "z", "text": "c"}',
        lambda line: {"id": "own", "got": line["text"]},
    )
    assert lines == [{"id": 3, "got": "a"}, {"id": "own", "got": "b"}, {"id": "z", "got": "c"}]


@pytest.mark.parametrize("broken", [b"{", b"[1]", b"null", b'"text"', b"\xff\xfe", b"[" * 100_000])
def test_a_broken_line_gives_its_error_and_the_rest_goes_on(batch, broken):
    first, second = batch(broken + b'\n{"id": 1}\n', lambda line: {"ok": True})
    assert first["line"] == 1 and first["id"] is None and first["error"]["status"] == 422
    assert second == {"id": 1, "ok": True}


@pytest.mark.parametrize(
    "error",
    [QuestionInvalid("empty"), QueryTimeout("slow"), ProblemReported(problem_of(NotFound("x")).document())],
)
def test_refused_work_gives_its_error_with_the_id(batch, error):
    def work(line):
        raise error

    (line,) = batch(b'{"id": "q1"}', work)
    assert line["id"] == "q1" and line["error"]["detail"] == str(error)


def test_what_every_line_would_meet_ends_the_batch(batch):
    def work(line):
        raise CatalogMissing("no catalog")

    with pytest.raises(CatalogMissing):
        batch(b'{"id": 1}\n{"id": 2}', work)


def test_a_file_that_is_not_there(tmp_path):
    with pytest.raises(NotFound, match="nothing"):
        run_batch(tmp_path / "nothing.jsonl", lambda line: {})
