"""Statements run in processes of their own, which can be killed: a pool of warm workers."""
