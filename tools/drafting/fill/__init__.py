"""Filling a plan from the catalog, from query results, and from what a person sets; each gives a new plan."""
