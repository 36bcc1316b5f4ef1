"""Policies: from a live page to a stored version."""
