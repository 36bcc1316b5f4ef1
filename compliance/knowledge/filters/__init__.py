"""Lists of trackers in Adblock's syntax, and which of their rules an address meets.

EasyPrivacy, EasyList and many national lists are written in it. Only rules about requests are read here; rules that
hide elements of a page say nothing about who was contacted. A rule with an option that this package does not know is
set aside and counted, never applied in part: half a rule says something that its author did not say.

```python
rules = Filters([parse("easyprivacy", text)])
rules.match("https://ads.test/p.gif", source="shop.test", kind="image")  # the rule, with list and line, or None
```

The syntax: https://help.adblockplus.org/hc/en-us/articles/360062733293 and, for `important`, `badfilter` and the short
names of options, https://github.com/gorhill/uBlock/wiki/Static-filter-syntax.
"""

from compliance.knowledge.filters.engine import Filters
from compliance.knowledge.filters.kinds import KINDS, kind_of
from compliance.knowledge.filters.rules import FilterList, Rule, parse

__all__ = ["KINDS", "FilterList", "Filters", "Rule", "kind_of", "parse"]
