"""The HTTP face on a real server: health, errors, the gate, search, documents."""

from __future__ import annotations

import re
from urllib.parse import unquote

import httpx
import pytest

from api.gate import LARGEST_BODY

PROBLEM = "application/problem+json"


def test_it_lives_and_is_ready(http):
    assert http.get("/livez").json()["status"] == "ok"
    ready = http.get("/readyz")
    assert ready.status_code == 200 and ready.json() == {"status": "ready"}


def test_an_empty_home_is_not_ready_and_says_what_to_do(start_server, tmp_path):
    server = start_server(tmp_path / "empty")
    ready = httpx.get(f"{server.url}/readyz", trust_env=False)
    assert ready.status_code == 503 and ready.headers["content-type"] == PROBLEM
    problem = ready.json()
    assert len(problem["missing"]) == 2 and "giljabi init --sample" in problem["hint"]
    assert "giljabi catalog import" in problem["detail"] and "giljabi index" in problem["detail"]
    assert httpx.get(f"{server.url}/livez", trust_env=False).status_code == 200


@pytest.mark.parametrize(
    ("method", "path", "status", "kind"),
    [
        ("GET", "/nowhere", 404, "not-found"),
        ("DELETE", "/livez", 405, "method-not-allowed"),
        ("GET", "/api/search", 422, "request-invalid"),
        ("GET", "/api/search?q=x&k=0", 422, "request-invalid"),
        ("GET", "/api/search?q=%20", 422, "question-invalid"),
        ("GET", "/documents/none.md", 404, "not-found"),
        ("GET", "/documents/fees.md?start=5&end=4", 404, "not-found"),
        ("GET", "/documents/fees.md?version=other", 404, "not-found"),
        ("GET", "/static/../../settings.py", 404, "not-found"),
    ],
)
def test_errors_are_problem_details(http, method, path, status, kind):
    response = http.request(method, path)
    assert response.status_code == status and response.headers["content-type"] == PROBLEM
    problem = response.json()
    assert problem["type"] == f"urn:giljabi:problem:{kind}" and problem["status"] == status
    assert problem["title"] and problem["detail"]
    assert problem["request_id"] == response.headers["x-request-id"]


@pytest.mark.parametrize(
    ("content", "kind", "status"),
    [
        (b"{", "bad-request", 400),
        (b"[]", "request-invalid", 422),
        (b"", "request-invalid", 422),
        (b'{"words": 3}', "request-invalid", 422),
        (b'{"words": "x", "n": 1}', "request-invalid", 422),
        (b'{"words": "x", "k": 1e9}', "request-invalid", 422),
        (b"\xff\xfe", "bad-request", 400),
    ],
)
def test_bodies_that_do_not_fit(http, content, kind, status):
    response = http.post("/api/search", content=content, headers={"Content-Type": "application/json"})
    assert (response.status_code, response.json()["type"]) == (status, f"urn:giljabi:problem:{kind}")


def test_a_body_of_another_type_is_not_read(http):
    response = http.post("/api/search", content=b'{"words": "x"}', headers={"Content-Type": "text/plain"})
    assert response.status_code == 422


def test_a_request_id_is_kept_or_made(http):
    assert http.get("/livez", headers={"X-Request-ID": "abc-1"}).headers["x-request-id"] == "abc-1"
    made = http.get("/livez", headers={"X-Request-ID": "a b<script>"}).headers["x-request-id"]
    assert re.fullmatch(r"[0-9a-f]{32}", made)


def test_every_response_is_safe_to_show(http):
    for path in ("/livez", "/nowhere", "/documents/fees.md"):
        headers = http.get(path, headers={"Accept": "text/html"}).headers
        assert headers["content-security-policy"].startswith("default-src 'self'")
        assert headers["x-content-type-options"] == "nosniff"
        assert "access-control-allow-origin" not in headers and "server" not in headers


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "", "10.0.0.1:8000"])
def test_other_host_names_are_refused(http, host):
    response = http.get("/livez", headers={"Host": host})
    assert response.status_code == 421 and response.headers["content-type"] == PROBLEM


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:1", "127.0.0.1:80", "[::1]:80", "[::1]"])
def test_loopback_names_are_taken(http, host):
    assert http.get("/livez", headers={"Host": host}).status_code == 200


