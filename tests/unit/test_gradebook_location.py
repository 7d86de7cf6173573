"""One gradebook: what nbgrader's configuration and course.yml name, and what two of them do."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from courses import ROOT
from gradebooks import NAME, GradebookFolder, graded
from nbgrader.apps.baseapp import NbGrader

from autograder.course import Course, load_course
from autograder.errors import GradebookError
from autograder.outputs.gradebook import find_gradebook, location

COURSE = """\
title: A course
practice_seeds: {initial_weights: 1, training_draw: 2, held_out: 3, shuffling: 4}
assignments:
  01-first-training:
    title: First training
    checks: {compiles: 1}
"""
URL = "postgresql+psycopg://teacher@db.example.org/marks"


@pytest.fixture(autouse=True)
def no_other_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither the person's own Jupyter settings nor the environment decide these tests."""
    monkeypatch.setattr(location, "jupyter_config_path", list)
    for name in (location.URL_VARIABLE, location.COURSE_ID_VARIABLE):
        monkeypatch.delenv(name, raising=False)


def make_course(root: Path, setting: str = "", config: str | None = None) -> Course:
    """A course whose course.yml and nbgrader_config.py have these lines."""
    (root / "course.yml").write_text(COURSE + (f"gradebook: {setting}\n" if setting else ""))
    if config is not None:
        (root / "nbgrader_config.py").write_text("c = get_config()\n" + config)
    return load_course(root)


def test_course_without_settings_has_a_file_beside_course_yml(tmp_path: Path) -> None:
    """As before: gradebook.db, which nbgrader takes by default too."""
    found = find_gradebook(make_course(tmp_path))
    assert (found.database, found.course_id, found.notice) == (tmp_path / "gradebook.db", "", "")
    assert found.is_missing
    assert str(found) == str(tmp_path / "gradebook.db")


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (f'c.CourseDirectory.db_url = "{URL}"', URL),
        ('c.CourseDirectory.db_url = "sqlite:///marks/all.db"', "marks/all.db"),
        ('c.NbGrader.db_url = "sqlite:///old.db"', "old.db"),
        ('c.CourseDirectory.db_url = "sqlite:////srv/marks.db"', "/srv/marks.db"),
    ],
    ids=["server", "relative file", "name of old versions", "absolute file"],
)
def test_gradebook_is_nbgraders(tmp_path: Path, line: str, expected: str) -> None:
    """What nbgrader_config.py names is used; a relative file is in the course folder."""
    found = find_gradebook(make_course(tmp_path, config=line))
    assert found.database == (expected if "://" in expected else tmp_path / expected)
    assert found.notice == ""


def test_shipped_configuration_has_the_default_gradebook_and_a_course(tmp_path: Path) -> None:
    """The shipped configuration names no database, and a course; the environment stays as it is."""
    course = make_course(tmp_path, config=(ROOT / "nbgrader_config.py").read_text())
    before = dict(os.environ)
    found = find_gradebook(course)
    assert (found.database, found.course_id) == (
        tmp_path / "gradebook.db",
        "why-training-changes-weights",
    )
    assert dict(os.environ) == before


@pytest.mark.parametrize(
    ("setting", "expected"), [("marks/all.db", "marks/all.db"), (URL, URL)], ids=["path", "URL"]
)
def test_gradebook_of_course_yml_is_used_with_a_notice(
    tmp_path: Path, setting: str, expected: str
) -> None:
    """Nbgrader does not read course.yml, so the notice has the line that it needs."""
    found = find_gradebook(make_course(tmp_path, setting))
    assert found.database == (expected if "://" in expected else tmp_path / expected)
    assert 'c.CourseDirectory.db_url = "' in found.notice
    assert expected in found.notice


def test_same_gradebook_in_both_is_no_contradiction(tmp_path: Path) -> None:
    """User, password and driver do not make another database; nbgrader's URL is used."""
    config = 'c.CourseDirectory.db_url = "postgresql://ada:secret@db.example.org:5432/marks"'
    found = find_gradebook(make_course(tmp_path, URL, config))
    assert str(found) == "postgresql+psycopg://ada:***@db.example.org:5432/marks"
    assert found.notice == ""


@pytest.mark.parametrize(
    ("setting", "config"),
    [(URL, "sqlite:///marks.db"), (URL, URL + "2"), ("other.db", "sqlite:///marks.db")],
)
def test_contradiction_names_both_and_the_fix(tmp_path: Path, setting: str, config: str) -> None:
    """Marks in two places are worse than none; passwords stay out of the message."""
    config = config.replace("teacher@", "teacher:hunter2@")
    course = make_course(tmp_path, setting, f'c.CourseDirectory.db_url = "{config}"')
    with pytest.raises(GradebookError, match="one gradebook") as error:
        find_gradebook(course)
    message = error.value.message
    assert "nbgrader's configuration names" in message
    assert "course.yml (gradebook) names" in message
    assert setting in message
    assert "hunter2" not in message + error.value.tip
    assert "c.CourseDirectory.db_url" in error.value.tip


