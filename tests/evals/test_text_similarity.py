"""How near an answer comes to its reference, without any extra."""

from __future__ import annotations

import pytest

from api.eval_judge import configured_judge
from api.settings import load_settings
from evals.gate import read_thresholds
from evals.morpheme_f1 import morpheme_f1
from evals.ragas_metrics import JUDGED, lacking
from evals.score import score
from knowledge.errors import CaseInvalid, SettingsInvalid
from tests.evals.planted import QUOTE, log_of, right

KOREAN = "심의 수수료는 30만 원이고 한 번만 냅니다."


def test_endings_and_particles_hide_nothing_that_is_shared():
    assert morpheme_f1(KOREAN, KOREAN) == 1.0
    assert morpheme_f1("심의에는 수수료로 30만 원을 한 번만 내며, 그게 다입니다.", KOREAN) > 0.5
    assert morpheme_f1("기차 요금은 지급하지 않습니다.", KOREAN) < 0.3
    assert morpheme_f1("", KOREAN) == 0.0 == morpheme_f1("...", "!")


def test_it_is_told_in_all_and_by_language(tmp_path):
    english, korean = right("answers"), right("answers")
    korean["case"] = {**korean["case"], "id": "a2", "language": "ko", "reference": KOREAN}
    korean["answer"].update(text=KOREAN)
    found = score(log_of(tmp_path / "log.jsonl", english, korean)).suites["answers"].scores
    assert found["morpheme_f1_ko"].value == 1.0 and found["morpheme_f1"].of == 2
    assert found["morpheme_f1_en"].value > 0.8  # its reference, and the mark of the citation
    assert found["morpheme_f1"].value == pytest.approx(
        (found["morpheme_f1_ko"].value + found["morpheme_f1_en"].value) / 2
    )
    assert QUOTE in english["answer"]["text"]


def test_what_is_skipped_is_named_with_what_it_lacks(tmp_path):
    (line,) = score(log_of(tmp_path / "log.jsonl", right("answers"))).skipped
    assert all(metric in line for metric in JUDGED)
    assert ("not installed" in line) == bool(lacking())


@pytest.mark.parametrize("name", ["ragas_faithfulness", "morpheme_f1_ko"])
def test_a_threshold_cannot_make_them_gate(tmp_path, name):
    path = tmp_path / "thresholds.toml"
    path.write_text(f"[suites.answers]\n{name} = 0.5\n", encoding="utf-8")
    with pytest.raises(CaseInvalid, match=f"'{name}' never gates"):
        read_thresholds(path)


def test_a_judge_is_named_whole_or_not_at_all(command, tmp_path, monkeypatch):
    log = tmp_path / "log.jsonl"
    log_of(log, right("answers"))
    ran = command("--json", "eval", "score", str(log), "--judge-url", "http://127.0.0.1:9/v1")
    assert ran.code == 3 and "name of its model" in ran.json["detail"]
    monkeypatch.setenv("GILJABI_JUDGE_MODEL", "small")
    with pytest.raises(SettingsInvalid):
        configured_judge(load_settings())
    monkeypatch.setenv("GILJABI_JUDGE_URL", "http://127.0.0.1:9/v1")
    monkeypatch.setenv("GILJABI_JUDGE_KEY", "secret")
    judge = configured_judge(load_settings())
    assert judge is not None and (judge.model, judge.key, judge.total) == ("small", "secret", 600.0)
    assert "secret" not in repr(judge)
