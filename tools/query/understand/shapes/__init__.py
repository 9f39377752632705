"""The shapes a catalog question can have; each module builds one kind of plan, or gives None."""
