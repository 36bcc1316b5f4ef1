"""Identifiers in cookies and storage: what a value is made of, whether it tells visitors apart, how long it lives.

Found by the behaviour of values, never by their names: three independent visitors, and the return
of the first one after its browser was closed.
"""

from compliance.knowledge.identifiers.carriers import Carrier, Gathered, gather
from compliance.knowledge.identifiers.cases import Case, Options, assessed, cases, one_per_cause
from compliance.knowledge.identifiers.exempt import DEFAULT_EXEMPT, exemption
from compliance.knowledge.identifiers.items import (
    STRONG_BITS,
    WEAK_BITS,
    Assessment,
    ItemLabel,
    Samples,
    assess,
)
from compliance.knowledge.identifiers.kinds import Surroundings
from compliance.knowledge.identifiers.lifetime import Bucket, bucket_of, spoken
from compliance.knowledge.identifiers.rulings import Facts, Ruling, rule
from compliance.knowledge.identifiers.sharing import Sent, find_sent, needles
from compliance.knowledge.identifiers.split import Joint, joints
from compliance.knowledge.identifiers.stored import gather_stored

__all__ = [
    "DEFAULT_EXEMPT",
    "STRONG_BITS",
    "WEAK_BITS",
    "Assessment",
    "Bucket",
    "Carrier",
    "Case",
    "Facts",
    "Gathered",
    "ItemLabel",
    "Joint",
    "Options",
    "Ruling",
    "Samples",
    "Sent",
    "Surroundings",
    "assess",
    "assessed",
    "bucket_of",
    "cases",
    "exemption",
    "find_sent",
    "gather",
    "gather_stored",
    "joints",
    "needles",
    "one_per_cause",
    "rule",
    "spoken",
]