def test_environment_names_the_gradebook(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Traitlets' variable is read; another one in nbgrader's configuration is a contradiction."""
    monkeypatch.setenv(location.URL_VARIABLE, URL)
    monkeypatch.setenv(location.COURSE_ID_VARIABLE, "spring")
    course = make_course(tmp_path)
    found = find_gradebook(course)
    assert (found.database, found.course_id) == (URL, "spring")
    assert "nbgrader uses" in found.notice
    shipped = (ROOT / "nbgrader_config.py").read_text()
    found = find_gradebook(make_course(tmp_path, config=shipped))
    assert (found.database, found.notice) == (URL, "")
    other = make_course(tmp_path, config='c.CourseDirectory.db_url = "sqlite:///a.db"')
    with pytest.raises(GradebookError, match=location.URL_VARIABLE):
        find_gradebook(other)


def test_gradebook_that_nbgrader_runs_with_is_compared_with_course_yml(tmp_path: Path) -> None:
    """The command line decides for nbgrader, and contradicts course.yml as a file would."""
    course = make_course(tmp_path, config="raise RuntimeError")
    assert find_gradebook(course, used=URL).database == URL
    other = make_course(tmp_path, "marks.db")
    with pytest.raises(GradebookError, match=r"marks\.db"):
        find_gradebook(other, used=URL)


@pytest.mark.parametrize(
    ("config", "problem"),
    [
        ("import missing_module\n", "line 2: ModuleNotFoundError"),
        ("c.CourseDirectory.db_url = (\n", "line 2: SyntaxError"),
        ("raise SystemExit(3)\n", "line 2: SystemExit: 3"),
    ],
)
def test_broken_configuration_is_named_with_its_line(
    tmp_path: Path, config: str, problem: str
) -> None:
    """Without it the gradebook is unknown, and another one would be wrong."""
    course = make_course(tmp_path, config=config)
    with pytest.raises(GradebookError) as error:
        find_gradebook(course)
    assert f"{tmp_path / 'nbgrader_config.py'}, {problem}" in error.value.message


def test_personal_settings_of_another_course_are_left_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A database in ~/.jupyter counts, unless it is configured for another folder."""
    jupyter = tmp_path / "jupyter"
    jupyter.mkdir()
    monkeypatch.setattr(location, "jupyter_config_path", lambda: [str(jupyter)])
    line = f'c.CourseDirectory.db_url = "{URL}"\n'
    (jupyter / "nbgrader_config.py").write_text(f"c = get_config()\n{line}")
    course = make_course(tmp_path)
    assert find_gradebook(course).database == URL
    (jupyter / "nbgrader_config.py").write_text(
        f"c = get_config()\n{line}c.CourseDirectory.root = '/elsewhere'\n"
    )
    assert find_gradebook(course).database == tmp_path / "gradebook.db"


@pytest.mark.parametrize("setting", ["", URL])
def test_nbgrader_itself_finds_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, setting: str
) -> None:
    """Nbgrader's own application in the course folder has the same URL and course."""
    lines = [(ROOT / "nbgrader_config.py").read_text()]
    if setting:
        lines.append(f'c.CourseDirectory.db_url = "{setting}"')
    course = make_course(tmp_path, config="\n".join(lines))
    monkeypatch.chdir(tmp_path)
    for name in ("TF_CPP_MIN_LOG_LEVEL", "TF_ENABLE_ONEDNN_OPTS"):
        monkeypatch.setenv(name, "")
    monkeypatch.setenv("JUPYTER_CONFIG_DIR", str(tmp_path / "jupyter"))
    monkeypatch.syspath_prepend(str(tmp_path))  # nbgrader adds it too, and it is taken away again
    application = NbGrader()
    application.initialize([])
    ours = find_gradebook(course)
    theirs = find_gradebook(make_course(tmp_path), used=application.coursedir.db_url)
    assert ours.database == theirs.database
    assert ours.course_id == application.coursedir.course_id


def test_assignment_recorded_without_a_course_gets_it(tmp_path: Path) -> None:
    """Gradebooks of earlier versions have the assignment in the course "", and keep their marks."""
    old = GradebookFolder(tmp_path)
    old.record(graded())
    new = GradebookFolder(tmp_path, course_id="spring")
    new.record(graded("bob"))
    with new.nbgrader() as gradebook:
        assert gradebook.find_assignment(NAME).course_id == "spring"
        assert {row.student_id: row.score for row in gradebook.assignment_submissions(NAME)} == {
            "ada": 6.5,
            "bob": 6.5,
        }


def test_exchange_of_the_course_is_not_taken_for_its_folder(tmp_path: Path) -> None:
    """`Exchange.root` says nothing about whose settings these are."""
    config = f'c.Exchange.root = "/srv/exchange"\nc.CourseDirectory.db_url = "{URL}"\n'
    assert find_gradebook(make_course(tmp_path, config=config)).database == URL
