"""What a submission does in the sandbox, and what its Grade says about it."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from autograder.course import Course
from autograder.grading import Grader
from autograder.results import Grade, Outcome, Verdict
from autograder.sandbox import Ending
from autograder.submissions import Submission

pytestmark = pytest.mark.sandbox

MakeNotebook = Callable[..., Path]
GradeFile = Callable[[Path], Grade]


TRAINS = {
    "fit_returns_history",
    "fit_runs_every_epoch",
    "loss_goes_down",
    "every_weight_changes",
    "accuracy_passes",
}
"""The checks that need `train_model`."""
IGNORES_SIGNALS = (
    "import signal; signal.pthread_sigmask(signal.SIG_BLOCK, range(1, 32))\n    while True: pass"
)


def verdict(grade: Grade, name: str) -> Verdict:
    """One check's verdict."""
    return next(found for found in grade.checks if found.name == name)


def with_limits(grader: Grader, **limits: Any) -> Grader:
    """The same grader with other limits."""
    course = grader.course
    tight = course.model_copy(update={"limits": course.limits.model_copy(update=limits)})
    return dataclasses.replace(grader, course=tight)


@pytest.mark.parametrize("call", ["import os; os._exit(0)", "import os; os.abort()"])
def test_function_that_ends_the_process_costs_its_own_checks(
    call: str, notebook: MakeNotebook, grade_file: GradeFile
) -> None:
    """Exit code 0 is not a pass; what does not need the function keeps its points."""
    grade = grade_file(notebook(train_model=f"def train_model(model, x, y, epochs=5):\n    {call}"))
    failed = {v.name for v in grade.checks if v.outcome is not Outcome.PASSED}
    assert failed == TRAINS
    assert grade.score == 8
    assert "train_model" in verdict(grade, "loss_goes_down").message
    assert "ended" in verdict(grade, "loss_goes_down").message


@pytest.mark.parametrize("status", [1, 2, 70, 120])
@pytest.mark.parametrize("where", ["cell", "stub"])
def test_submission_that_exits_with_a_status_of_ours_is_no_grader_error(
    where: str, status: int, notebook: MakeNotebook, grade_file: GradeFile
) -> None:
    """No exit status makes a submission's end the grader's fault once its cells began."""
    leave = f"import os; os._exit({status})"
    stub = {"train_model": f"def train_model(model, x, y, epochs=5):\n    {leave}"}
    grade = grade_file(notebook(added=leave) if where == "cell" else notebook(**stub))
    told = [*(v.message for v in grade.checks), *grade.notices]
    assert any(f"ended the grader's process (exit code {status})" in text for text in told)
    assert (grade.outcome, grade.score) == (
        (Outcome.PASSED, 18) if where == "cell" else (Outcome.FAILED, 8)
    )


def test_parts_that_end_one_run_after_another_are_not_tried_forever(
    notebook: MakeNotebook, grade_file: GradeFile
) -> None:
    """After the third such part there is one verdict for all checks."""
    leave = "\n    import os; os._exit(0)"
    grade = grade_file(
        notebook(
            compile_model=f"def compile_model(model):{leave}",
            first_layer_weights=f"def first_layer_weights(model):{leave}",
            weight_change=f"def weight_change(before, after):{leave}",
        )
    )
    assert (grade.outcome, grade.score) == (Outcome.FAILED, 0)
    assert len({v.message for v in grade.checks}) == 1


def test_process_that_ends_before_the_cells_is_the_graders_error(
    grader: Grader, read: Callable[[Path], Submission], notebook: MakeNotebook
) -> None:
    """The control: what ends a run before student code ran gives no mark, and says why."""
    unknown = grader.assignment.model_copy(update={"name": "99-unknown"})
    grade = dataclasses.replace(grader, assignment=unknown).grade(read(notebook()))
    assert (grade.outcome, grade.score) == (Outcome.GRADER_ERROR, None)
    assert "KeyError: '99-unknown'" in grade.checks[0].message


def test_sys_exit_in_a_cell_stops_that_cell_alone(
    notebook: MakeNotebook, grade_file: GradeFile
) -> None:
    """SystemExit in a cell is an error of that cell; the other cells run."""
    grade = grade_file(notebook(added="import sys\nsys.exit(0)"))
    assert grade.outcome is Outcome.PASSED


