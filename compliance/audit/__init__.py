"""An audit in plain functions: plan, crawl, judge. No pytest, no command line.

```python
loaded = load_spec(Path("specs/shop.yaml"))
with start_run(loaded, settings, Path("reports")) as run:
    crawl(loaded, settings, run)
verdicts = judge_run(run.path, now=datetime.now(UTC))
```
"""

from compliance.audit.judging import Judge, Kind, Line, judge_unseen, lines
from compliance.audit.observing import Options, Stop, crawl, load_run, options_of, start_run
from compliance.audit.repeating import Panel, judge_with
from compliance.audit.running import Known, exit_code, judge_run, line_key

__all__ = [
    "Judge",
    "Kind",
    "Known",
    "Line",
    "Options",
    "Panel",
    "Stop",
    "crawl",
    "exit_code",
    "judge_run",
    "judge_unseen",
    "judge_with",
    "line_key",
    "lines",
    "load_run",
    "options_of",
    "start_run",
]
