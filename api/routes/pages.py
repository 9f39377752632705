"""The pages for people: the chat, the review desk, the research plans."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from api.pages.page import language_of_page, page
from assistant.ask import MAX_QUESTION

router = APIRouter(include_in_schema=False)


@router.get("/")
def chat(request: Request) -> HTMLResponse:
    """The chat, with questions that the catalog answers, or with what is missing before it can answer."""
    home = request.app.state.home
    missing = home.missing()
    examples = () if missing else home.assistant().examples(language_of_page(request))
    return page(request, "chat.html", "chat", missing=missing, examples=examples, limit=MAX_QUESTION)


@router.get("/review")
def review(request: Request) -> HTMLResponse:
    """The queue of queries to be looked at."""
    return page(request, "review.html", "review")


@router.get("/plans")
def plans(request: Request) -> HTMLResponse:
    """The research plans there are, and a new one."""
    return page(request, "plans.html", "plans")


@router.get("/plans/{plan}")
def plan(request: Request, plan: str) -> HTMLResponse:
    """One research plan."""
    return page(request, "plan.html", "plans", plan=plan)
