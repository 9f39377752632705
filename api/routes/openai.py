"""OpenAI's shapes: chat completions, streamed or not, and the list of the one model there is.

The Answer rides in the extra member ``giljabi`` of the last chunk and of a whole reply. ``usage`` counts
Unicode code points, since no tokenizer is at work: of all messages' text, and of the reply's.
"""

from __future__ import annotations

import time
import uuid
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response
from starlette.concurrency import run_in_threadpool

from api import sse
from api.access import today_of
from api.problems import HTTP_KINDS, Problem, problem_of
from api.responses import openai_error, problem_response
from api.schemas import MODEL_ID, ChatCompletionRequest, ChatMessage
from knowledge.errors import GiljabiError

if TYPE_CHECKING:
    from assistant.answer import Answer

router = APIRouter(prefix="/v1")


@router.get("/models")
def models(request: Request) -> dict[str, Any]:
    """The models: one."""
    return {"object": "list", "data": [_model(request)]}


@router.get("/models/{model}")
def model(request: Request, model: str) -> Response:
    """One model by its id."""
    if model != MODEL_ID:
        return problem_response(request, _no_model(model))
    return JSONResponse(_model(request))


@router.post("/chat/completions", response_model=None)
async def chat_completions(request: Request, body: ChatCompletionRequest) -> Response | dict[str, Any]:
    """Answer the last user message; earlier user messages are the conversation."""
    problem = _cannot_serve(body)
    if problem is not None:
        return problem_response(request, problem)
    if body.stream:
        return await sse.stream(_chunks(request, body))
    return await run_in_threadpool(_completion, request, body)


def _model(request: Request) -> dict[str, Any]:
    return {"id": MODEL_ID, "object": "model", "created": request.app.state.started, "owned_by": "giljabi"}


def _no_model(name: str) -> Problem:
    extra = {"param": "model", "code": "model_not_found"}
    return Problem(HTTP_KINDS[404], f"There is no model {name!r}.", f"The model is {MODEL_ID}.", extra)


def _cannot_serve(body: ChatCompletionRequest) -> Problem | None:
    """What the request asks that cannot be done, or None."""
    if body.model != MODEL_ID:
        return _no_model(body.model)
    if body.n not in {None, 1}:
        return Problem(
            HTTP_KINDS[400], f"n cannot be {body.n}.", "There is one answer to a question.", {"param": "n"}
        )
    for number, message in enumerate(body.messages):
        for part in message.content if isinstance(message.content, tuple) else ():
            if part.type != "text":
                extra = {"param": f"messages.{number}.content", "code": "unsupported_content"}
                return Problem(
                    HTTP_KINDS[400], f"Content of type {part.type!r} cannot be read.", "Send text.", extra
                )
    if body.messages[-1].role != "user":
        extra = {"param": "messages"}
        return Problem(HTTP_KINDS[400], "The last message is not the user's.", "End with a question.", extra)
    return None


def _text(message: ChatMessage) -> str:
    if isinstance(message.content, tuple):
        return "\n".join(part.text for part in message.content)
    return message.content or ""


def _question(request: Request, body: ChatCompletionRequest) -> dict[str, Any]:
    """What the assistant is asked: the last message, and the user's earlier ones in order."""
    *earlier, last = body.messages
    history = tuple(_text(message) for message in earlier if message.role == "user")
    return {"question": _text(last), "today": today_of(request), "history": history}


def _usage(body: ChatCompletionRequest, text: str) -> dict[str, int]:
    asked = sum(len(_text(message)) for message in body.messages)
    return {"prompt_tokens": asked, "completion_tokens": len(text), "total_tokens": asked + len(text)}


def _completion(request: Request, body: ChatCompletionRequest) -> dict[str, Any]:
    answer = request.app.state.home.assistant().ask(**_question(request, body))
    request.app.state.metrics.answer(answer.status, answer.language)
    message = {"role": "assistant", "content": answer.text, "refusal": None}
    return {
        "id": f"chatcmpl-{answer.id}",
        "object": "chat.completion",
        "created": int(time.time()),
        "model": MODEL_ID,
        "choices": [{"index": 0, "message": message, "finish_reason": "stop", "logprobs": None}],
        "usage": _usage(body, answer.text),
        "giljabi": answer.model_dump(mode="json"),
    }


def _chunks(request: Request, body: ChatCompletionRequest) -> Iterator[str]:
    """The events of a streamed reply. The first piece is awaited before anything is sent."""
    pieces = request.app.state.home.assistant().stream(**_question(request, body))
    head = {
        "id": f"chatcmpl-{uuid.uuid4().hex}",
        "object": "chat.completion.chunk",
        "model": MODEL_ID,
        "created": int(time.time()),
    }
    piece = next(pieces)
    yield _chunk(head, {"role": "assistant", "content": ""})
    try:
        while isinstance(piece, str):
            yield _chunk(head, {"content": piece})
            piece = next(pieces)
    except GiljabiError as error:
        yield sse.event(openai_error(problem_of(error)))
        return
    yield from _ending(request, body, head, piece)


def _ending(
    request: Request, body: ChatCompletionRequest, head: dict[str, Any], answer: Answer
) -> Iterator[str]:
    request.app.state.metrics.answer(answer.status, answer.language)
    yield _chunk(head, {}, finish_reason="stop", giljabi=answer.model_dump(mode="json"))
    if body.stream_options is not None and body.stream_options.include_usage:
        yield sse.event({**head, "choices": [], "usage": _usage(body, answer.text)})
    yield sse.event("[DONE]")


def _chunk(
    head: dict[str, Any], delta: dict[str, str], finish_reason: str | None = None, **extra: Any
) -> str:
    choice = {"index": 0, "delta": delta, "finish_reason": finish_reason, "logprobs": None}
    return sse.event({**head, "choices": [choice], **extra})
