"""Run suites once and log everything that scorers may want to know."""

from __future__ import annotations

import platform
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from assistant.answer import Answer
from assistant.home import Home
from evals.case import Case, ConversationCase, SuiteKind
from evals.homes import build_home, describe_home
from evals.log import LogWriter, read_log
from evals.records import Failure, Found, Header, HomeRecord, Record, SuiteRecord, TurnRecord
from evals.suite import Suite, SuiteFolder
from evals.versions import code_hash, models, release
from knowledge.errors import CaseInvalid, GiljabiError, NotFound

DEPTH = 10  # passages asked of a search
Progress = Callable[[str, int, int], None]  # name, done, of how many


def run(
    folder: SuiteFolder,
    suites: Sequence[Suite],
    log: Path,
    homes: Path,
    *,
    resume: bool = False,
    threads: int = 1,
    progress: Progress | None = None,
) -> None:
    """Ask every case of ``suites`` and write ``log``. Homes are built in the folder ``homes``.

    ``resume`` goes on with a log that was broken off. Raises CaseInvalid where it was made with other
    code, suites or homes, StoreUnavailable where the log is there already and not to be resumed.
    """
    with ExitStack() as stack:
        opened: dict[str, Home] = {}
        for name in dict.fromkeys(suite.home for suite in suites):
            home = build_home(name, folder.homes[name], folder.path, homes, progress)
            opened[name] = stack.enter_context(home)
        header = header_of(suites, {name: describe_home(home) for name, home in opened.items()}, threads)
        done = _done(log, header) if resume else set()
        writer = LogWriter(log, None if resume else header)
        stack.callback(writer.close)
        left = [
            (suite, case) for suite in suites for case in suite.cases if (suite.name, case.id) not in done
        ]

        def logged(suite: Suite, case: Case) -> None:
            writer.write(ask(opened[suite.home], suite, case))

        pool = stack.enter_context(ThreadPoolExecutor(max_workers=threads))
        stack.callback(pool.shutdown, wait=True, cancel_futures=True)
        asked = [pool.submit(logged, suite, case) for suite, case in left]
        for count, (future, (suite, _)) in enumerate(zip(asked, left, strict=True), 1):
            future.result()
            if progress is not None:
                progress(suite.name, count, len(left))


def ask(home: Home, suite: Suite, case: Case) -> Record:
    """Ask one case; what goes wrong on the way is the case's record, not the end of the run."""
    begun = time.perf_counter()
    try:
        part = ASKED.get(suite.kind, _answered)(home, suite, case)
    except Exception as error:  # noqa: BLE001  # any fault of the assistant is a finding of the evals
        said = error.message if isinstance(error, GiljabiError) else str(error)
        part = {"failure": Failure(kind=type(error).__name__, message=said)}
    spent = round(time.perf_counter() - begun, 4)
    return Record(suite=suite.name, case=case.model_dump(mode="json"), seconds=spent, **part)


def _searched(home: Home, suite: Suite, case: Case) -> dict[str, Any]:
    found = home.search(case.text, DEPTH, suite.today)
    return {
        "passages": tuple(
            Found(
                document=page.metadata["document"],
                section=page.metadata["section"],
                kind=page.metadata["kind"],
                score=round(float(page.metadata["score"]), 4),
                text=page.page_content,
            )
            for page in found
        )
    }


def _answered(home: Home, suite: Suite, case: Case) -> dict[str, Any]:
    answer = home.assistant().ask(case.text, today=suite.today)
    return {"answer": answer.model_dump(mode="json"), "stored": _stored(home, answer)}


def _conversed(home: Home, suite: Suite, case: Case) -> dict[str, Any]:
    """The questions one after the other, in a conversation of their own."""
    assert isinstance(case, ConversationCase)
    conversation, turns = None, []
    for turn in case.turns:
        answer = home.assistant().ask(turn.text, today=suite.today, conversation=conversation)
        conversation = answer.conversation
        turns.append(TurnRecord(answer=answer.model_dump(mode="json"), stored=_stored(home, answer)))
    return {"turns": tuple(turns)}


ASKED: dict[SuiteKind, Callable[[Home, Suite, Case], dict[str, Any]]] = {
    "retrieval": _searched,
    "conversations": _conversed,
}


def _stored(home: Home, answer: Answer) -> tuple[str | None, ...]:
    """What the stored versions hold where the citations point."""
    texts: list[str | None] = []
    for citation in answer.citations:
        try:
            text = home.index.document(citation.document, citation.version).text
        except NotFound:
            texts.append(None)
        else:
            texts.append(text[citation.start : citation.end])
    return tuple(texts)


def header_of(suites: Sequence[Suite], homes: dict[str, HomeRecord], threads: int) -> Header:
    """What a log of these suites begins with."""
    return Header(
        started=datetime.now(UTC).isoformat(timespec="seconds"),
        release=release(),
        code=code_hash(),
        python=platform.python_version(),
        models=models(),
        settings={"threads": str(threads), "depth": str(DEPTH)},
        suites={
            s.name: SuiteRecord(
                kind=s.kind, home=s.home, today=s.today.isoformat(), cases=len(s.cases), hash=s.hash
            )
            for s in suites
        },
        homes=homes,
    )


def _done(log: Path, header: Header) -> set[tuple[str, str]]:
    """The cases that an unfinished log holds. Raises CaseInvalid where it does not belong to this run."""
    found = read_log(log, unfinished=True)
    parts = ("code", "models", "suites", "homes")
    other = [part for part in parts if getattr(found.header, part) != getattr(header, part)]
    if other:
        raise CaseInvalid.of(
            [f"{log.name}: the log was made with other {', '.join(other)}"],
            hint="Begin a new log; leave out --resume.",
        )
    return {(entry.suite, entry.case.id) for entry in found.entries}
