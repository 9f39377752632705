"""Compose cases of a template, a wording and a thing of the catalog; their rows come from guarded SQL."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from evals.case import Difficulty, Expected, QuestionCase, Split, Strict
from evals.generate.things import Thing, things
from knowledge.catalog.place import Place
from knowledge.catalog.read import Catalog
from knowledge.data_file import read_shipped
from knowledge.errors import SqlRejected
from knowledge.text import Language
from tools.query.execute import execute_sql
from tools.query.guard import catalog_schema

LANGUAGES: tuple[Language, ...] = ("ko", "en")
MOST_ROWS = 200
MEASURE, STATUS = "patients", "patients_status"
PUBLISHED = {"released", "suppressed"}


class Wordings(Strict):
    """Wordings of one language. No wording of ``dev`` is one of ``test``."""

    dev: tuple[str, ...]
    test: tuple[str, ...]


class Template(Strict):
    """A question with what answers it: ``sql`` and ``columns``, or ``expect`` where no rows do."""

    id: str
    about: str
    kind: str
    difficulty: Difficulty
    columns: tuple[str, ...] = ()
    sql: str = ""
    expect: Expected | None = None
    ko: Wordings
    en: Wordings


@dataclass(frozen=True, slots=True)
class _Draw:
    """One question that can be asked."""

    template: Template
    language: Language
    split: Split
    wording: int
    thing: Thing

    @property
    def text(self) -> str:
        wordings: Wordings = getattr(self.template, self.language)
        chosen: str = getattr(wordings, self.split)[self.wording]
        return chosen.format(**self.thing.names)


def read_templates() -> tuple[Template, ...]:
    """The templates that ship."""
    found = read_shipped(Path(__file__).with_name("templates.yaml"))
    return tuple(Template.model_validate(one, strict=False) for one in found)


def compose(catalog: Catalog, place: Place, n: int, *, seed: int = 0) -> list[QuestionCase]:
    """Up to ``n`` cases, half of them Korean, spread over templates and splits; the same for the same seed.

    ``place`` is where the catalog can be queried. Fewer come where the catalog holds too little to ask about.
    """
    drawn = random.Random(seed)
    cases: list[QuestionCase] = []
    for language in LANGUAGES:
        most = (n + (language == "ko")) // 2
        made = 0
        for draw in _in_turn(_queues(catalog, language, drawn)):
            if made == most:
                break
            expect = _expected(draw, place)
            if expect is not None:
                made += 1
                cases.append(_case(draw, expect, made))
    return cases


def _queues(catalog: Catalog, language: Language, drawn: random.Random) -> list[list[_Draw]]:
    """For each template and split, its draws in an order of their own."""
    queues = []
    for template in read_templates():
        found = things(catalog, template.about, language)
        wordings: Wordings = getattr(template, language)
        splits: tuple[tuple[Split, int], ...] = (("dev", len(wordings.dev)), ("test", len(wordings.test)))
        for split, count in splits:
            queue = [_Draw(template, language, split, w, thing) for thing in found for w in range(count)]
            drawn.shuffle(queue)
            queues.append(queue)
    return queues


def _in_turn(queues: list[list[_Draw]]) -> Iterator[_Draw]:
    """One of each queue, round and round until all are empty."""
    left = [list(queue) for queue in queues]
    while any(left):
        for queue in left:
            if queue:
                yield queue.pop()


def _expected(draw: _Draw, place: Place) -> Expected | None:
    """What answers the question; None where nothing exact is published or too much would have to be said."""
    template = draw.template
    if template.expect is not None:
        return template.expect
    try:
        found = execute_sql(_sql(draw), place, catalog_schema())
    except SqlRejected:
        return None  # a name of the catalog that cannot be written into a statement
    rows = [dict(zip(found.columns, row, strict=True)) for row in found.rows]
    if not 0 < len(rows) <= MOST_ROWS or found.truncated:
        return None
    if any(MEASURE in row and row.get(STATUS) not in PUBLISHED for row in rows):
        return None
    values = tuple(tuple(row[column] for column in template.columns) for row in rows)
    return Expected(status="answered", columns=template.columns, rows=values)


def _sql(draw: _Draw) -> str:
    ids: Mapping[str, Any] = {name: id.replace("'", "''") for name, id in draw.thing.ids.items()}
    return draw.template.sql.format(**ids)


def _case(draw: _Draw, expect: Expected, number: int) -> QuestionCase:
    template = draw.template
    return QuestionCase(
        id=f"gen-{draw.language}-{number:04}",
        language=draw.language,
        kind=template.kind,
        difficulty=template.difficulty,
        split=draw.split,
        source="generated from the catalog",
        text=draw.text,
        template=f"{template.id}.{draw.language}.{draw.split}.{draw.wording + 1}",
        expect=expect,
        gold_sql=_sql(draw) if template.sql else None,
    )
