"""Read and write an assignment's kept trials: `grading/trials.jsonl`.

The file is made for version control: text, one line per run, always in the same order. Its first
line names what checks measure. Each submission has a line of its own, followed by its runs:

    [NUMBER, CPU SECONDS, [VALUE, ...], {CHECK: OUTCOME, ...}, [FLAG, ...]]

Values are in the order of the first line, null where a check measured none. What is empty at the
end is left out. The outcome "missed" is a failure by a threshold.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

from pydantic import BaseModel, ConfigDict, ValidationError

from autograder.authoring.calibration.trial_runs import EntryTrials, Measure, TrialRun, Trials
from autograder.course import Course
from autograder.errors import CourseError
from autograder.results import Outcome, write_atomically

_MISSED: Final = "missed"


class _Header(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    assignment: str
    measures: tuple[Measure, ...]


class _Entry(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    entry: str
    digest: str
    environment: dict[str, str]


class _Row(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    number: int
    cpu_seconds: float
    values: list[float | None]
    failed: dict[str, str] = {}
    flags: tuple[str, ...] = ()


def read_trials(course: Course, assignment: str) -> Trials:
    """Read the trials that are kept of an assignment's corpus.

    Args:
        course: The course.
        assignment: The assignment's name.

    Returns:
        The trials; none if there is no file.

    Raises:
        CourseError: If the file is not valid.
    """
    path = course.folder(assignment).trials
    if not path.is_file():
        return Trials(assignment)
    try:
        return _decode(path.read_text("utf-8").splitlines())
    except (OSError, ValueError, TypeError, IndexError) as error:
        reason = error.errors()[0]["msg"] if isinstance(error, ValidationError) else error
        raise CourseError(
            f"{path} cannot be read as trials: {reason}.",
            "Restore it from version control, or delete it and run: "
            f"autograder calibrate {assignment}.",
        ) from error


def write_trials(course: Course, trials: Trials) -> Path:
    """Write an assignment's trials; the same trials always give the same bytes.

    Args:
        course: The course.
        trials: All of the assignment's trials.

    Returns:
        The file.
    """
    path = course.folder(trials.assignment).trials
    write_atomically(path, "".join(f"{line}\n" for line in _encode(trials)).encode())
    return path


def _decode(lines: Sequence[str]) -> Trials:
    header = _Header.model_validate_json(lines[0])
    read: list[tuple[_Entry, list[TrialRun]]] = []
    for line in lines[1:]:
        if line.startswith("{"):
            read.append((_Entry.model_validate_json(line), []))
        else:
            read[-1][1].append(_run(line, header.measures))
    entries = (
        EntryTrials(entry.entry, entry.digest, entry.environment, tuple(runs))
        for entry, runs in read
    )
    return Trials(header.assignment, tuple(entries))


def _run(line: str, measures: Sequence[Measure]) -> TrialRun:
    fields = json.loads(line)
    names = list(_Row.model_fields)[: len(fields)]
    row = _Row.model_validate(dict(zip(names, fields, strict=True)))
    values = zip(measures, row.values, strict=True)
    return TrialRun(
        number=row.number,
        cpu_seconds=row.cpu_seconds,
        values={measure: value for measure, value in values if value is not None},
        failed={
            check: Outcome.FAILED if outcome == _MISSED else Outcome(outcome)
            for check, outcome in row.failed.items()
        },
        missed=frozenset(check for check, outcome in row.failed.items() if outcome == _MISSED),
        flags=row.flags,
    )


def _encode(trials: Trials) -> Iterator[str]:
    every = (m for each in trials.entries for run in each.runs for m in run.values)
    measures = tuple(sorted(set(every)))
    yield _line({"assignment": trials.assignment, "measures": measures})
    for each in sorted(trials.entries, key=lambda each: each.entry):
        environment = dict(sorted(each.environment.items()))
        yield _line({"entry": each.entry, "digest": each.digest, "environment": environment})
        for run in sorted(each.runs, key=lambda run: run.number):
            yield _line(_row(run, measures))


def _row(run: TrialRun, measures: Sequence[Measure]) -> list[object]:
    failed = {
        check: _MISSED if check in run.missed else outcome.value
        for check, outcome in sorted(run.failed.items())
    }
    figures = [run.values.get(measure) for measure in measures]
    row: list[object] = [run.number, run.cpu_seconds, figures]
    if failed or run.flags:
        row.append(failed)
    if run.flags:
        row.append(run.flags)
    return row


def _line(value: Mapping[str, object] | list[object]) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
