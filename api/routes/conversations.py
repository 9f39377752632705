"""What was asked and answered, and what people say of it."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from fastapi import APIRouter, Request

from api.pages.catalog_names import dataset_titles
from api.pages.page import language_of_page
from api.pages.view import view as answer_view
from api.results import conversation_result, conversations_result
from api.routes.reviews import Limit, Offset
from api.schemas import FeedbackRequest
from assistant.answer import Answer

router = APIRouter()


@router.get("/api/conversations")
def conversations(request: Request, limit: Limit = 100, offset: Offset = 0) -> dict[str, Any]:
    """Conversations, the one with the newest turn first."""
    return conversations_result(request.app.state.home.records.turns.conversations(limit, offset))


@router.get("/api/conversations/{id}")
def conversation(request: Request, id: str, view: bool = False) -> dict[str, Any]:
    """The turns of a conversation, each with its Answer; with ``view``, what the page draws of it."""
    home = request.app.state.home
    found = conversation_result(id, home.records.turns.conversation(id))
    for turn in found["turns"] if view else ():
        answer = Answer.model_validate(turn["answer"])
        naming = dataset_titles(home.versions, answer.language)
        turn["view"] = answer_view(answer, home.index, language_of_page(request), naming)
    return found


@router.post("/api/feedback")
def feedback(request: Request, body: FeedbackRequest) -> dict[str, Any]:
    """Keep a word on an answer; "down" asks for a review of its query."""
    return asdict(request.app.state.home.desk().hear(body.answer, body.rating, body.comment))
