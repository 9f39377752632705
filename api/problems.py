"""Problem details (RFC 9457): the one table that says how HTTP and the command line show each error."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from knowledge.errors import (
    CaseInvalid,
    CatalogInvalid,
    CatalogMissing,
    DocumentInvalid,
    GiljabiError,
    HomeBusy,
    IndexMissing,
    ModelUnavailable,
    NotFound,
    PlanIncomplete,
    QueryTimeout,
    QuestionInvalid,
    ReviewConflict,
    ServiceError,
    SettingsInvalid,
    SetupError,
    SqlRejected,
    StoreUnavailable,
    UserError,
)

MEDIA_TYPE = "application/problem+json"
URN = "urn:giljabi:problem:"
DONE, REFUSED, USAGE, FAILED, INTERRUPTED = 0, 1, 2, 3, 130


@dataclass(frozen=True, slots=True)
class Kind:
    """One row of the table: the last part of the type's URN, its title, HTTP status, exit code."""

    name: str
    title: str
    status: int
    exit_code: int


KINDS: dict[type[GiljabiError], Kind] = {
    GiljabiError: Kind("error", "Giljabi failed", 500, FAILED),
    UserError: Kind("refused", "The request cannot be served", 422, REFUSED),
    QuestionInvalid: Kind("question-invalid", "The question cannot be read", 422, REFUSED),
    SqlRejected: Kind("sql-rejected", "The SQL was refused", 422, REFUSED),
    PlanIncomplete: Kind("plan-incomplete", "The plan lacks something", 422, REFUSED),
    DocumentInvalid: Kind("document-invalid", "The document cannot be indexed", 422, REFUSED),
    CatalogInvalid: Kind("catalog-invalid", "The catalog is broken", 422, REFUSED),
    CaseInvalid: Kind("case-invalid", "An eval file is broken", 422, REFUSED),
    ReviewConflict: Kind("review-conflict", "The review does not allow that", 409, REFUSED),
    NotFound: Kind("not-found", "There is no such thing", 404, REFUSED),
    ServiceError: Kind("service-failed", "A service failed", 503, FAILED),
    StoreUnavailable: Kind("store-unavailable", "The store cannot be used", 503, FAILED),
    HomeBusy: Kind("home-busy", "Another process holds the home", 503, FAILED),
    QueryTimeout: Kind("query-timeout", "The query took too long", 503, FAILED),
    ModelUnavailable: Kind("model-unavailable", "The language model did not answer", 503, FAILED),
    SetupError: Kind("set-up", "The installation is not usable", 503, FAILED),
    SettingsInvalid: Kind("settings-invalid", "A setting is wrong", 500, FAILED),
    CatalogMissing: Kind("catalog-missing", "The home holds no catalog", 503, FAILED),
    IndexMissing: Kind("index-missing", "The home holds no index", 503, FAILED),
}
USAGE_KIND = Kind("usage", "Wrong usage", 400, USAGE)
INTERRUPTED_KIND = Kind("interrupted", "Interrupted", 499, INTERRUPTED)
UNEXPECTED_KIND = Kind("unexpected", "Something went wrong inside Giljabi", 500, FAILED)
HTTP_KINDS = {
    400: Kind("bad-request", "The request cannot be read", 400, USAGE),
    403: Kind("forbidden", "Not allowed", 403, REFUSED),
    404: Kind("not-found", "There is no such thing", 404, REFUSED),
    405: Kind("method-not-allowed", "The method is not allowed here", 405, USAGE),
    413: Kind("too-large", "The request is too large", 413, REFUSED),
    415: Kind("media-type", "The media type is not supported", 415, USAGE),
    421: Kind("host-not-allowed", "The request names another host", 421, REFUSED),
    422: Kind("request-invalid", "The request does not fit the schema", 422, USAGE),
}
_EXIT_CODES = {
    URN + kind.name: kind.exit_code
    for kind in (*HTTP_KINDS.values(), *KINDS.values(), USAGE_KIND, INTERRUPTED_KIND, UNEXPECTED_KIND)
}


@dataclass(frozen=True, slots=True)
class Problem:
    """What went wrong and what to do. ``extra`` holds members of this kind of problem only."""

    kind: Kind
    detail: str
    hint: str = ""
    extra: dict[str, Any] = field(default_factory=dict)

    def document(self, **more: Any) -> dict[str, Any]:
        """The problem details as a JSON object; members without a value are left out."""
        members = {
            "type": URN + self.kind.name,
            "title": self.kind.title,
            "status": self.kind.status,
            "detail": self.detail,
            "hint": self.hint,
            **self.extra,
            **more,
        }
        return {name: value for name, value in members.items() if value not in ("", None, ())}


class ProblemReported(Exception):
    """Another process (the server that holds the home) answered with problem details."""

    def __init__(self, document: dict[str, Any]) -> None:
        super().__init__(str(document.get("detail", "")))
        self.document = document

    @property
    def exit_code(self) -> int:
        """The exit code of that kind of problem."""
        return _EXIT_CODES.get(str(self.document.get("type")), FAILED)

    @property
    def concerns_one_request(self) -> bool:
        """True when the next request may well succeed: this one was refused, or took too long."""
        return self.exit_code != FAILED or self.document.get("type") == URN + KINDS[QueryTimeout].name


def problem_of(error: GiljabiError) -> Problem:
    """The row of the table for the error's class, or for the nearest class above it."""
    kind = next(KINDS[cls] for cls in type(error).__mro__ if cls in KINDS)
    extra: dict[str, Any] = {}
    if isinstance(error, SqlRejected):
        extra = {"rule": error.rule, "fragment": error.fragment}
    if isinstance(error, CatalogInvalid | CaseInvalid):
        extra = {"problems": list(error.problems)} if error.problems else {}
    return Problem(kind, error.message, error.hint, extra)


def http_problem(status: int, detail: str, hint: str = "") -> Problem:
    """A problem of HTTP itself: no such path, wrong method, too large."""
    kind = HTTP_KINDS.get(status, Kind("http", "The request failed", status, FAILED))
    return Problem(kind, detail, hint)
