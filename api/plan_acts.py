"""What is done with research plans, as JSON documents: the same through HTTP and the command line."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from knowledge.text import language_of

if TYPE_CHECKING:
    from assistant.plan_desk import Checked, PlanDesk
    from assistant.records import PlanVersion

Body = Mapping[str, Any]


def plan_act(act: str, desk: PlanDesk, id: str, body: Body, today: date) -> dict[str, Any]:
    """One of new, list, show, fill, check, versions. ``body`` holds what the act takes."""
    return _ACTS[act](desk, id, body, today)


def _new(desk: PlanDesk, id: str, body: Body, today: date) -> dict[str, Any]:
    title = body.get("title") or ""
    made = desk.new(title=title, language=body.get("language") or language_of(title, "ko"))
    return {**_head(made), "plan": made.document}


def _list(desk: PlanDesk, id: str, body: Body, today: date) -> dict[str, Any]:
    found = desk.find(body.get("limit", 100), body.get("offset", 0))
    return {
        "plans": [
            {
                "id": plan.id,
                "title": plan.title,
                "language": plan.language,
                "version": plan.version,
                "created": plan.created,
                "updated": plan.updated,
            }
            for plan in found
        ]
    }


def _show(desk: PlanDesk, id: str, body: Body, today: date) -> dict[str, Any]:
    stored = desk.show(id, body.get("version"))
    return {**_head(stored), "plan": stored.document, "markdown": desk.markdown(stored, today)}


def _fill(desk: PlanDesk, id: str, body: Body, today: date) -> dict[str, Any]:
    from assistant.plan_desk import Filling

    before = desk.show(id)
    filled = desk.fill(
        id,
        Filling(
            datasets=tuple(body.get("datasets") or ()),
            variables=tuple(body.get("variables") or ()),
            cohorts=tuple(body.get("cohorts") or ()),
            settings=tuple(body.get("set") or ()),
            sections=body.get("sections") or {},
            base=body.get("base"),
        ),
    )
    changed = [name for name in filled.document if filled.document[name] != before.document.get(name)]
    return {**_head(filled), "changed": changed, "plan": filled.document}


def _check(desk: PlanDesk, id: str, body: Body, today: date) -> dict[str, Any]:
    return check_result(desk.check(id, today, body.get("version")))


def check_result(checked: Checked) -> dict[str, Any]:
    """``ok`` is true where there is no error; warnings do not stand in the way."""
    return {
        **_head(checked.version),
        "ok": checked.errors == 0,
        "errors": checked.errors,
        "warnings": len(checked.findings) - checked.errors,
        "findings": [finding.document() for finding in checked.findings],
    }


def _versions(desk: PlanDesk, id: str, body: Body, today: date) -> dict[str, Any]:
    found = desk.versions(id)
    rows = [{"version": v.version, "title": v.title, "created": v.created} for v in found]
    return {"id": id, "versions": rows}


def _head(stored: PlanVersion) -> dict[str, Any]:
    return {
        "id": stored.id,
        "version": stored.version,
        "title": stored.title,
        "language": stored.language,
        "created": stored.created,
    }


_ACTS: Mapping[str, Callable[[PlanDesk, str, Body, date], dict[str, Any]]] = {
    "new": _new,
    "list": _list,
    "show": _show,
    "fill": _fill,
    "check": _check,
    "versions": _versions,
}
