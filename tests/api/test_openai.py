"""The OpenAI Python client, as it is, against the server."""

from __future__ import annotations

import openai
import pytest

QUESTION = "What is the deadline and how do I apply?"


@pytest.fixture
def client(served):
    with openai.OpenAI(base_url=f"{served.url}/v1", api_key="unused", max_retries=0) as client:
        yield client


def test_the_model_is_listed(client):
    assert [model.id for model in client.models.list()] == ["giljabi"]
    assert client.models.retrieve("giljabi").object == "model"
    with pytest.raises(openai.NotFoundError):
        client.models.retrieve("gpt")


def test_a_reply_carries_the_answer(client):
    reply = client.chat.completions.create(model="giljabi", messages=[{"role": "user", "content": QUESTION}])
    answer = reply.model_extra["giljabi"]
    (choice,) = reply.choices
    assert choice.message.content == answer["text"] and choice.finish_reason == "stop"
    assert "28 April" in answer["text"] and answer["citations"]
    assert reply.usage.prompt_tokens == len(QUESTION)
    assert reply.usage.completion_tokens == len(answer["text"])
    assert reply.usage.total_tokens == len(QUESTION) + len(answer["text"])


def test_a_stream_gives_the_text_and_ends_with_the_answer(client):
    chunks = list(
        client.chat.completions.create(
            model="giljabi", messages=[{"role": "user", "content": QUESTION}], stream=True, temperature=0,
            stream_options={"include_usage": True},
        )
    )  # fmt: skip
    first, *_, last, usage = chunks
    assert first.choices[0].delta.role == "assistant"
    assert last.choices[0].finish_reason == "stop"
    answer = last.model_extra["giljabi"]
    text = "".join(chunk.choices[0].delta.content or "" for chunk in chunks[:-1])
    assert text.strip() == answer["text"].strip() and "28 April" in text
    assert len(chunks) > 4 and len({chunk.id for chunk in chunks}) == 1
    assert usage.choices == [] and usage.usage.completion_tokens == len(answer["text"])


def test_korean_streams_whole(client):
    stream = client.chat.completions.create(
        model="giljabi",
        messages=[{"role": "user", "content": "병원별 COPD 환자 수는 몇 명인가요?"}],
        stream=True,
    )
    chunks = list(stream)
    answer = chunks[-1].model_extra["giljabi"]
    assert answer["language"] == "ko" and answer["query"]["rows"]
    text = "".join(chunk.choices[0].delta.content or "" for chunk in chunks)
    assert text.strip() == answer["text"].strip() and "�" not in text


def test_earlier_messages_are_the_conversation(client):
    messages = [
        {"role": "system", "content": "Answer like a pirate."},
        {"role": "user", "content": "How many COPD patients are there at each hospital?"},
        {"role": "assistant", "content": "..."},
        {"role": "user", "content": [{"type": "text", "text": "What about 2021?"}]},
    ]
    reply = client.chat.completions.create(model="giljabi", messages=messages)
    query = reply.model_extra["giljabi"]["query"]
    assert query is not None and "2021" in query["sql"]


@pytest.mark.parametrize(
    ("change", "error", "param"),
    [
        ({"model": "gpt-5"}, openai.NotFoundError, "model"),
        ({"messages": []}, openai.BadRequestError, "messages"),
        ({"messages": [{"role": "user", "content": ""}]}, openai.BadRequestError, None),
        ({"messages": [{"role": "user", "content": "a " * 10_000}]}, openai.BadRequestError, None),
        ({"messages": [{"role": "assistant", "content": "x"}]}, openai.BadRequestError, "messages"),
        ({"messages": [{"role": "wizard", "content": "x"}]}, openai.BadRequestError, "messages.0.role"),
        ({"n": 2}, openai.BadRequestError, "n"),
        (
            {
                "messages": [
                    {"role": "user", "content": [{"type": "image_url", "image_url": {"url": "data:,"}}]}
                ]
            },
            openai.BadRequestError,
            "messages.0.content",
        ),
    ],
)
@pytest.mark.parametrize("stream", [False, True])
def test_what_cannot_be_served_is_said_in_openais_shape(client, change, error, param, stream):
    request = {
        "model": "giljabi",
        "messages": [{"role": "user", "content": QUESTION}],
        "stream": stream,
        **change,
    }
    with pytest.raises(error) as caught:
        client.chat.completions.create(**request)
    assert caught.value.body["message"] and caught.value.body["type"] == "invalid_request_error"
    assert caught.value.param == param


def test_errors_of_the_framework_have_that_shape_too(sample_http):
    for response in (
        sample_http.post("/v1/chat/completions", content=b"{", headers={"Content-Type": "application/json"}),
        sample_http.get("/v1/nothing"),
        sample_http.delete("/v1/models"),
    ):
        assert set(response.json()["error"]) == {"message", "type", "param", "code"}