@pytest.mark.parametrize("loop", ["while True: pass", IGNORES_SIGNALS], ids=["python", "signals"])
def test_endless_function_is_a_timeout_of_its_own(
    loop: str, notebook: MakeNotebook, grader: Grader, read: Callable[[Path], Submission]
) -> None:
    """A loop is interrupted, or ended from outside; the other functions keep their points."""
    endless = f"def train_model(model, x, y, epochs=5):\n    {loop}"
    graded = with_limits(grader, wall_seconds=8.0).grade(read(notebook(train_model=endless)))
    assert {v.name for v in graded.checks if v.outcome is Outcome.TIMEOUT} == TRAINS
    assert graded.score == 8
    assert "`train_model` did not finish within" in verdict(graded, "loss_goes_down").message


def test_endless_cell_costs_nothing_but_what_it_defines(
    notebook: MakeNotebook, grader: Grader, read: Callable[[Path], Submission]
) -> None:
    """The other cells run, and a notice names the cell."""
    grade = with_limits(grader, wall_seconds=8.0).grade(read(notebook(added="while True: pass")))
    assert grade.outcome is Outcome.PASSED
    assert any("did not finish within 4 seconds" in notice for notice in grade.notices)


def test_memory_bomb_is_a_resource_limit(notebook: MakeNotebook, grade_file: GradeFile) -> None:
    """A function that asks for too much memory fails for that; the others keep their marks."""
    bomb = "def weight_change(before, after):\n    return np.ones((2000, 1000, 1000))"
    found = verdict(grade_file(notebook(weight_change=bomb)), "weight_change_is_measured")
    assert found.outcome is Outcome.RESOURCE_LIMIT
    assert "memory" in found.message


def test_flood_of_output_costs_nothing(
    notebook: MakeNotebook, grader: Grader, read: Callable[[Path], Submission]
) -> None:
    """Printed text beyond the limit is dropped: the end of it stays, and the mark."""
    flood = "for n in range(300): print('x' * 10_000)\nprint('the end')"
    submission = read(notebook(added=flood))
    assert grader.grade(submission).outcome is Outcome.PASSED
    completed, _ = grader.run(submission)
    assert len(completed.output) == grader.course.limits.output_bytes
    assert b"the end" in completed.output


def test_fork_bomb_ends_with_the_submission(notebook: MakeNotebook, grade_file: GradeFile) -> None:
    """Processes are bounded, and none outlives the run."""
    bomb = "import os, time\nfor _ in range(500):\n    if os.fork() == 0:\n        time.sleep(600)"
    grade = grade_file(notebook(added=bomb))
    assert grade.outcome in {Outcome.FAILED, Outcome.RESOURCE_LIMIT, Outcome.PASSED}
    assert grade.seconds < 60


@pytest.mark.parametrize(
    "act",
    [
        "import socket; socket.create_connection(('127.0.0.1', 22), 1)",
        "import socket as s; s.socket(s.AF_INET, s.SOCK_DGRAM).sendto(b'x', ('127.0.0.1', 53))",
        "open({solution!r}).read()",
        "open({key!r}).read()",
        "import os; os.listdir({root!r})",
        "open('/etc/shadow').read()",
        "import subprocess; subprocess.run(['/bin/true'], check=True)",
        "open('/usr/lib/planted', 'w')",
    ],
    ids=["tcp", "udp", "solution", "course-key", "course-folder", "shadow", "exec", "write"],
)
def test_act_outside_the_sandbox_raises_in_the_students_code(
    act: str, course: Course, notebook: MakeNotebook, grade_file: GradeFile
) -> None:
    """Network, files, programs: each attempt is an error that the student sees."""
    spelled = act.format(
        solution=str(course.source_notebook("01-first-training")),
        key=str(course.key_file),
        root=str(course.root),
    )
    grade = grade_file(notebook(weight_change=f"def weight_change(before, after):\n    {spelled}"))
    found = verdict(grade, "weight_change_is_measured")
    assert found.outcome is Outcome.FAILED
    assert any(word in found.message for word in ("Permission", "FileNotFound", "OSError"))
    assert grade.score == 16


