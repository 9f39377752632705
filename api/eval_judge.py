"""The judge that settings or options of a command name, for metrics of the evals that need a model."""

from __future__ import annotations

from api.session import Session
from api.settings import Settings
from evals.judge import Judge
from knowledge.errors import SettingsInvalid


def with_judge(session: Session, url: str | None, model: str | None) -> Session:
    """The session with the judge that options name. Raises SettingsInvalid where it is half named."""
    session.given |= {name: value for name, value in (("judge_url", url), ("judge_model", model)) if value}
    configured_judge(session.settings)
    return session


def configured_judge(settings: Settings) -> Judge | None:
    """The judge of the settings, if they name one. Raises SettingsInvalid where it is half named."""
    url, model = settings.judge_url, settings.judge_model
    if url is None and model is None:
        return None
    if url is None or model is None:
        raise SettingsInvalid(
            "A judge needs both an endpoint and the name of its model.",
            hint="Give GILJABI_JUDGE_URL and GILJABI_JUDGE_MODEL, or --judge-url and --judge-model.",
        )
    return Judge(url, model, settings.judge_key, total=settings.judge_seconds)
