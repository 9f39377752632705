"""The HTTP application: routes, errors, and the gate in front of them."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException

from api.gate import Gate
from api.metrics import Metrics
from api.pages import STATIC, PageFiles, page_templates
from api.responses import on_giljabi_error, on_http_error, on_invalid_request, on_unexpected
from api.routes import (
    catalog,
    catalog_pages,
    chat,
    conversations,
    documents,
    evals,
    health,
    index,
    openai,
    pages,
    plans,
    reviews,
    search,
)
from api.server_record import instance_of
from api.settings import Settings
from assistant.home import Home
from knowledge.errors import GiljabiError


def create_app(home: Home, settings: Settings, token: str) -> FastAPI:
    """The application over an open home, which it closes at its end. ``token`` lets commands change it."""
    app = FastAPI(title="Giljabi", docs_url=None, redoc_url=None, lifespan=_lifespan)
    app.state.home = home
    app.state.settings = settings
    app.state.token = token
    app.state.instance = instance_of(token)
    app.state.started = int(time.time())
    app.state.metrics = Metrics()
    app.state.pages = page_templates()
    for routes in (
        health,
        openai,
        chat,
        search,
        catalog,
        catalog_pages,
        index,
        documents,
        reviews,
        conversations,
        plans,
        evals,
        pages,
    ):
        app.include_router(routes.router)
    app.mount("/static", PageFiles(directory=STATIC))
    app.add_exception_handler(GiljabiError, on_giljabi_error)
    app.add_exception_handler(HTTPException, on_http_error)
    app.add_exception_handler(RequestValidationError, on_invalid_request)
    app.add_exception_handler(Exception, on_unexpected)
    return app


def gated(app: FastAPI) -> Gate:
    """The application behind the gate that every request passes: what a server runs."""
    return Gate(app, hosts=frozenset(app.state.settings.hosts), metrics=app.state.metrics)


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    yield
    await run_in_threadpool(app.state.home.close)
