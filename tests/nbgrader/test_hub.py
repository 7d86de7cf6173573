"""A course on a real JupyterHub: what docs/hub.md sets up, with real users and real training."""

from __future__ import annotations

import dataclasses
import re
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.error import HTTPError

import pytest
from courses import NAME, ROOT
from hub import INSTRUCTOR, MANAGE, STUDENTS, Hub, Person, why_not
from nbgrader_course import scores

pytestmark = [
    pytest.mark.slow,
    pytest.mark.sandbox,
    pytest.mark.skipif(bool(why_not()), reason=why_not()),
]
PRACTICE = "This is practice feedback"
Wait = Callable[[str, int], list[str]]


@dataclasses.dataclass(frozen=True)
class Lesson:
    """An assignment that ada solves and bob gets wrong.

    Attributes:
        assignment: Its name.
        wrong: Bob's notebook, and in the end ada's, from the corpus.
        hint: What a report says of that one alone.
        points: What the two earn.
    """

    assignment: str
    wrong: str
    hint: str
    points: tuple[int, int]

    def notebook(self, which: str) -> Path:
        """A notebook of the corpus."""
        folder = ROOT / "solutions" / self.assignment / "grading/corpus"
        return folder / f"{which}.ipynb"

    def lines(self, kind: str) -> list[str]:
        """What the watcher prints of both."""
        most = self.points[0]
        return [
            f"{student} {self.assignment}: {points}/{most} ({kind})"
            for student, points in zip(STUDENTS, self.points, strict=True)
        ]


FRUIT = Lesson(NAME, "wrong/change-with-sign", "absolute value", (18, 16))
HOUSES = Lesson("02-house-prices", "wrong/other-left-as-it-is", "Scale x_other too", (22, 20))


@pytest.fixture(scope="module")
def hub() -> Iterator[Hub]:
    """A hub with a server for the instructor and each student."""
    # Not below tmp_path, which another user may not enter.
    folder = Path(tempfile.mkdtemp(prefix="hub-"))
    folder.chmod(0o711)
    try:
        with Hub(folder).running() as hub:
            yield hub
    finally:
        shutil.rmtree(folder)


def hand_in_for_the_first_time(hub: Hub, lesson: Lesson) -> None:
    """Release by formgrader; fetch, fill in and submit by Assignment List."""
    for button in ("assign", "release"):
        path = f"formgrader/api/assignment/{lesson.assignment}/{button}"
        answer = hub[INSTRUCTOR].ask(path, {})
        assert answer["success"], answer
    for name, which in zip(STUDENTS, ("right/as-in-the-lesson", lesson.wrong), strict=True):
        hub[name].assignments("fetch", lesson.assignment)
        hub[name].hand_in(lesson.assignment, lesson.notebook(which))


def assert_own_feedback(hub: Hub, lesson: Lesson, *, is_practice: bool) -> None:
    """Each student's own server shows the one report, which is that student's."""
    (adas,), (bobs,) = (
        [re.sub("<[^>]+>", "", report) for report in hub[name].feedback(lesson.assignment)]
        for name in STUDENTS
    )
    assert (lesson.hint in adas, lesson.hint in bobs) == (False, True)
    assert (PRACTICE in adas, PRACTICE in bobs) == (is_practice, is_practice)


def follow_the_lesson(hub: Hub, lesson: Lesson, wait_for: Wait) -> None:
    """Practice, the marks at the deadline, and practice again for who is late."""
    assert wait_for("(practice)", 2) == lesson.lines("practice")
    assert_own_feedback(hub, lesson, is_practice=True)
    pass_deadline(hub, lesson)
    assert wait_for("(mark)", 2) == lesson.lines("mark")
    assert_own_feedback(hub, lesson, is_practice=False)
    ada = hub[STUDENTS[0]]
    ada.hand_in(lesson.assignment, lesson.notebook(lesson.wrong))
    late = lesson.lines("practice")[1].replace(STUDENTS[1], STUDENTS[0])
    assert wait_for("(practice)", 1) == [late]
    after, before = ada.feedback(lesson.assignment)
    assert (PRACTICE in after, PRACTICE in before) == (True, False)
    points = scores(hub.course.root, lesson.assignment)
    total = [sum(value or 0 for value in points[name].values()) for name in STUDENTS]
    assert total == [*lesson.points]  # the mark stays


