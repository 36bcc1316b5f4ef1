"""The lists that a run's verdicts rest on: there before the crawl, kept with the run, told in the report."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from compliance.checks import registry
from compliance.errors import ListError
from compliance.knowledge.inventory import shipped
from compliance.knowledge.lists import Lists
from compliance.model.lists import OLD, UsedList
from compliance.specfile.loader import LoadedSpec
from compliance.store.lists import ListFolder
from compliance.store.rundir import RunDirectory


def named(loaded: LoadedSpec) -> Iterator[tuple[str, str, str]]:
    """Promise, check and list: every use of a list of the user's."""
    for (promise, check), parameters in loaded.parameters.items():
        for name in sorted(parameters.names_lists()):
            yield promise, check, name


def require(loaded: LoadedSpec, folder: ListFolder) -> tuple[str, ...]:
    """Names of the lists that a spec needs; all of them are here and whole.

    Raises:
        ListError: One is not.
    """
    wanted = {name: (promise, check) for promise, check, name in reversed(list(named(loaded)))}
    here = folder.names()
    missing = [name for name in sorted(wanted) if name not in here]
    if missing:
        promise, check = wanted[missing[0]]
        more = f" (and {', '.join(missing[1:])})" if missing[1:] else ""
        raise ListError(
            f"{loaded.path}: {check} of {promise} judges by the list {missing[0]}, which is not installed{more}",
            hint=f"install it: compliance lists update --from FILE-OR-URL --name {missing[0]}",
        )
    for name in wanted:
        folder.text(name)
    return tuple(sorted(wanted))


def kept(run: RunDirectory, loaded: LoadedSpec) -> Lists:
    """The lists that judge a run, as they were when it began.

    Raises:
        ListError: The run has no copy of one that the spec names, or the copy was changed.
    """
    wanted = sorted({name for _, _, name in named(loaded)})
    missing = [name for name in wanted if name not in run.lists.names()]
    if missing:
        raise ListError(
            f"{run.path}: the run was made without the list {missing[0]}, which the spec names now",
            hint="observe the site again",
        )
    return run.lists.lists(wanted)


def used(run: RunDirectory, loaded: LoadedSpec, observed: datetime) -> tuple[UsedList, ...]:
    """Every list that the verdicts of a run rest on, those of the user last."""
    checks: dict[str, set[str]] = {}
    for promise in loaded.spec.promises:
        for check in promise.checks:
            for name in registry()[check].knows:
                checks.setdefault(name, set()).add(check)
    found = [info for name, info in shipped().items() if name in checks]
    for _, check, name in named(loaded):
        if name not in checks:
            found.append(run.lists.info(name))
        checks.setdefault(name, set()).add(check)
    return tuple(UsedList(info, info.age(observed.date()), tuple(sorted(checks[info.name]))) for info in found)


def old_notices(lists: Sequence[UsedList]) -> Iterator[str]:
    """What a reader must know about lists that were old when the site was observed."""
    for one in lists:
        if one.age > OLD:
            info = one.info
            again = "install a newer version of this program"
            if info.origin == "installed":
                again = f"take it again: compliance lists update --from {info.source} --name {info.name}"
            yield (
                f"The list {info.name} was {one.age} days old when the site was observed ({info.date}): what is newer "
                f"is not on it, and {', '.join(one.checks)} could not see it. To change that, {again}"
            )
