"""A judge: a language model, behind an OpenAI-compatible endpoint, that metrics of ragas ask. Never gating.

Nothing that a judge does ends a run: what failed, what was left out for want of time and what was given up
is said by name beside the means.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from evals.ragas_metrics import JUDGED, Sample, judged, modules

FAILURES = 5  # one after the other, and a metric is given up
TOKENS = 1024  # of one reply
Progress = Callable[[str, int, int], None]  # name, done, of how many


@dataclass(frozen=True, slots=True)
class Judge:
    """Where the model is and how long it may take: ``seconds`` of one metric of one case, ``total`` of all.

    url: an OpenAI-compatible endpoint, with /v1. key: its key, where it wants one.
    """

    url: str
    model: str
    key: str | None = field(default=None, repr=False)
    seconds: float = 60.0
    total: float = 600.0


@dataclass(slots=True)
class Judgement:
    """What became of one metric: the values that came, and why others did not."""

    values: list[float] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)
    in_a_row: int = 0
    left: int = 0

    @property
    def given_up(self) -> bool:
        """So many failures in a row that it is not asked again."""
        return self.in_a_row >= FAILURES

    def said(self, metric: str) -> str:
        """What is lacking of the metric, in a line; "" where every case has it."""
        parts: list[str] = []
        if self.failures:
            parts.append(f"{len(self.failures)} cases failed, the last with {self.failures[-1]}")
        if self.left:
            why = "given up" if self.given_up else "no time was left"
            parts.append(f"{self.left} cases were not asked ({why})")
        return f"{metric}: {'; '.join(parts)}" if parts else ""


def ask_judge(
    judge: Judge, samples: Sequence[Sample], progress: Progress | None = None
) -> dict[str, Judgement]:
    """Every metric of ``JUDGED`` of every sample, within the judge's time."""
    return asyncio.run(_ask(judge, samples, progress))


async def _ask(judge: Judge, samples: Sequence[Sample], progress: Progress | None) -> dict[str, Judgement]:
    llm, client = _llm(judge)
    found = {metric: Judgement() for metric in JUDGED}
    ends = time.monotonic() + judge.total
    try:
        for number, sample in enumerate(samples, 1):
            for metric, judgement in found.items():
                left = min(judge.seconds, ends - time.monotonic())
                if left <= 0 or judgement.given_up:
                    judgement.left += 1
                else:
                    await _one(metric, llm, sample, left, judgement)
            if progress is not None:
                progress("judge", number, len(samples))
    finally:
        await client.close()
    return found


async def _one(metric: str, llm: Any, sample: Sample, seconds: float, judgement: Judgement) -> None:
    """Ask for one metric of one sample and note what comes of it."""
    try:
        value = await asyncio.wait_for(judged(metric, llm, sample), seconds)
    except TimeoutError:
        judgement.failures.append(f"no reply within {seconds:.0f} s")
        judgement.in_a_row += 1
    except Exception as error:  # noqa: BLE001  # client, reply and ragas each have errors of their own
        judgement.failures.append(f"{type(error).__name__}: {' '.join(str(error).split())[:120]}")
        judgement.in_a_row += 1
    else:
        judgement.in_a_row = 0
        if value is not None:
            judgement.values.append(value)


def _llm(judge: Judge) -> tuple[Any, Any]:
    """The model as ragas asks it, and the client to be closed. Replies are held to the schema asked for."""
    from openai import AsyncOpenAI

    client: Any = AsyncOpenAI(
        base_url=judge.url, api_key=judge.key or "none", timeout=judge.seconds, max_retries=0
    )

    class Endpoint(modules().llms.InstructorBaseRagasLLM):  # type: ignore[misc]
        def generate(self, prompt: str, response_model: Any) -> Any:
            raise NotImplementedError("the judge is asked asynchronously")

        async def agenerate(self, prompt: str, response_model: Any) -> Any:
            schema = {"name": "reply", "schema": response_model.model_json_schema()}
            reply = await client.chat.completions.create(
                model=judge.model,
                messages=[{"role": "user", "content": prompt}],
                response_format={"type": "json_schema", "json_schema": schema},
                temperature=0,
                max_tokens=TOKENS,
            )
            return response_model.model_validate_json(reply.choices[0].message.content or "")

    return Endpoint(), client
