"""Server-sent events over an iterator that blocks: each step runs in a thread of its own."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Iterator
from typing import Any

from fastapi.responses import StreamingResponse
from starlette.concurrency import iterate_in_threadpool, run_in_threadpool

MEDIA_TYPE = "text/event-stream"


def event(data: Any, name: str = "") -> str:
    """One event; JSON has no line ends of its own, so one data line is enough."""
    text = data if isinstance(data, str) else json.dumps(data, ensure_ascii=False)
    return f"event: {name}\ndata: {text}\n\n" if name else f"data: {text}\n\n"


async def stream(events: Iterator[str]) -> StreamingResponse:
    """A response of these events. The first is made before the response starts.

    So an error that shows at once is answered as an error with its status, not inside a stream.
    """
    first = await run_in_threadpool(next, events, "")

    async def body() -> AsyncIterator[str]:
        yield first
        async for piece in iterate_in_threadpool(events):
            yield piece

    return StreamingResponse(body(), media_type=MEDIA_TYPE, headers={"Cache-Control": "no-store"})
