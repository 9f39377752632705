"""Variables that libraries read while they are imported. Set once, at the entry points, before anything else.

The user's own values win, except that nothing here may be switched on by accident: each one keeps a
library from calling home, from looking for a model on the network, from unpickling what it stored, or
from waiting for threads.
"""

from __future__ import annotations

import os

VENDOR_VARIABLES = {
    "ANONYMIZED_TELEMETRY": "False",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "HF_HUB_OFFLINE": "1",
    "LANGCHAIN_TRACING_V2": "false",
    "LANGGRAPH_STRICT_MSGPACK": "true",
    "LANGSMITH_TRACING": "false",
    "OPENBLAS_NUM_THREADS": "1",  # one question is too little work to share between threads
    "ORT_DISABLE_TELEMETRY": "1",
    "ORT_TELEMETRY_DISABLED": "1",
    "OTEL_SDK_DISABLED": "true",
    "TOKENIZERS_PARALLELISM": "false",
}


def prepare_environment() -> None:
    """Give each variable its value where the user has not given one."""
    for name, value in VENDOR_VARIABLES.items():
        os.environ.setdefault(name, value)
