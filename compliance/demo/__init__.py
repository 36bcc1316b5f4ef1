"""A small software company's site on this machine, honest or broken in a chosen way."""

from compliance.demo.handler import Received
from compliance.demo.server import CA_FILE, DemoSite
from compliance.demo.variants import Variant, variants

__all__ = ["CA_FILE", "DemoSite", "Received", "Variant", "variants"]
