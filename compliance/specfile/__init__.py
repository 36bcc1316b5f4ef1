"""YAML in, `Spec` out: what a user writes, with the place of every mistake."""

from compliance.specfile.lint import Counts, LintReport, lint
from compliance.specfile.loader import LoadedSpec, load_spec
from compliance.specfile.rules import attested_until

__all__ = ["Counts", "LintReport", "LoadedSpec", "attested_until", "lint", "load_spec"]
