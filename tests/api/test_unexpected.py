"""A mistake of our own: the client gets a problem without its words, the log gets the rest."""

from __future__ import annotations

import pytest
from starlette.testclient import TestClient

from api.app import create_app, gated
from api.settings import load_settings
from assistant.home import Home

SECRET = "postgres://user:secret@db"


@pytest.fixture
def client(tmp_path):
    app = create_app(Home(tmp_path), load_settings(), "token")

    @app.get("/broken")
    @app.get("/v1/broken")
    def broken() -> None:
        raise RuntimeError(SECRET)

    return TestClient(gated(app), base_url="http://127.0.0.1", raise_server_exceptions=False)


def test_it_is_a_problem_that_gives_nothing_away(client):
    response = client.get("/broken")
    assert response.status_code == 500 and response.headers["content-type"] == "application/problem+json"
    assert response.json()["type"] == "urn:giljabi:problem:unexpected"
    assert response.json()["request_id"] == response.headers["x-request-id"]
    assert SECRET not in response.text and "Traceback" not in response.text
    assert response.headers["x-content-type-options"] == "nosniff"


def test_under_v1_it_has_openais_shape(client):
    error = client.get("/v1/broken").json()["error"]
    assert error["type"] == "server_error" and error["code"] == "unexpected" and SECRET not in str(error)


def test_it_is_counted(client):
    client.get("/broken")
    assert (
        'giljabi_requests_total{method="GET",route="/broken",status="500"} 1' in client.get("/metrics").text
    )