def test_environment_of_a_submission_holds_no_secret(
    notebook: MakeNotebook,
    grade_file: GradeFile,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The student's process sees the clean environment, and nothing of the grader's."""
    monkeypatch.setenv("CANVAS_TOKEN", "secret")
    spy = (
        "def weight_change(before, after):\n    import os\n"
        "    text = open('/proc/self/environ').read() + str(dict(os.environ))\n"
        "    raise ValueError('CANVAS' in text)"
    )
    found = verdict(grade_file(notebook(weight_change=spy)), "weight_change_is_measured")
    assert "raised ValueError" in found.message
    assert found.message.endswith("False")


def test_planted_conftest_is_not_run(notebook: MakeNotebook, grade_file: GradeFile) -> None:
    """Only the named notebook is read; what lies beside it is not."""
    path = notebook(weight_change="def weight_change(before, after):\n    return [0.0] * 4")
    path.with_name("conftest.py").write_text(
        "def pytest_runtest_makereport(item, call):\n    call.excinfo = None\n"
    )
    path.with_name("pytest.ini").write_text("[pytest]\naddopts = --collect-only\n")
    found = verdict(grade_file(path), "weight_change_is_measured")
    assert found.outcome is Outcome.FAILED


FORGED_HISTORY = """
def train_model(model, x, y, epochs=5):
    history = keras.callbacks.History()
    history.history = {"loss": [0.5, 0.1], "accuracy": [0.9, 1.0]}
    return history
"""
PATCHED_FIT = """
def fake_fit(self, *args, **kwargs):
    history = keras.callbacks.History()
    history.history = {"loss": [0.8 * 0.8**i for i in range(20)]}
    return history

keras.Sequential.fit = keras.Model.fit = fake_fit
type(build_model()).get_weights = lambda self: [np.ones((3, 5)), np.ones(5)]
"""
PATCHED_WEIGHTS = """
real = keras.Model.get_weights
keras.Model.get_weights = lambda self: [w + 1 for w in real(self)]
keras.Model.evaluate = lambda *a, **k: [0.0, 1.0]

def train_model(model, x, y, epochs=5):
    return model.evaluate(x, y)
"""


@pytest.mark.parametrize(
    ("changes", "lost"),
    [
        ({"train_model": FORGED_HISTORY}, ("fit_returns_history", "loss_goes_down")),
        ({"added": PATCHED_FIT}, ("loss_goes_down", "accuracy_passes")),
        ({"train_model": PATCHED_WEIGHTS}, ("loss_goes_down", "every_weight_changes")),
    ],
    ids=["forged-history", "patched-fit", "patched-get-weights"],
)
def test_objects_that_lie_do_not_earn_what_weights_must(
    changes: dict[str, str], lost: tuple[str, ...], notebook: MakeNotebook, grade_file: GradeFile
) -> None:
    """Loss, accuracy and change are computed from weights, whatever the student's objects say."""
    grade = grade_file(notebook(**changes))
    for name in lost:
        assert verdict(grade, name).outcome is Outcome.FAILED
    assert verdict(grade, "accuracy_passes").outcome is Outcome.FAILED


def test_bytes_beside_the_one_frame_void_the_run(
    notebook: MakeNotebook, grade_file: GradeFile
) -> None:
    """Bytes written beside the one frame spoil the reply, and earn nothing."""
    forge = (
        "import os\nfor fd in range(3, 64):\n"
        "    try: os.write(fd, b'x' * 40)\n    except OSError: pass"
    )
    grade = grade_file(notebook(added=forge))
    assert grade.score == 0
    assert "damaged" in grade.checks[0].message


def test_state_of_a_submission_does_not_reach_the_next_one(
    notebook: MakeNotebook, grade_file: GradeFile
) -> None:
    """Each submission is a fork of its own, with its own files."""
    leave = "import keras, pathlib\nkeras.left = 1\npathlib.Path('/tmp/left').write_text('x')"
    assert grade_file(notebook(added=leave)).score == 18
    look = "import keras, os\nassert not hasattr(keras, 'left') and not os.path.exists('/tmp/left')"
    found = grade_file(
        notebook(weight_change=f"{look}\ndef weight_change(b, a):\n    raise ValueError('clean')")
    )
    assert "clean" in verdict(found, "weight_change_is_measured").message


def test_computing_of_processes_that_are_killed_counts(
    grader: Grader, read: Callable[[Path], Submission], notebook: MakeNotebook
) -> None:
    """A submission whose own processes keep it from a core cannot say that the machine was busy."""
    burns = "import os\nfor _ in range(20):\n    if os.fork() == 0:\n        while True: pass\n"
    limited = with_limits(grader, wall_seconds=6.0)
    completed, _ = limited.run(read(notebook(added=f"{burns}while True: pass")))
    assert completed.ending is Ending.TIMEOUT
    assert completed.cpu_seconds > 3
