"""Faults planted into right answers, to test the scorers, and harmless changes that must not be caught."""

from __future__ import annotations

import copy
import json
import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from evals.log import Log, read_record
from evals.mutations import FAULTS, HARMLESS
from evals.records import Record
from evals.score import mark_of


@dataclass(slots=True)
class Planted:
    """How often a mutation could be made, and how often the scorers told it from a right answer."""

    made: int = 0
    caught: int = 0
    missed: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Planting:
    """Faults have to be caught, harmless changes must not be."""

    faults: Mapping[str, Planted]
    harmless: Mapping[str, Planted]

    def document(self) -> dict[str, Any]:
        """JSON-ready, with both rates."""
        made, caught = _sum(self.faults)
        tried, alarms = _sum(self.harmless)
        return {
            "planted": made,
            "caught": caught,
            "caught_rate": round(caught / made, 4) if made else None,
            "harmless": tried,
            "false_alarms": alarms,
            "false_alarm_rate": round(alarms / tried, 4) if tried else None,
            "faults": {name: _told(one) for name, one in self.faults.items()},
            "harmless_changes": {name: _told(one) for name, one in self.harmless.items()},
        }


def plant(log: Log, *, seed: int = 0) -> Planting:
    """Make every mutation that can be made of every right case of a log, and score what comes of it."""
    drawn = random.Random(seed)
    faults: dict[str, Planted] = {name: Planted() for name in FAULTS}
    harmless: dict[str, Planted] = {name: Planted() for name in HARMLESS}
    for entry in log.entries:
        suite = log.header.suites[entry.suite]
        home = log.header.homes[suite.home]
        if entry.record.answer is None or mark_of(entry, suite.kind, home).outcome != "right":
            continue
        for spoils, counts in ((FAULTS, faults), (HARMLESS, harmless)):
            for name, (kinds, spoil) in spoils.items():
                record = copy.deepcopy(entry.record.model_dump(mode="json"))
                if suite.kind not in kinds or not spoil(record, home, drawn):
                    continue
                spoilt = read_record(Record.model_validate_json(json.dumps(record)), log.header, name)
                seen = mark_of(spoilt, suite.kind, home).outcome != "right"
                counts[name].made += 1
                counts[name].caught += seen
                if seen == (spoils is HARMLESS):
                    counts[name].missed.append(entry.case.id)
    return Planting(faults, harmless)


def _sum(planted: Mapping[str, Planted]) -> tuple[int, int]:
    return sum(one.made for one in planted.values()), sum(one.caught for one in planted.values())


def _told(one: Planted) -> dict[str, Any]:
    return {"made": one.made, "caught": one.caught, "exceptions": one.missed}