def test_bodies_over_the_limit_are_refused_whether_announced_or_not(http):
    big = b'{"words": "' + b"a" * LARGEST_BODY + b'"}'
    announced = http.post("/api/search", content=big, headers={"Content-Type": "application/json"})
    assert announced.status_code == 413 and announced.json()["type"].endswith("too-large")
    parts = (big[at : at + 65536] for at in range(0, len(big), 65536))
    streamed = http.post("/api/search", content=parts, headers={"Content-Type": "application/json"})
    assert streamed.status_code == 413


def test_search_by_url_and_by_body_agree(http):
    by_url = http.get("/api/search", params={"q": "ethics review cost", "k": 2}).json()
    by_body = http.post("/api/search", json={"words": "ethics review cost", "k": 2}).json()
    assert by_url == by_body and len(by_url["passages"]) == 2


def test_a_citation_url_shows_the_quote(http):
    passage = http.get("/api/search", params={"q": "심의 기간", "k": 1}).json()["passages"][0]
    assert passage["document"] == "심사.md"
    plain = http.get(passage["url"])
    assert plain.headers["content-type"].startswith("text/plain")
    assert plain.text[passage["start"] : passage["end"]] == passage["text"]
    page = http.get(passage["url"], headers={"Accept": "text/html"})
    marked = re.search(r'<mark id="quote">(.*?)</mark>', page.text, flags=re.DOTALL)
    assert marked and "4주" in marked[1] and 'lang="ko"' in page.text
    assert http.get("/static/giljabi.css").status_code == 200
    assert unquote(passage["url"]).startswith("/documents/심사.md?")


def test_a_document_cannot_bring_markup(start_server, small_home, tmp_path, giljabi):
    (tmp_path / "markup.md").write_text(
        "# <b>Bold</b>\n\n<script>alert(1)</script> & more.\n", encoding="utf-8"
    )
    assert giljabi("--home", str(small_home), "index", str(tmp_path / "markup.md")).code == 0
    server = start_server(small_home)
    page = httpx.get(f"{server.url}/documents/markup.md", headers={"Accept": "text/html"}, trust_env=False)
    assert "<script>" not in page.text and "&lt;script&gt;" in page.text


def test_catalog_info(http):
    info = http.get("/api/catalog/info").json()
    assert [dataset["id"] for dataset in info["datasets"]] == ["han_sleep"]


@pytest.mark.parametrize(
    ("path", "body"),
    [("/api/index", {"paths": ["/etc/hostname"]}), ("/api/catalog/import", {"path": "/etc"})],
)
@pytest.mark.parametrize("token", [None, "", "wrong"])
def test_nobody_changes_a_home_without_the_token(http, path, body, token):
    headers = {} if token is None else {"X-Giljabi-Token": token}
    response = http.post(path, json=body, headers=headers)
    assert response.status_code == 403 and response.json()["type"].endswith("forbidden")


def test_metrics_count_what_was_served(http):
    http.get("/livez")
    text = http.get("/metrics").text
    match = re.search(r'giljabi_requests_total\{method="GET",route="/livez",status="200"\} (\d+)', text)
    assert match and int(match[1]) >= 1
    assert 'giljabi_request_seconds_bucket{route="/livez",le="+Inf"}' in text
    assert all(re.fullmatch(r"# TYPE .+|[a-z_]+(\{.*\})? [0-9.e+-]+", line) for line in text.splitlines())


def test_the_schema_can_be_read(http):
    assert "/v1/chat/completions" in http.get("/openapi.json").json()["paths"]
    assert http.get("/docs").status_code == 404
