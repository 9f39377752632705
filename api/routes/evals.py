"""The latest run of the evals, as it stands in the home."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from api.eval_runs import latest, results
from api.pages.page import page

router = APIRouter()


@router.get("/api/evals/latest")
def latest_run(request: Request) -> dict[str, Any]:
    """Scores, intervals, slices, the gate and why it failed. 404 where nothing was run."""
    return latest(request.app.state.home.root)


@router.get("/evals", include_in_schema=False)
def evals(request: Request) -> HTMLResponse:
    """The latest run, and how the runs before it went."""
    return page(request, "evals.html", "evals", runs=results(request.app.state.home.root))
