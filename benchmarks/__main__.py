"""`make bench`: one table, all rows in one run, the limit measured before and after every contender.

Read the ratios: absolute figures move with the machine. `python -m benchmarks accuracy` is another measurement, of
how often the checks are right: see `benchmarks/accuracy`.
"""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.measure import Measured, measure

HERE = Path(__file__).parent
GOALS = {
    "ours": "pages/s at least 0.8 of bare",
    "ours-links": "at least 0.9 of bare",
    "crawlee": "ours costs at most 1/8",
}


def once(name: str, url: str, pages: int) -> tuple[Measured, int, float]:
    """One run of one contender."""
    measured = measure([sys.executable, str(HERE / "contenders.py"), name, url, str(pages)])
    lines = measured.output.strip().splitlines()
    told = json.loads(lines[-1]) if lines else {"pages": 0, "seconds": 1.0}
    return measured, int(told["pages"]), float(told["seconds"])


def main(names: list[str], pages: int) -> None:
    """Measure and print."""
    rows = []
    server = [sys.executable, str(HERE / "site.py"), str(pages)]
    with subprocess.Popen(server, stdout=subprocess.PIPE, text=True) as site:
        assert site.stdout is not None
        url = f"http://127.0.0.1:{site.stdout.readline().strip()}/"
        once("bare", url, min(pages, 50))
        before = once("bare", url, pages)
        for name in names:
            mine = once(name, url, pages)
            after = once("bare", url, pages)
            rows.append((name, mine, (before, after)))
            before = after
        site.kill()
    head = (
        f"{'contender':12} {'pages':>6} {'pages/s':>8} {'of bare':>8} {'CPU ms/page':>12} {'of bare':>8} {'PSS MB':>7}"
        f" {'Python MB':>9}"
    )
    lines = [head, "-" * len(head)]
    results = []
    for name, (measured, done, seconds), around in rows:
        base_speed = sum(n / s for _, n, s in around) / 2
        base_cpu = sum(sum(m.cpu.values()) / n for m, n, _ in around) / 2 * 1000
        speed, cpu = done / seconds, sum(measured.cpu.values()) / max(done, 1) * 1000
        lines.append(
            f"{name:12} {done:6} {speed:8.1f} {speed / base_speed:8.2f} {cpu:12.0f} {cpu / base_cpu:8.2f}"
            f" {measured.memory:7.0f} {measured.python:9.0f}"
        )
        results.append(
            {
                "contender": name,
                "pages": done,
                "pages_per_second": round(speed, 2),
                "of_bare": round(speed / base_speed, 3),
                "cpu_ms_per_page": round(cpu, 1),
                "cpu_of_bare": round(cpu / base_cpu, 3),
                "pss_mb": round(measured.memory),
                "python_mb": round(measured.python),
                "cpu_ms_per_page_by_process": {k: round(v / max(done, 1) * 1000, 1) for k, v in measured.cpu.items()},
                "bare_pages_per_second": round(base_speed, 2),
                "bare_cpu_ms_per_page": round(base_cpu, 1),
            }
        )
    print("\n".join(lines))
    folder = HERE / "results"
    folder.mkdir(exist_ok=True)
    stamp = datetime.now(UTC)
    (folder / "latest.json").write_text(
        json.dumps({"when": stamp.isoformat(timespec="seconds"), "site_pages": pages, "rows": results}, indent=1) + "\n"
    )


if __name__ == "__main__":
    if sys.argv[1:2] == ["accuracy"]:
        from benchmarks.accuracy.command import main as accuracy

        sys.exit(accuracy(sys.argv[2:]))
    chosen = [a for a in sys.argv[1:] if not a.isdigit()] or ["ours", "ours-links", "crawlee"]
    numbers = [int(a) for a in sys.argv[1:] if a.isdigit()] or [200]
    main(chosen, numbers[0])
