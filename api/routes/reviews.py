"""The review desk, and the audit trail of its acts."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Request

from api.results import audit_result, proposed_result, review_result, reviews_result
from api.schemas import DecisionRequest, EditRequest, ReviewRequest
from assistant.review_desk import ReviewDesk

router = APIRouter()
MOST = 500
Limit = Annotated[int, Query(ge=1, le=MOST)]
Offset = Annotated[int, Query(ge=0, le=1_000_000)]
Status = Literal["unreviewed", "pending", "approved", "rejected", "superseded", "all", "proposed"]


@router.get("/api/reviews")
def reviews(
    request: Request, status: Status = "pending", limit: Limit = 100, offset: Offset = 0
) -> dict[str, Any]:
    """Entries of a status, or all, the one changed last first; ``proposed``: open ones that are worth a
    look, with the reason, the most asked first."""
    if status == "proposed":
        index = request.app.state.home.index
        return proposed_result(_desk(request).proposed(index.encode, limit))
    return reviews_result(_desk(request).find(None if status == "all" else (status,), limit, offset))


@router.get("/api/reviews/{id}")
def review(request: Request, id: str) -> dict[str, Any]:
    """One entry with its history and ``explain``; ``id`` is the ``query.id`` of an Answer."""
    return review_result(_desk(request).show(id), _desk(request).explain(id))


@router.post("/api/reviews/{id}/request")
def ask_for(request: Request, id: str, body: ReviewRequest) -> dict[str, Any]:
    """Ask for a review."""
    return review_result(_desk(request).request(id, reviewer=body.reviewer, reason=body.reason))


@router.post("/api/reviews/{id}/approve")
def approve(request: Request, id: str, body: DecisionRequest) -> dict[str, Any]:
    """Vouch for the statement: like questions are answered by it, as verified."""
    return review_result(_desk(request).approve(id, reviewer=body.reviewer, reason=body.reason))


@router.post("/api/reviews/{id}/reject")
def reject(request: Request, id: str, body: DecisionRequest) -> dict[str, Any]:
    """Turn the reading down: it is not offered again."""
    return review_result(_desk(request).reject(id, reviewer=body.reviewer, reason=body.reason))


@router.post("/api/reviews/{id}/edit")
def edit(request: Request, id: str, body: EditRequest) -> dict[str, Any]:
    """Put other SQL in the place of the statement, if the guard accepts it."""
    return review_result(_desk(request).edit(id, body.sql, reviewer=body.reviewer, reason=body.reason))


@router.get("/api/audit/verify")
def verify(request: Request) -> dict[str, Any]:
    """Walk the audit trail."""
    return audit_result(request.app.state.home.records.audit.verify())


def _desk(request: Request) -> ReviewDesk:
    desk: ReviewDesk = request.app.state.home.desk()
    return desk
