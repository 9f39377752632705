"""Evidence for rules and consult questions: quoted sentences that answer them, or the finding that none
does."""

from assistant.evidence.evidence import Answered, Evidence, Found
from assistant.evidence.gather import gather_evidence
from assistant.evidence.standing import Standing

__all__ = ["Answered", "Evidence", "Found", "Standing", "gather_evidence"]
