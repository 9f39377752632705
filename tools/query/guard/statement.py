"""One statement on its way through the gate, and how a rule refuses it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, NoReturn

from sqlglot import exp
from sqlglot.errors import ErrorLevel, SqlglotError
from sqlglot.tokens import Token

from knowledge.errors import SqlRejected
from tools.query.guard.blocks import Relation
from tools.query.guard.schema import GuardSchema

FRAGMENT_LENGTH = 120
# What sqlglot raises on texts and trees that it was not made for, its own errors first.
PARSER_ERRORS = (SqlglotError, AttributeError, IndexError, KeyError, TypeError, ValueError)


@dataclass
class Statement:
    """The text and what the rules have made of it so far; each rule fills in or reads, or refuses."""

    text: str
    dialect: str
    schema: GuardSchema
    row_limit: int
    compiled: bool
    tokens: list[Token] = field(default_factory=list)
    tree: exp.Query = field(default_factory=exp.Select)
    kinds: dict[type[exp.Expr], list[exp.Expr]] = field(default_factory=dict)
    relations: list[Relation] = field(default_factory=list)
    root: Relation | None = None
    limit: int = 0
    capped: bool = False

    def found(self, *kinds: type[exp.Expr]) -> list[Any]:
        """The nodes of exactly these classes, as the parser left them."""
        return [node for kind in kinds for node in self.kinds.get(kind, ())]


class Refusal(Exception):
    """What a rule found; the gate turns it into SqlRejected in the statement's own dialect."""

    def __init__(self, rule: str, says: str, fragment: exp.Expr | str, hint: str) -> None:
        super().__init__(says)
        self.rule, self.says, self.fragment, self.hint = rule, says, fragment, hint

    def rejection(self, dialect: str) -> SqlRejected:
        """The error that users see; the fragment is cut to FRAGMENT_LENGTH characters."""
        text = self.fragment
        if not isinstance(text, str):
            try:
                text = text.sql(dialect=dialect, comments=False, unsupported_level=ErrorLevel.IGNORE)
            except (*PARSER_ERRORS, RecursionError):
                text = type(text).__name__  # too odd to be shown, which is no reason to let it pass
        if len(text) > FRAGMENT_LENGTH:
            text = f"{text[:FRAGMENT_LENGTH]}..."
        message = f"{self.says}: {text}" if text else f"{self.says}."
        return SqlRejected(message, rule=self.rule, fragment=text, hint=self.hint)


def refuse(rule: str, says: str, fragment: exp.Expr | str = "", hint: str = "") -> NoReturn:
    """Refuse the statement. ``says`` holds what failed, ``hint`` what would be accepted."""
    raise Refusal(rule, says, fragment, hint)
