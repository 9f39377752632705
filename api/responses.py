"""Problems as HTTP responses: RFC 9457 everywhere, OpenAI's error shape under /v1."""

from __future__ import annotations

from typing import Any

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from starlette.exceptions import HTTPException

from api.pages.page import page
from api.problems import HTTP_KINDS, MEDIA_TYPE, UNEXPECTED_KIND, Problem, http_problem, problem_of
from knowledge.errors import GiljabiError

RETRY_SECONDS = "5"


def problem_response(request: Request, problem: Problem, headers: dict[str, str] | None = None) -> Response:
    """The problem in the shape that the path's clients expect."""
    status = problem.kind.status
    extra = {"Retry-After": RETRY_SECONDS, **(headers or {})} if status == 503 else headers
    if request.url.path.startswith("/v1/"):
        return JSONResponse(openai_error(problem), openai_status(problem), extra)
    document = problem.document(request_id=request.scope.get("state", {}).get("request_id"))
    if request.method == "GET" and "text/html" in request.headers.get("accept", ""):
        return page(request, "problem.html", "", status=status, headers=extra, problem=document)
    return JSONResponse(document, status, extra, media_type=MEDIA_TYPE)


def openai_error(problem: Problem) -> dict[str, Any]:
    """``{"error": {"message", "type", "param", "code"}}``."""
    status = problem.kind.status
    message = f"{problem.detail} {problem.hint}".strip()
    return {
        "error": {
            "message": message,
            "type": "invalid_request_error" if status < 500 else "server_error",
            "param": problem.extra.get("param"),
            "code": problem.extra.get("code", problem.kind.name.replace("-", "_")),
        }
    }


def openai_status(problem: Problem) -> int:
    """OpenAI answers 400 where we say that a body cannot be processed."""
    return 400 if problem.kind.status == 422 else problem.kind.status


def on_giljabi_error(request: Request, error: Exception) -> Response:
    """Our own errors, by the table."""
    assert isinstance(error, GiljabiError)
    return problem_response(request, problem_of(error))


def on_http_error(request: Request, error: Exception) -> Response:
    """No such path, wrong method, too large, and what else the framework says."""
    assert isinstance(error, HTTPException)
    detail = str(error.detail)
    if error.status_code == 404 and detail == "Not Found":
        detail = f"There is nothing at {request.url.path}."
    if error.status_code == 405:
        detail = f"{request.url.path} does not take {request.method}."
    return problem_response(request, http_problem(error.status_code, detail), dict(error.headers or {}))


def on_invalid_request(request: Request, error: Exception) -> Response:
    """A body or a parameter that does not fit: each place, and what is wrong there. Values are not echoed."""
    assert isinstance(error, RequestValidationError)
    faults = error.errors()
    places = [".".join(str(part) for part in fault["loc"][1:]) for fault in faults]
    if faults[0]["type"] == "json_invalid":
        return problem_response(request, http_problem(400, "The body is not JSON.", "Send a JSON object."))
    said = [
        f"{place or fault['loc'][0]}: {fault['msg']}" for place, fault in zip(places, faults, strict=True)
    ]
    extra: dict[str, Any] = {"errors": said}
    if request.url.path.startswith("/v1/"):
        extra = {"param": places[0]}
    detail = f"{said[0]}." if len(said) == 1 else f"{said[0]} (and {len(said) - 1} more)."
    return problem_response(request, Problem(HTTP_KINDS[422], detail, "/openapi.json has the schema.", extra))


def on_unexpected(request: Request, error: Exception) -> Response:
    """A mistake of ours: the log has the traceback, the client has the request's id."""
    problem = Problem(
        UNEXPECTED_KIND, "The server could not finish this request.", "Its log says why; name the request id."
    )
    return problem_response(request, problem)
