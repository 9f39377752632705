"""One run of the command line: its global options, its settings and home, and how it prints.

Stdout carries the result and nothing else: one JSON document with ``--json``, else text for people.
Progress, logs and problems for people go to stderr.
"""

from __future__ import annotations

import json
import sys
import unicodedata
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rich.console import Console

    from api.local_home import LocalHome
    from api.served_home import ServedHome
    from api.settings import Settings
    from assistant.home import Home
    from assistant.lock import Mode

Render = Callable[["Console", dict[str, Any]], None]


@dataclass
class Session:
    """The global options, and what follows from them. ``given`` are options that stand over settings."""

    home_option: Path | None = None
    as_json: bool = False
    purpose: str = "giljabi"
    given: dict[str, Any] = field(default_factory=dict)

    @cached_property
    def settings(self) -> Settings:
        """The settings, read when first asked for; logging is set up with them."""
        from api.settings import load_settings

        settings = load_settings(home=self.home_option, **self.given)
        _log_to_stderr(settings.log_level)
        return settings

    @cached_property
    def home(self) -> Home:
        """The home, not yet opened."""
        from assistant.home import Home
        from knowledge.catalog.mirrors import CatalogEngine
        from knowledge.documents.options import IndexOptions

        settings = self.settings
        url, reader = settings.catalog_url, settings.catalog_reader_url
        engine = CatalogEngine(url, reader) if url is not None else None
        options = IndexOptions(settings.chroma_url, settings.second_view, settings.reranker)
        model = None
        if settings.model is not None:
            from assistant.language_model import LanguageModel

            model = LanguageModel(
                settings.model, settings.model_url, settings.model_key, settings.model_seconds
            )
        return Home(settings.home, f"giljabi {self.purpose}", settings.database_url, engine, options, model)

    @contextmanager
    def reach(self, mode: Mode) -> Iterator[LocalHome | ServedHome]:
        """The home, or the server that holds it."""
        from api.reach import reach

        if mode == "exclusive":
            self.home.create()
        with reach(self.home, mode, self.settings.today) as reached:
            yield reached

    def show(self, document: dict[str, Any], render: Render) -> None:
        """Print the result: as JSON, or as ``render`` draws it for people."""
        if self.as_json:
            self.line(document)
            return
        from rich.console import Console

        render(Console(soft_wrap=True, highlight=False), printable(document))

    def line(self, document: dict[str, Any]) -> None:
        """Print one JSON document on one line."""
        write_json(document)

    @contextmanager
    def progress(self, label: str) -> Iterator[Callable[[str, int, int], None]]:
        """A bar on stderr, and the function that moves it. Silent where stderr is no terminal."""
        if not sys.stderr.isatty():
            yield _silent
            return
        from rich.console import Console
        from rich.progress import (
            BarColumn,
            MofNCompleteColumn,
            Progress,
            TextColumn,
            TimeElapsedColumn,
            TimeRemainingColumn,
        )

        columns = (
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            TextColumn("left"),
            TimeRemainingColumn(),
        )
        with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
            task = bar.add_task(label, total=None)

            def move(name: str, done: int, total: int) -> None:
                bar.update(task, completed=done, total=total, description=f"{label} {name}")

            yield move


def write_json(document: dict[str, Any]) -> None:
    """One line of UTF-8 JSON on stdout. What UTF-8 cannot hold is left as its JSON escape."""
    text = json.dumps(document, ensure_ascii=False, allow_nan=False)
    sys.stdout.flush()
    sys.stdout.buffer.write(text.encode("utf-8", "backslashreplace") + b"\n")
    sys.stdout.buffer.flush()


def printable(value: Any) -> Any:
    """The document without control characters, which a terminal would act on, but for line ends and tabs."""
    if isinstance(value, str):
        return "".join(c for c in value if c in "\n\t" or unicodedata.category(c) != "Cc")
    if isinstance(value, dict):
        return {name: printable(member) for name, member in value.items()}
    return [printable(member) for member in value] if isinstance(value, list) else value


def _silent(*_: Any) -> None:
    """Progress that nobody sees."""


def _log_to_stderr(level: str) -> None:
    """The handler's level counts, not the loggers': some libraries set their own."""
    import logging

    handler = logging.StreamHandler(sys.stderr)
    handler.setLevel(level.upper())
    logging.basicConfig(
        level=level.upper(), handlers=[handler], format="%(asctime)s %(levelname)s %(name)s %(message)s"
    )
