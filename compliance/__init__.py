"""A privacy policy becomes a test suite."""

__version__ = "0.1.0"
