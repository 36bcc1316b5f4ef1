"""CPU time and memory of a process and all its descendants, read from /proc while it runs."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")


@dataclass
class Measured:
    """What one command cost."""

    seconds: float = 0.0
    cpu: dict[str, float] = field(default_factory=dict)
    """Seconds of CPU by kind of process: python, browser, driver."""
    memory: float = 0.0
    """Peak of the sum of proportional set sizes, MB."""
    python: float = 0.0
    """Peak of Python's own resident set, MB."""
    output: str = ""


def _kind(name: str) -> str:
    return "browser" if "chrom" in name else "driver" if "node" in name else "python"


def _tree(root: int) -> dict[int, tuple[str, float]]:
    """Pid → (kind, CPU seconds) of a process and its descendants."""
    parents: dict[int, int] = {}
    facts: dict[int, tuple[str, float]] = {}
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            stat = (entry / "stat").read_text()
        except OSError:
            continue
        name, _, rest = stat.partition("(")[2].rpartition(")")
        fields = rest.split()
        pid = int(entry.name)
        parents[pid] = int(fields[1])
        facts[pid] = (_kind(name), (int(fields[11]) + int(fields[12])) / TICKS)
    wanted, grown = {root}, True
    while grown:
        grown = False
        for pid, parent in parents.items():
            if parent in wanted and pid not in wanted:
                wanted.add(pid)
                grown = True
    return {pid: facts[pid] for pid in wanted if pid in facts}


def _memory(pids: list[int]) -> float:
    total = 0
    for pid in pids:
        try:
            for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
                if line.startswith("Pss:"):
                    total += int(line.split()[1])
        except OSError:
            continue
    return total / 1024


def _resident(pid: int) -> float:
    try:
        for line in Path(f"/proc/{pid}/status").read_text().splitlines():
            if line.startswith("VmRSS:"):
                return int(line.split()[1]) / 1024
    except OSError:
        pass
    return 0.0


def measure(command: list[str], timeout: float = 600) -> Measured:
    """Run a command; sample its process tree ten times a second."""
    result = Measured()
    last: dict[int, tuple[str, float]] = {}
    begin = time.monotonic()
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        samples = 0
        while process.poll() is None and time.monotonic() - begin < timeout:
            now = _tree(process.pid)
            last |= now
            if samples % 5 == 0:
                result.memory = max(result.memory, _memory(list(now)))
                result.python = max(result.python, _resident(process.pid))
            samples += 1
            time.sleep(0.1)
        if process.poll() is None:
            process.kill()
        result.output = process.communicate()[0]
        if process.returncode:
            print(f"{command}: exit status {process.returncode}", file=sys.stderr)
    result.seconds = time.monotonic() - begin
    for kind, seconds in last.values():
        result.cpu[kind] = result.cpu.get(kind, 0.0) + seconds
    return result
