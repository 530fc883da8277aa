"""Whole public pages kept in memory: the same for everyone, never older than what was published."""
