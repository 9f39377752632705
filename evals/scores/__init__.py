"""Scorers: what a run log says of each case, and of each suite. They read the log and nothing else."""
