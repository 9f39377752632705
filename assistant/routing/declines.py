"""Wordings that are declined without weighing: identifiers, SQL, attempts on the rules."""

from __future__ import annotations

import re

from assistant.answer import Decline
from assistant.routing.cues import plain
from assistant.routing.examples import lines, read_lines

# Reasons that people also ask about as a topic (rules on small cells, on re-identification ...).
TOPICS: frozenset[Decline] = frozenset({"patient_level", "reidentification", "differencing"})


class Declines:
    """The patterns of declines.yaml, compiled."""

    def __init__(self) -> None:
        sections = read_lines("declines.yaml")
        self._about = _either(sections.pop("about"))
        self._rules = _either(sections.pop("rules"))
        self._always = {reason: _either(kinds["always"]) for reason, kinds in sections.items()}
        self._asked = {
            reason: _either(kinds["asked"]) for reason, kinds in sections.items() if "asked" in kinds
        }

    def reason(self, question: str) -> Decline | None:
        """Why this question is declined whatever a classifier says, or None."""
        text = plain(question)
        for reason, pattern in self._always.items():
            if pattern.search(text) and not (reason in TOPICS and self._rules.search(text)):
                return reason
        if self.asks_about(question):
            return None
        for reason, pattern in self._asked.items():
            if pattern.search(text):
                return reason
        return None

    def asks_about(self, question: str) -> bool:
        """Whether the sentence has the form of a question about a matter ("what is", "is it allowed")."""
        return self._about.search(plain(question)) is not None


def _either(block: str) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{line})" for line in lines(block)))
