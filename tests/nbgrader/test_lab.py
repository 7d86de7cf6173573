"""`autograder lab`: a student's folder with nbgrader's exchange."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.error import HTTPError

import pytest
from courses import NAME, ROOT, copy_course
from lab_in_browser import Server, autograder_lab
from nbgrader_course import COURSE_ID, run

from autograder.authoring import prepare_lab, start_lab
from autograder.course import Course, load_course
from autograder.errors import CourseError

OUTBOUND = f".exchange/{COURSE_ID}/outbound"
ORDINARY = ("/usr/bin/unshare", "--user", "--map-user=1", "--map-group=1")
"""What starts a command as an ordinary user, also if root runs the tests."""


@pytest.fixture
def own_course(course: Course, tmp_path: Path) -> Course:
    """A course folder with nbgrader's settings."""
    root = tmp_path / "course"
    shutil.copytree(course.root / "assignments", root / "assignments")
    for name in ("course.yml", "nbgrader_config.py"):
        shutil.copy(ROOT / name, root)
    return load_course(root)


class Started(Exception):  # noqa: N818 - no error: the process would be the server now
    """What `start_lab` would have become."""

    def __init__(self, command: list[str], environment: dict[str, str]) -> None:
        super().__init__()
        self.command, self.environment = command, environment


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch, own_course: Course) -> Started:
    """The command and the environment of a lab, which is not really started."""

    def become(_program: str, command: list[str], environment: dict[str, str]) -> None:
        raise Started(command, environment)

    monkeypatch.setattr(os, "execve", become)
    monkeypatch.chdir(own_course.root)  # the working folder is put back after the test
    monkeypatch.setenv("JUPYTER_CONFIG_PATH", "/of-the-person")
    monkeypatch.setenv("JUPYTERLAB_SETTINGS_DIR", "/of-the-person")
    with pytest.raises(Started) as caught:
        start_lab(prepare_lab(own_course), ["--no-browser"])
    return caught.value


def test_new_lab_has_no_assignment_until_it_is_fetched(own_course: Course) -> None:
    """The release versions are in the exchange alone, where Assignment List finds them."""
    home = prepare_lab(own_course)
    visible = [path.name for path in home.iterdir() if not path.name.startswith(".")]
    assert visible == ["start-here.md"]
    for name in own_course.assignments:
        assert (home / OUTBOUND / name / f"{name}.ipynb").is_file()


def test_start_page_names_each_assignment_and_how_to_collect(own_course: Course) -> None:
    """A first page says what to do, for the student and for the instructor."""
    home = prepare_lab(own_course)
    page = (home / "start-here.md").read_text()
    for assignment in own_course.assignments.values():
        assert f"`{assignment.name}`: {assignment.title}" in page
    assert f"nbgrader collect {NAME} --Exchange.root={home / '.exchange'}" in page


def test_lab_prepared_twice_keeps_the_answers(own_course: Course) -> None:
    """A second start keeps what the student wrote, and adds nothing to it."""
    notebook = prepare_lab(own_course) / NAME / f"{NAME}.ipynb"
    notebook.parent.mkdir()
    notebook.write_text("my answers")
    prepare_lab(own_course)
    assert notebook.read_text() == "my answers"
    assert list(notebook.parent.iterdir()) == [notebook]


def test_lab_prepared_again_offers_the_newest_release_version(own_course: Course) -> None:
    """What is fetched after a new release is the new release version."""
    home = prepare_lab(own_course)
    release = own_course.release_notebook(NAME)
    notebook = json.loads(release.read_text())
    notebook["cells"][0]["source"] = "# A new title"
    release.write_text(json.dumps(notebook))
    prepare_lab(own_course)
    assert "# A new title" in (home / OUTBOUND / NAME / release.name).read_text()


def test_lab_of_an_earlier_version_loses_only_its_old_settings(own_course: Course) -> None:
    """Settings are in a hidden folder now; old ones, with paths of then, would come first."""
    home = own_course.root / "lab"
    home.mkdir()
    (home / "nbgrader_config.py").write_text("c.Exchange.root = '/moved'")
    (home / "mine.py").write_text("")
    prepare_lab(own_course)
    assert not (home / "nbgrader_config.py").exists()
    assert (home / "mine.py").exists()


