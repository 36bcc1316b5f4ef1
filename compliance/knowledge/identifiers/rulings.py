"""From label and lifetime to a ruling, in the strict and in the reasonable reading.

strict: no identifier outlives the browser session (a day is let pass with a note).
reasonable: a pseudonymous identifier may last, while it stays with the site and its named processors.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from compliance.knowledge.identifiers.items import ItemLabel
from compliance.knowledge.identifiers.lifetime import Bucket


class Ruling(StrEnum):
    """What follows for the promise."""

    BROKEN = "broken"
    DOUBT = "doubt"
    NOTE = "note"
    CLEAR = "clear"


@dataclass(frozen=True, slots=True)
class Facts:
    """What a ruling depends on."""

    label: ItemLabel
    bucket: Bucket
    strict: bool = True
    elsewhere: bool = False
    """Another owner has it: set in third-party context and not partitioned, or sent to another owner."""
    possibly_strong: bool = False
    """Compared and uncompared bits together would do for ID-strong."""
    vanished: bool = False
    """Was to outlive the session, and was not there when the visitor returned."""
    revived: bool = False
    """Ended with the session, and came back with the same value: it was kept elsewhere."""


def rule(facts: Facts) -> Ruling:
    """The ruling; exemptions are the caller's."""
    lasting = facts.bucket is not Bucket.SESSION
    clear = Ruling.NOTE if lasting else Ruling.CLEAR
    match facts.label:
        case ItemLabel.STRONG:
            if facts.elsewhere or facts.revived:
                return Ruling.BROKEN
            if facts.strict and facts.bucket >= Bucket.MEDIUM:
                return Ruling.DOUBT if facts.vanished else Ruling.BROKEN
            return clear
        case ItemLabel.ROTATING:
            doubtful = facts.elsewhere or (facts.strict and facts.bucket >= Bucket.MEDIUM)
            return Ruling.DOUBT if doubtful and lasting else clear
        case ItemLabel.WEAK:
            return Ruling.DOUBT if facts.strict and facts.bucket >= Bucket.LONG else clear
        case ItemLabel.UNCOMPARED:
            if facts.possibly_strong and (facts.elsewhere or (facts.strict and facts.bucket >= Bucket.MEDIUM)):
                return Ruling.DOUBT
            return Ruling.DOUBT if facts.strict and facts.bucket >= Bucket.LONG else clear
        case _:
            return Ruling.CLEAR
