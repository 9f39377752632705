"""Reaching a home: in this process under its lock, or through the server that holds it.

Both ways have the same methods and give the same documents, so a command does not care which it got.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import quote, urlencode

from api.plan_acts import plan_act
from api.problems import ProblemReported
from api.results import (
    audit_result,
    import_result,
    index_result,
    proposed_result,
    review_result,
    reviews_result,
    search_result,
)
from api.server_record import TODAY_HEADER, TOKEN_HEADER, ServerRecord, read_record
from assistant.home import WAIT_SECONDS, Home
from knowledge.errors import HomeBusy, ServiceError
from knowledge.text import Language

if TYPE_CHECKING:
    import httpx

    from assistant.home import Progress
    from assistant.lock import Mode
    from assistant.records import ReviewStatus
    from knowledge.catalog.import_catalog import ImportRequest

ReviewAct = Literal["request", "approve", "reject", "edit"]
POLL_SECONDS = 0.5
ANSWER_SECONDS = 120.0
WRITE_SECONDS = 24 * 3600.0


class LocalHome:
    """The home, opened by this process."""

    def __init__(self, home: Home, today: date | None) -> None:
        self._home = home
        self._today = today

    def ask(
        self, question: str, *, conversation: str | None = None, language: Language | None = None
    ) -> dict[str, Any]:
        """The Answer as a JSON object."""
        answer = self._home.assistant().ask(
            question,
            today=self._today or date.today(),
            conversation=conversation,
            language=language,
        )
        return answer.model_dump(mode="json")

    def search(self, words: str, k: int) -> dict[str, Any]:
        """Passages, best first."""
        return search_result(self._home.search(words, k, self._today or date.today()))

    def index(
        self, paths: Sequence[Path], *, source: str, remove: bool, progress: Progress | None = None
    ) -> dict[str, Any]:
        """Add, refresh or remove documents."""
        if remove:
            return index_result(self._home.remove_documents(paths, source=source))
        return index_result(self._home.add_documents(paths, source=source, progress=progress))

    def rebuild_index(self, progress: Progress | None = None) -> dict[str, Any]:
        """Make every vector anew, by the models that are set now."""
        return {"rebuilt": self._home.rebuild_index(progress)}

    def import_catalog(self, request: ImportRequest, progress: Progress | None = None) -> dict[str, Any]:
        """Publish a catalog folder, or a dictionary within the current version."""
        return import_result(self._home.import_catalog(request, progress=progress))

    def use_catalog(self, version: str, progress: Progress | None = None) -> dict[str, Any]:
        """Make a stored version of the catalog the current one again."""
        return self._home.use_catalog(version, progress=progress)

    def reviews(self, status: ReviewStatus | Literal["all", "proposed"], limit: int) -> dict[str, Any]:
        """Entries of the review desk of a status, or "all"."""
        desk = self._home.desk()
        if status == "proposed":
            return proposed_result(desk.proposed(self._home.index.encode, limit))
        return reviews_result(desk.find(None if status == "all" else (status,), limit))

    def review(self, id: str) -> dict[str, Any]:
        """One entry with its history."""
        return review_result(self._home.desk().show(id), self._home.desk().explain(id))

    def decide(self, id: str, act: ReviewAct, body: dict[str, str]) -> dict[str, Any]:
        """An act of the review desk; ``body`` holds reviewer, reason and for an edit the SQL."""
        return review_result(getattr(self._home.desk(), act)(id, **body))

    def plan(self, act: str, id: str, body: dict[str, Any]) -> dict[str, Any]:
        """An act on a research plan: new, list, show, fill, check, versions."""
        return plan_act(act, self._home.plan_desk(), id, body, self._today or date.today())

    def plan_file(self, id: str, format: str, version: int | None) -> bytes:
        """A research plan as a file."""
        return self._home.plan_desk().export(id, format, self._today or date.today(), version)

    def verify_audit(self) -> dict[str, Any]:
        """Walk the audit trail."""
        return audit_result(self._home.records.audit.verify())


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


@contextmanager
def reach(home: Home, mode: Mode, today: date | None = None) -> Iterator[LocalHome | ServedHome]:
    """Reach the home in ``mode``: its server where one runs, else this process under the lock.

    Raises HomeBusy, naming the process, when neither is possible within the wait.
    """
    give_up = time.monotonic() + WAIT_SECONDS
    while True:
        client = _client_of(home, today)
        if client is not None:
            with client:
                yield ServedHome(client)
            return
        try:
            home.hold(mode, POLL_SECONDS)
            break
        except HomeBusy:
            if time.monotonic() >= give_up:
                raise
    with home:
        yield LocalHome(home, today)


def _client_of(home: Home, today: date | None) -> httpx.Client | None:
    """A client of the server that holds the home, once it has shown that it is that server."""
    record = read_record(home.root)
    if record is None:
        return None
    import httpx

    base = record.loopback
    if base is None:
        raise HomeBusy(
            f"The home {home.root} is held by the server of process {record.pid}, which listens on "
            f"{record.host} only.",
            hint="Start it with --host 127.0.0.1 or 0.0.0.0, or stop it, then try again.",
        )
    try:
        greeting = httpx.get(f"{base}/livez", timeout=5.0, trust_env=False)
        known = greeting.json().get("instance") == record.instance
    except (httpx.HTTPError, ValueError, AttributeError):
        known = False
    return _authorised(base, record, today) if known else None


def _authorised(base: str, record: ServerRecord, today: date | None) -> httpx.Client:
    import httpx

    headers = {TOKEN_HEADER: record.token}
    if today is not None:
        headers[TODAY_HEADER] = today.isoformat()
    return httpx.Client(base_url=base, headers=headers, trust_env=False)
