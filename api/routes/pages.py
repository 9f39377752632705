"""The pages for people: the chat, the catalog, the review desk, the research plans."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from api.access import today_of
from api.pages.catalog_names import catalog_at, choices
from api.pages.markdown import render
from api.pages.page import language_of_page, page
from api.pages.plan_form import plan_form
from api.pages.review_view import review_view
from assistant.ask import MAX_QUESTION
from tools.drafting.form import load_form
from tools.drafting.plan import plan_of
from tools.query.readback import field_names

router = APIRouter(include_in_schema=False)


@router.get("/")
def chat(request: Request) -> HTMLResponse:
    """The chat, with questions that the catalog answers, or with what is missing before it can answer."""
    home = request.app.state.home
    missing = home.missing()
    examples = () if missing else home.assistant().examples(language_of_page(request))
    return page(request, "chat.html", "chat", missing=missing, examples=examples, limit=MAX_QUESTION)


@router.get("/catalog")
def catalog(request: Request) -> HTMLResponse:
    """The catalog, to look through."""
    names = field_names(language_of_page(request))
    return page(request, "catalog.html", "catalog", fields=names)


@router.get("/review")
def review(request: Request) -> HTMLResponse:
    """The queue of queries to be looked at."""
    return page(request, "review.html", "review")


@router.get("/api/reviews/{id}/view")
def review_entry(request: Request, id: str) -> dict[str, Any]:
    """What the page draws of an entry beside its record."""
    home = request.app.state.home
    return review_view(home.records.reviews.get(id), home.versions, language_of_page(request))


@router.get("/plans")
def plans(request: Request) -> HTMLResponse:
    """The research plans there are, and a new one."""
    return page(request, "plans.html", "plans")


@router.get("/plans/{plan}")
def plan(request: Request, plan: str) -> HTMLResponse:
    """One research plan, on its form. 404 where there is none."""
    home = request.app.state.home
    stored = home.plan_desk().show(plan)
    language = language_of_page(request)
    form = plan_form(load_form(plan_of(stored.document).form), language)
    file = home.versions.current()
    offered = {} if file is None else choices(catalog_at(file.path), language)
    return page(request, "plan.html", "plans", plan=stored.id, form=form, choices=offered)


@router.get("/api/plans/{plan}/preview")
def plan_preview(request: Request, plan: str, version: int | None = None) -> dict[str, str]:
    """``html``: a version of the plan as it would be read, with guidance for what is missing."""
    desk = request.app.state.home.plan_desk()
    return {"html": render(desk.markdown(desk.show(plan, version), today_of(request)))}
