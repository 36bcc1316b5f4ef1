"""Secrets in what leaves the browser: plain, encoded, hashed, and encoded again.

A needle is anything that must not travel: an identifier of the visitor, a value that was typed. `Search` is
built once for some needles and reads requests; a hit says where the needle stood and in which shape.
"""

from compliance.knowledge.leaks.parts import Part, parts_of
from compliance.knowledge.leaks.peel import DEPTH
from compliance.knowledge.leaks.search import Found, Hit, Search
from compliance.knowledge.leaks.shapes import MIN_LENGTH, Needle

__all__ = ["DEPTH", "MIN_LENGTH", "Found", "Hit", "Needle", "Part", "Search", "parts_of"]
