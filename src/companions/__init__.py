"""Numerical companions to the research write-ups: one method a module."""
