"""Routing: which intent a question has, or why it is declined. See route.py."""

from assistant.routing.route import Route, Router

__all__ = ["Route", "Router"]
