"""Every error that Giljabi raises on purpose.

    GiljabiError
    ├── UserError            the request cannot be served as it stands (HTTP 422, exit 1)
    │   ├── QuestionInvalid      empty, too long, not text
    │   ├── SqlRejected          the guard refused a statement
    │   ├── PlanIncomplete       a query plan or research plan lacks something
    │   ├── DocumentInvalid      a document cannot be read or indexed
    │   ├── CatalogInvalid       a catalog folder or row is broken
    │   ├── CaseInvalid          a file of eval cases, thresholds or a run log is broken
    │   ├── ReviewConflict       a review is not in a state that allows the act (HTTP 409, exit 1)
    │   └── NotFound             the thing named does not exist (HTTP 404, exit 1)
    ├── ServiceError         something we depend on failed (HTTP 503, exit 3)
    │   ├── StoreUnavailable     a database or index cannot be opened
    │   ├── HomeBusy             another process holds the home
    │   ├── QueryTimeout         a query ran past its limit
    │   └── ModelUnavailable     the language model did not answer
    └── SetupError           the installation is not usable (exit 3 at start)
        ├── SettingsInvalid
        ├── CatalogMissing
        └── IndexMissing

A message says what failed, with the offending value, then what to do next. Errors of
libraries are translated where the library is called, with ``raise ... from``.
"""

from __future__ import annotations

from collections.abc import Sequence


class GiljabiError(Exception):
    """Base of all errors. ``message`` says what failed, ``hint`` what to do next."""

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(f"{message} {hint}".strip())
        self.message = message
        self.hint = hint


class UserError(GiljabiError):
    """The request cannot be served as it stands."""


class QuestionInvalid(UserError):
    """The question is empty, too long, or not text."""


class SqlRejected(UserError):
    """The guard refused a statement; ``rule`` names the rule, ``fragment`` the offending part."""

    def __init__(self, message: str, *, rule: str, fragment: str = "", hint: str = "") -> None:
        super().__init__(message, hint=hint)
        self.rule = rule
        self.fragment = fragment


class PlanIncomplete(UserError):
    """A query plan or a research plan lacks something it needs."""


class DocumentInvalid(UserError):
    """A document cannot be read or indexed."""


class CatalogInvalid(UserError):
    """A catalog is broken; ``problems`` holds one line per bad row, each with file and row."""

    def __init__(self, message: str, *, problems: tuple[str, ...] = (), hint: str = "") -> None:
        super().__init__(message, hint=hint)
        self.problems = problems


class CaseInvalid(UserError):
    """An eval file is broken; ``problems`` holds one line per fault, each with file and line."""

    def __init__(self, message: str, *, problems: tuple[str, ...] = (), hint: str = "") -> None:
        super().__init__(message, hint=hint)
        self.problems = problems

    @classmethod
    def of(cls, problems: Sequence[str], hint: str = "Correct the file.") -> CaseInvalid:
        """One error for all of these faults; the message says the first."""
        more = f" (and {len(problems) - 1} more)" if len(problems) > 1 else ""
        return cls(f"{problems[0]}{more}.", problems=tuple(problems), hint=hint)


class ReviewConflict(UserError):
    """A review cannot be acted on as it stands: decided already, outdated, or changed meanwhile."""


class NotFound(UserError):
    """The thing named does not exist."""


class ServiceError(GiljabiError):
    """Something we depend on failed; trying again later may help."""


class StoreUnavailable(ServiceError):
    """A database or an index cannot be opened or written."""


class HomeBusy(ServiceError):
    """Another process holds the home."""


class QueryTimeout(ServiceError):
    """A query ran past its time, memory or row limit."""


class ModelUnavailable(ServiceError):
    """The optional language model did not answer, or not with a document."""


class SetupError(GiljabiError):
    """The installation is not usable; said at start."""


class SettingsInvalid(SetupError):
    """A setting has a wrong value or an unknown name."""


class CatalogMissing(SetupError):
    """The home holds no catalog."""


class IndexMissing(SetupError):
    """The home holds no index."""
