"""A home that a server holds, as commands ask it: the same methods and documents as ``LocalHome``."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import quote, urlencode

from api.problems import ProblemReported
from knowledge.errors import HomeBusy, ServiceError
from knowledge.text import Language

if TYPE_CHECKING:
    import httpx

    from api.local_home import ReviewAct
    from assistant.home import Progress
    from assistant.records import ReviewStatus
    from knowledge.catalog.import_catalog import ImportRequest

ANSWER_SECONDS = 120.0
WRITE_SECONDS = 24 * 3600.0


class ServedHome:
    """The home, by way of the server that holds it. Errors of the server are raised as ProblemReported."""

    def __init__(self, client: httpx.Client) -> None:
        self._client = client

    def ask(
        self, question: str, *, conversation: str | None = None, language: Language | None = None
    ) -> dict[str, Any]:
        """The Answer as a JSON object."""
        body = {"question": question, "conversation": conversation, "language": language}
        return self._post("/api/chat", body, ANSWER_SECONDS)

    def search(self, words: str, k: int) -> dict[str, Any]:
        """Passages, best first."""
        return self._post("/api/search", {"words": words, "k": k}, ANSWER_SECONDS)

    def index(
        self, paths: Sequence[Path], *, source: str, remove: bool, progress: Progress | None = None
    ) -> dict[str, Any]:
        """Add, refresh or remove documents; the server reads the files itself."""
        body = {"paths": [str(path.absolute()) for path in paths], "source": source, "remove": remove}
        return self._post("/api/index", body, WRITE_SECONDS)

    def rebuild_index(self, progress: Progress | None = None) -> dict[str, Any]:
        """The server has the index open, by the models that it was started with."""
        raise HomeBusy(
            "The index cannot be rebuilt while a server holds the home.",
            hint="Stop the server, run this again, and start it with the same settings.",
        )

    def import_catalog(self, request: ImportRequest, progress: Progress | None = None) -> dict[str, Any]:
        """Publish a catalog folder, or a dictionary; the server reads the files itself."""
        mapping = request.mapping and str(request.mapping.absolute())
        body = {
            "path": str(request.path.absolute()),
            "format": request.format,
            "dataset": request.dataset,
            "mapping": mapping,
            "preset": request.preset,
            "strict": request.strict,
        }
        return self._post("/api/catalog/import", body, WRITE_SECONDS)

    def use_catalog(self, version: str, progress: Progress | None = None) -> dict[str, Any]:
        """Make a stored version of the catalog the current one again."""
        return self._post("/api/catalog/use", {"version": version}, WRITE_SECONDS)

    def reviews(self, status: ReviewStatus | Literal["all", "proposed"], limit: int) -> dict[str, Any]:
        """Entries of the review desk of a status, or "all"."""
        return self._get(f"/api/reviews?status={status}&limit={limit}")

    def review(self, id: str) -> dict[str, Any]:
        """One entry with its history."""
        return self._get(f"/api/reviews/{quote(id, safe='')}")

    def decide(self, id: str, act: ReviewAct, body: dict[str, str]) -> dict[str, Any]:
        """An act of the review desk; ``body`` holds reviewer, reason and for an edit the SQL."""
        return self._post(f"/api/reviews/{quote(id, safe='')}/{act}", body, ANSWER_SECONDS)

    def plan(self, act: str, id: str, body: dict[str, Any]) -> dict[str, Any]:
        """An act on a research plan: new, list, show, fill, check, versions."""
        if act in {"new", "fill"}:
            return self._post(
                f"/api/plans{_below(id)}{'/fill' if act == 'fill' else ''}", body, ANSWER_SECONDS
            )
        tail = {"show": "", "list": ""}.get(act, f"/{act}")
        return self._get(f"/api/plans{_below(id)}{tail}{_asked(body)}")

    def plan_file(self, id: str, format: str, version: int | None) -> bytes:
        """A research plan as a file."""
        path = f"/api/plans{_below(id)}/export{_asked({'format': format, 'version': version})}"
        return self._response("GET", path, None, ANSWER_SECONDS).content

    def verify_audit(self) -> dict[str, Any]:
        """Walk the audit trail."""
        return self._get("/api/audit/verify")

    def _get(self, path: str) -> dict[str, Any]:
        return self._answer("GET", path, None, ANSWER_SECONDS)

    def _post(self, path: str, body: dict[str, Any], seconds: float) -> dict[str, Any]:
        return self._answer("POST", path, json.dumps(body), seconds)

    def _answer(self, method: str, path: str, content: str | None, seconds: float) -> dict[str, Any]:
        return _json(self._response(method, path, content, seconds))

    def _response(self, method: str, path: str, content: str | None, seconds: float) -> httpx.Response:
        import httpx

        try:
            response = self._client.request(
                method,
                path,
                content=content,
                headers={"Content-Type": "application/json"},
                timeout=httpx.Timeout(10.0, read=seconds),
            )
        except httpx.HTTPError as error:
            raise ServiceError(
                f"The server that holds the home stopped answering: {error}",
                hint="Try again; look at its log.",
            ) from error
        if response.is_error:
            raise ProblemReported(_json(response))
        return response


def _json(response: httpx.Response) -> dict[str, Any]:
    try:
        document: dict[str, Any] = response.json()
    except ValueError as error:
        raise ServiceError(f"The server gave no JSON (status {response.status_code}).") from error
    return document


def _below(id: str) -> str:
    return f"/{quote(id, safe='')}" if id else ""


def _asked(query: dict[str, Any]) -> str:
    given = {name: value for name, value in query.items() if value is not None}
    return f"?{urlencode(given)}" if given else ""
