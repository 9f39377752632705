"""Engines behind one face, each safe without the guard. They run in worker processes (tools.query.worker)."""
