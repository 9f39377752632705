"""What is remembered of a home's work: turns, reviews, research plans, feedback, and the audit trail."""

from assistant.records.audit import AuditRow, Verdict
from assistant.records.plans import PlanSummary, PlanVersion
from assistant.records.records import Records
from assistant.records.reviews import AskedQuery, Review, ReviewStatus

__all__ = [
    "AskedQuery",
    "AuditRow",
    "PlanSummary",
    "PlanVersion",
    "Records",
    "Review",
    "ReviewStatus",
    "Verdict",
]
