"""The programmes whose documents are asked, and what becomes of their questions."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from assistant.evidence import gather_evidence
from assistant.say_evidence import say_evidence
from knowledge.documents.index import KnowledgeIndex
from knowledge.glossary.glossary import load_terms
from knowledge.text import Language, language_of

HERE = Path(__file__).parent
SAMPLE = HERE.parents[2] / "knowledge" / "sample" / "documents"
DAY, HARBOUR_DAY = date(2026, 5, 1), date(2026, 3, 19)
# Names of programmes that nothing is fitted on, so that they tell what to expect of one never seen.
HELD_OUT = frozenset({"limb_library"})
SHARES = ["ko", "en", "across", "all"]


@dataclass(frozen=True)
class Programme:
    """Documents and what is asked of them."""

    name: str
    documents: Path
    cases: list[dict[str, Any]]
    today: date


def programmes() -> list[Programme]:
    """The programmes beside this file."""
    found = [
        Programme(f.name, f / "documents", cases_of(f / "questions.yaml"), DAY)
        for f in sorted((HERE / "others").iterdir())
    ]
    return [
        *found,
        Programme("harbour", HERE / "harbour", cases_of(HERE / "harbour_questions.yaml"), HARBOUR_DAY),
        Programme("sample", SAMPLE, cases_of(HERE / "sample_questions.yaml"), HARBOUR_DAY),
    ]


def cases_of(path: Path) -> list[dict[str, Any]]:
    cases: list[dict[str, Any]] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return [case for case in cases if case["verdict"] == "not_stated" or case.get("says")]


@contextmanager
def index_of(programme: Programme) -> Iterator[KnowledgeIndex]:
    with tempfile.TemporaryDirectory() as folder, closing(KnowledgeIndex(Path(folder))) as index:
        report = index.add_paths([programme.documents])
        assert not report.failed, report.failed
        yield index


def holds(text: str, said: str) -> bool:
    """Whether a text holds a string, and not as a piece of a longer number."""
    before = r"(?<!\d)(?<!\d[.,])" if said[0].isdigit() else ""
    behind = r"(?!\d)(?![.,]\d)" if said[-1].isdigit() else ""
    return bool(re.search(before + re.escape(said) + behind, text))


@dataclass
class Tally:
    """What became of the questions of a programme, or of one language of all."""

    answerable: int = 0
    whole: int = 0
    unanswerable: int = 0
    declined: int = 0
    answered: int = 0
    quotes: int = 0

    def row(self, name: str) -> str:
        whole, declined = self.whole / max(1, self.answerable), self.declined / max(1, self.unanswerable)
        return (
            f"{name:12} whole {self.whole:3} of {self.answerable:3} ({whole:4.0%})"
            f"   declined {self.declined:3} of {self.unanswerable:3} ({declined:4.0%})"
            f"   quotes {self.quotes / max(1, self.answered):.2f}"
        )


def measure(programme: Programme, tallies: Mapping[str, Tally]) -> None:
    """Answer a programme's questions and count under its name, their language, "across" where the
    answer is in the other one, and "all"."""
    with index_of(programme) as index:
        for case in programme.cases:
            language = language_of(case["q"])
            evidence = gather_evidence(
                case["q"],
                language,
                index,
                load_terms(),
                today=programme.today,
                intent=case.get("intent", "rules"),
            )
            said = "\n".join(s.text for s in say_evidence(evidence, language) if s.basis == "quote")
            stated = evidence.verdict != "not_stated"
            quoted = {f.quote: f.quote.text for p in evidence.parts if p.stated for f in p.found}
            wrong = any(words in text for words in case.get("not", ()) for text in quoted.values())
            across = ["across"] if _across(language, case.get("says", ())) else []
            for tally in (tallies[name] for name in (programme.name, language, *across, "all")):
                if case["verdict"] == "not_stated":
                    tally.unanswerable += 1
                    tally.declined += not stated
                else:
                    tally.answerable += 1
                    tally.answered += stated
                    tally.quotes += len(quoted) if stated else 0
                    tally.whole += stated and not wrong and all(words in said for words in case["says"])


def _across(language: Language, says: Sequence[str]) -> bool:
    """Whether an answer stands in the other language only, as far as its words show."""
    words = " ".join(says)
    return any(char.isalpha() for char in words) and language_of(words) != language
