"""Lists that users bring: reading a file of any usual form, and asking several lists about a request.

Nothing here opens a file: text comes in, values go out. What lies on disk is `store.lists`.
"""

from compliance.knowledge.lists.asking import Hit, Lists, Matcher
from compliance.knowledge.lists.reading import Aside, NotAList, TrackerList, read
from compliance.knowledge.lists.stating import Stated, stated

__all__ = ["Aside", "Hit", "Lists", "Matcher", "NotAList", "Stated", "TrackerList", "read", "stated"]