def pass_deadline(hub: Hub, lesson: Lesson) -> None:
    """Let the assignment have been due, while the watcher runs, and ask for marks."""
    path = hub.course.root / "course.yml"
    text, due = path.read_text(), hub.course.assignment(lesson.assignment).due
    text = text.replace(f"due: {due:%Y-%m-%dT%H:%M}", "due: 2026-01-01T12:00", 1)
    on_submit = "on_submit: {mark_at_deadline: true}\n"
    path.write_text(text if on_submit in text else f"{text}\n{on_submit}")


def readable(person: Person, *folders: Path) -> set[Path]:
    """Files that a person finds and can read."""
    found = person.run("find", *map(str, folders), "-type", "f", "-readable").stdout
    return set(map(Path, found.splitlines()))


def assert_kept_apart(hub: Hub) -> None:
    """A student reads what is released, and nothing of another student or the instructor."""
    instructor, ada, bob = (hub[name] for name in (INSTRUCTOR, *STUDENTS))
    released = hub.exchange / hub.course_id / "outbound"
    everywhere = (hub.exchange, instructor.home, bob.home, hub.hub_folder, hub.ngshare_folder)
    assert {path for path in readable(ada, *everywhere) if released not in path.parents} == set()
    assert readable(ada, ada.home)
    assert hub.course.root / "course.key" in readable(instructor, instructor.home)
    assert ada.run("mv", str(hub.exchange / hub.course_id), f"{hub.exchange}/mine").returncode != 0
    with pytest.raises(HTTPError, match=r"403|404"):
        hub.ask(f"/user/{bob.name}/api/contents", ada.token)


def forge(hub: Hub, student: str, *, links_to: Path | None = None) -> None:
    """Leave a submission in the exchange by hand, as ada, in a student's name."""
    inbound = hub.exchange / hub.course_id / "inbound"
    folder = inbound / f"{student}+{NAME}+2030-01-01 00:00:00.000000 UTC+made"
    script = 'mkdir "$1" && cd "$1" && echo 2030-01-01 00:00:00 UTC | tee timestamp.txt '
    script += "submission_secret.txt && if [ $3 ]; then ln -s $3 $2.ipynb; else touch $2.ipynb; fi"
    arguments = ("forge", str(folder), NAME, str(links_to or ""))
    done = hub[STUDENTS[0]].run("sh", "-c", script, *arguments)
    assert done.returncode == 0, done.stderr


def test_class_with_an_exchange_on_disk(hub: Hub) -> None:
    """Everybody works through their own server; what is forged in the exchange is left out."""
    hand_in_for_the_first_time(hub, FRUIT)
    with hub[INSTRUCTOR].watching(NAME) as wait_for:
        follow_the_lesson(hub, FRUIT, wait_for)
        assert_kept_apart(hub)
        forge(hub, "bob")
        wait_for("+made in the exchange is not collected: it was handed in by ada.", 1)
        forge(hub, "ada", links_to=hub.course.source_notebook(NAME))
        wait_for("by nbgrader's own button.", 1)


def test_class_with_ngshare(hub: Hub) -> None:
    """No folder is shared, and the watcher has a token that only says whose it is."""
    hub.use("ngshare")
    instructor, ada = hub[INSTRUCTOR], hub[STUDENTS[0]]
    token = hub.make_token(INSTRUCTOR, f"read:users:name!user={INSTRUCTOR}")
    instructor.must_run(MANAGE, "create_course", hub.course_id, INSTRUCTOR, token=token)
    for name in STUDENTS:
        instructor.must_run(MANAGE, "add_student", hub.course_id, name, "--no-gb", token=token)
    hand_in_for_the_first_time(hub, HOUSES)
    with instructor.watching(HOUSES.assignment, token=token) as wait_for:
        follow_the_lesson(hub, HOUSES, wait_for)
    assert_kept_apart(hub)
    for what in ("submission", "feedback"):
        place = f"/services/ngshare/{what}/{hub.course_id}/{HOUSES.assignment}"
        with pytest.raises(HTTPError, match="403"):
            hub.ask(f"{place}/bob?timestamp=2026-01-01", ada.token)
    with pytest.raises(HTTPError, match="403"):
        hub.ask("/hub/api/users", token)
