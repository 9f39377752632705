"""The revisions of the records' tables, oldest first. Alembic runs them; ``HEAD`` is where they end."""

REVISIONS = ("0001", "0002")
HEAD = REVISIONS[-1]
