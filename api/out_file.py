"""Writing a file that a person asked for: as a whole, or not at all."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable
from pathlib import Path

from knowledge.errors import UserError


def write_file(path: Path, content: bytes | Iterable[bytes]) -> None:
    """Put ``content``, whole or in pieces, at ``path``. A file that was there is replaced only once the
    new one is complete.

    Raises UserError, naming the path and why; nothing is left behind then.
    """
    temporary = None
    try:
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name[:40]}.")
        with os.fdopen(handle, "wb") as file:
            file.writelines((content,) if isinstance(content, bytes) else content)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).chmod(_mode(path))
        Path(temporary).replace(path)
    except (OSError, ValueError) as error:
        if temporary is not None:
            Path(temporary).unlink(missing_ok=True)
        reason = getattr(error, "strerror", None) or error
        raise UserError(
            f"{path} cannot be written: {reason}.", hint="Name a file in a folder that you may write to."
        ) from error


def _mode(path: Path) -> int:
    """What the file had, else what a new file gets here."""
    if path.exists():
        return path.stat().st_mode & 0o777
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask
