"""Questions in our own shape: one JSON Answer, or its text as it comes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from fastapi import APIRouter, Request
from fastapi.responses import Response
from starlette.concurrency import run_in_threadpool

from api import sse
from api.access import today_of
from api.pages.catalog_names import dataset_titles
from api.pages.page import language_of_page
from api.pages.view import view
from api.problems import problem_of
from api.schemas import ChatRequest
from knowledge.errors import GiljabiError

if TYPE_CHECKING:
    from assistant.answer import Answer

router = APIRouter()


@router.post("/api/chat", response_model=None)
async def chat(request: Request, body: ChatRequest) -> Response | dict[str, Any]:
    """The Answer as JSON; with ``Accept: text/event-stream``, events ``text`` and at the end ``answer``."""
    if sse.MEDIA_TYPE in request.headers.get("accept", ""):
        return await sse.stream(_events(request, body))
    return await run_in_threadpool(_answer, request, body)


def _answer(request: Request, body: ChatRequest) -> dict[str, Any]:
    answer = request.app.state.home.assistant().ask(
        body.question, today=today_of(request), conversation=body.conversation, language=body.language
    )
    request.app.state.metrics.answer(answer.status, answer.language)
    return _document(request, body, answer)


def _document(request: Request, body: ChatRequest, answer: Answer) -> dict[str, Any]:
    """The Answer; with ``view``, what the page draws of it beside it."""
    document = answer.model_dump(mode="json")
    if body.view:
        home = request.app.state.home
        naming = dataset_titles(home.versions, answer.language)
        document["view"] = view(answer, home.index, language_of_page(request), naming)
    return document


def _events(request: Request, body: ChatRequest) -> Iterator[str]:
    pieces = request.app.state.home.assistant().stream(
        body.question, today=today_of(request), conversation=body.conversation, language=body.language
    )
    begun = False
    try:
        for piece in pieces:
            if isinstance(piece, str):
                yield sse.event({"text": piece}, "text")
            else:
                request.app.state.metrics.answer(piece.status, piece.language)
                yield sse.event(_document(request, body, piece), "answer")
            begun = True
    except GiljabiError as error:
        if not begun:
            raise
        yield sse.event(problem_of(error).document(), "error")
