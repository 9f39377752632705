"""Three more programmes whose documents and questions were written before anything was tried on them.

Single questions are not gated here, since words that nobody foresaw will always be missed; shares are.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
import yaml

from assistant.evidence import gather_evidence
from assistant.say_evidence import say_evidence
from knowledge.documents.index import KnowledgeIndex
from knowledge.glossary.glossary import load_terms
from knowledge.text import language_of

OTHERS = Path(__file__).parent / "others"
DAY = date(2026, 5, 1)


@pytest.mark.parametrize("programme", ["farm", "museum", "night_bus"])
def test_shares(programme: str, tmp_path: Path) -> None:
    index = KnowledgeIndex(tmp_path)
    assert not index.add_paths([OTHERS / programme / "documents"]).failed
    cases = yaml.safe_load((OTHERS / programme / "questions.yaml").read_text(encoding="utf-8"))
    held = answerable = declined = unanswerable = 0
    for case in cases:
        language = language_of(case["q"])
        evidence = gather_evidence(
            case["q"], language, index, load_terms(), today=DAY, intent=case.get("intent", "rules")
        )
        said = "\n".join(s.text for s in say_evidence(evidence, language) if s.basis == "quote")
        if case["verdict"] == "not_stated":
            unanswerable += 1
            declined += evidence.verdict == "not_stated"
        else:
            answerable += 1
            held += evidence.verdict != "not_stated" and all(words in said for words in case["says"])
    index.close()
    assert held / answerable >= 0.75
    assert declined / unanswerable >= 0.7