def test_lab_without_a_release_version_names_the_command(own_course: Course) -> None:
    """The message names the folder and the command that makes it; nothing is written."""
    shutil.rmtree(own_course.root / "assignments" / NAME)
    with pytest.raises(CourseError, match=NAME) as raised:
        prepare_lab(own_course)
    assert "autograder release" in raised.value.tip
    assert not (own_course.root / "lab").exists()


@pytest.mark.parametrize("config", [None, "c = get_config()\n"])
def test_lab_without_a_course_id_names_the_line_to_add(
    own_course: Course, config: str | None
) -> None:
    """The exchange needs the course's id: the message says where to set it."""
    path = own_course.root / "nbgrader_config.py"
    path.unlink()
    if config is not None:
        path.write_text(config)
    with pytest.raises(CourseError, match=r"nbgrader_config\.py") as raised:
        prepare_lab(own_course)
    assert "c.CourseDirectory.course_id" in raised.value.tip


def test_started_lab_uses_no_settings_of_the_person(own_course: Course, started: Started) -> None:
    """Settings, data and the working folder are the lab's own; they come before any others."""
    home = own_course.root / "lab"
    assert Path.cwd() == home
    paths = started.environment["JUPYTER_CONFIG_PATH"].split(os.pathsep)
    assert paths == [str(home / ".jupyter"), "/of-the-person"]
    assert started.environment["JUPYTER_CONFIG_DIR"] == str(home / ".jupyter")
    assert Path(started.environment["JUPYTER_DATA_DIR"]).is_relative_to(home)
    assert "JUPYTERLAB_SETTINGS_DIR" not in started.environment
    assert "--no-browser" in started.command


def test_lab_interrupted_while_it_starts_ends_without_a_traceback(
    started: Started, tmp_path: Path
) -> None:
    """Ctrl-C during JupyterLab's slow import ends with the usual exit status and no output."""
    Path("jupyterlab.py").write_text("a student's file, which the server must not import")
    package = tmp_path / "modules" / "jupyterlab"
    package.mkdir(parents=True)
    (package / "__init__.py").write_text("")
    (package / "labapp.py").write_text("raise KeyboardInterrupt")  # as if it were pressed now
    ended = subprocess.run(  # noqa: S603 - the command under test
        started.command,
        env={**started.environment, "PYTHONPATH": str(package.parent)},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert started.command[0] == sys.executable
    assert (ended.returncode, ended.stdout, ended.stderr) == (130, "", "")


@pytest.fixture(params=["the user of the tests", "an ordinary user"])
def server(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Server]:
    """A lab that somebody has started in a new course folder."""
    become = () if request.param == "the user of the tests" else ORDINARY
    if become and subprocess.run([*become, "/bin/true"], check=False).returncode != 0:  # noqa: S603 - as below
        pytest.skip("no user namespaces on this machine")
    course, person = tmp_path / "course", tmp_path / "person"
    course.mkdir()
    person.mkdir()
    copy_course(course)
    with autograder_lab(course, person, become=become) as server:
        yield server


@pytest.mark.slow
def test_student_fetches_and_submits_what_the_instructor_collects(server: Server) -> None:
    """The exchange brings the assignment and takes the answers; Ctrl-C ends the lab quietly."""
    one = {"course_id": COURSE_ID, "assignment_id": NAME}
    server.ask("assignments/fetch", **one)
    notebook = server.home / NAME / f"{NAME}.ipynb"
    mine = notebook.read_text().replace("raise NotImplementedError()", "return model")
    notebook.write_text(mine)
    server.ask("assignments/fetch", **one)
    assert notebook.read_text() == mine
    listed = server.ask("assignments/submit", **one)
    assert [entry["status"] for entry in listed["value"] if entry["assignment_id"] == NAME] == [
        "fetched",
        "submitted",
    ]
    with pytest.raises(HTTPError, match="404"):
        server.ask("formgrader")
    status, printed = server.press_ctrl_c()
    assert status == 0
    assert "Traceback" not in printed
    course, person = server.home.parent, server.log.parent
    exchange = f"--Exchange.root={server.home / '.exchange'}"
    run(course, "nbgrader", "collect", NAME, exchange, "--ExchangeCollect.check_owner=False")
    (collected,) = course.glob(f"submitted/*/{NAME}/{NAME}.ipynb")
    assert collected.read_text() == mine
    assert not (person / ".jupyter").exists()
    assert not (person / ".local").exists()
