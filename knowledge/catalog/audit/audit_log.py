"""Audits of datasets that were done before, so that only what changed is audited again."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

from knowledge.catalog.audit.findings import AuditReport, Figures, Finding

FORMAT = 1  # raise when the attack changes: what it said before no longer counts


class AuditLog:
    """Reports of single datasets by what they depend on, in one file; a broken file is as good as none."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._used: dict[str, AuditReport] = {}
        self._known: dict[str, dict[str, Any]] = {}
        try:
            document = json.loads(path.read_text(encoding="utf-8"))
            if document["format"] == FORMAT:
                self._known = document["audits"]
        except (OSError, ValueError, KeyError, TypeError):
            self._known = {}

    def find(self, key: str) -> AuditReport | None:
        """The report of an earlier audit."""
        document = self._known.get(key)
        if document is None:
            return None
        report = AuditReport(
            document["rule"], document["small"], document["exact"], document["versions"],
            tuple(Figures(**one) for one in document["figures"]),
            tuple(Finding(**one) for one in document["findings"]),
        )
        self._used[key] = report
        return report

    def keep(self, key: str, report: AuditReport) -> None:
        """Remember one dataset's report."""
        self._used[key] = report

    def write(self) -> None:
        """Keep what was found or made in this run; older audits are forgotten."""
        audits = {key: asdict(report) for key, report in self._used.items()}
        unfinished = self._path.with_name(f".{self._path.name}.unfinished")
        text = json.dumps({"format": FORMAT, "audits": audits}, ensure_ascii=False)
        unfinished.write_text(text, encoding="utf-8")
        unfinished.replace(self._path)
