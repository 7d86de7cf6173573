"""What course.yml may say, and the messages when it says something else."""

from __future__ import annotations

import hashlib
import json
import random
import re
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from courses import NAME, ROOT
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]
from pydantic import ValidationError
from ruamel.yaml import YAML

from autograder.course import (
    Assignment,
    Course,
    Limits,
    PracticeSeeds,
    course_schema,
    load_course,
    write_course_schema,
)
from autograder.errors import CourseError

BROKEN = Path(__file__).with_name("broken_courses")
SMALL = """\
title: A course
practice_seeds: {initial_weights: 1, training_draw: 2, held_out: 3, shuffling: 4}
assignments:
  01-first-training:
    title: Your first training
    checks: {loss_goes_down: 3}
  02-weights:
    title: Weights
    checks: {kernel_is_read: 1.5, bias_is_read: 0}
"""
ZONE = "date, time and zone, such as 2027-02-15T23:59:00+01:00"
POINTS = "a number (at least 0, at most 1000000)"
SEED = "a whole number (at least 0, below 4294967296)"
TOP_KEYS = (
    "one of title, limits, practice_seeds, preload, gradebook, late, time_zone, drop_lowest, "
    "assistants, follow_through, on_submit, assignments"
)
KEYS = "one of title, due, late, checks, thresholds"
FIRST = "assignments.01-first-training"
DOWN = f"{FIRST}.checks.loss_goes_down"

# The message of each file in broken_courses, each line without "NAME.yml, " before it.
MESSAGES = {
    "a_list": "line 1: found a list; expected a mapping",
    "alias_to_itself": f"line 8: {DOWN}: found a list; expected {POINTS}",
    "assignments_left_blank": "line 3: assignments: found nothing; "
    "expected a mapping with at least one entry",
    "bad_assignment_name": 'line 4: assignments.First_Training: found the name "First_Training"; '
    'expected lowercase letters, digits and hyphens, such as "01-first-training"',
    "bad_check_name": f'line 8: {FIRST}.checks.Loss goes down: found the name "Loss goes down"; '
    'expected lowercase letters, digits and underscores, such as "loss_goes_down"',
    "bad_module_name": 'line 2: preload.1: found the text "numpy; os"; '
    'expected the name of a Python module, such as "matplotlib.pyplot"',
    "bool_for_number": f"line 8: {DOWN}: found true; expected {POINTS}",
    "colon_in_text": 'line 1: found ":" where no key can be; '
    'expected one "key: value" per line, here and above',
    "control_character": "line 1: found the character U+0000, which YAML does not allow",
    "deep_nesting": "line 1: found brackets nested too deeply; expected four levels",
    "due_date_only": f"line 6: {FIRST}.due: found 2027-02-15 without a time zone; expected {ZONE}",
    "due_impossible_day": f"line 6: {FIRST}.due: found 2027-02-30T23:59:00+01:00, "
    f"which is not a valid date and time; expected {ZONE}",
    "due_in_words": f'line 6: {FIRST}.due: found the text "next Monday"; expected {ZONE}',
    "due_number": f"line 6: {FIRST}.due: found 1802732340; expected {ZONE}",
    "due_short_zone": f"line 6: {FIRST}.due: found 2027-02-15T23:59:00+01; expected {ZONE}",
    "due_without_zone": f"line 6: {FIRST}.due: found 2027-02-15T23:59:00 without a time zone; "
    f"expected {ZONE}",
    "due_zone_too_far": f"line 6: {FIRST}.due: found 2027-02-15T23:59:00+99:00, "
    f"which is not a valid date and time; expected {ZONE}",
    "duplicated_assignment": f"line 12: {FIRST}: appears twice, on line 4 and on line 12; "
    "expected once",
    "duplicated_check": f"line 10: {DOWN}: appears twice, on line 8 and on line 10; expected once",
    "duplicated_top_key": "line 12: title: appears twice, on line 1 and on line 12; expected once",
    "empty": "line 1: the file is empty; expected the course, beginning with its title",
    "empty_title": "line 1: title: found empty text; expected at least one character",
    "escape_out_of_range": "line 1: this is not YAML: found an invalid escape in double quotes",
    "float_for_int": "line 2: limits.processes: found 64.0; "
    "expected a whole number (at least 24, at most 4194304)",
    "huge_points": f"line 8: {DOWN}: found 1{'0' * 79}... (401 characters); expected {POINTS}",
    "infinite_points": f"line 8: {DOWN}: found .inf; expected a finite number",
    "infinite_threshold": f"line 11: {FIRST}.thresholds.accuracy: found -.inf; "
    "expected a finite number",
    "key_that_is_a_list": "line 1: found a list or mapping as a key; expected a word",
    "latin_1": "line 1: found the byte 0xe9, which is not UTF-8",
    "limits_too_small": "line 3: limits.wall_seconds: found 0; "
    "expected a number (above 0, at most 86400)\n"
    "line 4: limits.memory_mb: found 767; "
    "expected a whole number (at least 768, at most 1048576)\n"
    "line 5: limits.processes: found 23; "
    "expected a whole number (at least 24, at most 4194304)\n"
    "line 6: limits.output_bytes: found 999; "
    "expected a whole number (at least 1000, at most 1000000000)",
    "list_for_mapping": f"line 7: {FIRST}.checks: found a list; "
    "expected a mapping with at least one entry",
    "lone_surrogate": 'line 1: title: found the text "\\ud800"; expected Unicode characters',
    "many_problems": 'line 1: titel: unknown key; did you mean "title"?\n'
    "line 2: limits.wall_seconds: found -1; expected a number (above 0, at most 86400)\n"
    f"line 3: practice_seeds.held_out: missing; expected {SEED}: Seed of the held-out samples.\n"
    f"line 7: {FIRST}.due: found 2027-02-15T23:59:00 without a time zone; expected {ZONE}\n"
    f"line 9: {DOWN}: found -3; expected {POINTS}\n"
    f"line 11: {FIRST}.checks.accuracy_passes: appears twice, on line 10 and on line 11; "
    "expected once\n"
    f'line 13: {FIRST}.thresholds.accuracy: found the text "0.9"; '
    "expected a number, without quotes",
    "mapping_for_number": f"line 8: {DOWN}: found a mapping; expected {POINTS}",
    "memory_in_bytes": "line 3: limits.memory_mb: found 1610612736; "
    "expected a whole number (at least 768, at most 1048576)",
    "merge_key": f"line 6: {FIRST}.<<: unknown key; expected {KEYS}",
    "missing_assignments": "line 1: assignments: missing; expected a mapping with at least one "
    "entry: The assignments, by name, in the order of the course.",
    "missing_checks": f"line 4: {FIRST}.checks: missing; expected a mapping with at least one "
    "entry: Points for each check, in the order that reports follow.",
    "missing_colon": 'line 2: found ":" where no key can be; '
    'expected one "key: value" per line, here and above',
    "missing_seed": f"line 2: practice_seeds.shuffling: missing; expected {SEED}: "
    "Seed of the order in which fit sees the samples.",
    "missing_title": "line 1: title: missing; expected text: The course's name as people read it.",
    "misspelled_key": f'line 7: {FIRST}.cheks: unknown key; did you mean "checks"?',
    "misspelled_top_key": 'line 1: Titel: unknown key; did you mean "title"?',
    "name_as_key": f"line 6: {FIRST}.name: unknown key; expected {KEYS}",
    "nan_points": f"line 8: {DOWN}: found .nan; expected a finite number",
    "negative_points": f"line 8: {DOWN}: found -3; expected {POINTS}",
    "negative_seed": f"line 2: practice_seeds.shuffling: found -1; expected {SEED}",
    "no_assignments": "line 3: assignments: found an empty mapping; "
    "expected a mapping with at least one entry",
    "no_checks": f"line 7: {FIRST}.checks: found an empty mapping; "
    "expected a mapping with at least one entry",
    "nothing_for_number": f"line 8: {DOWN}: found nothing; expected {POINTS}",
    "number_for_text": "line 1: title: found 2027; expected text, in quotes",
    "only_comments": "line 1: the file is empty; expected the course, beginning with its title",
    "only_text": 'line 1: found the text "A course"; expected a mapping',
    "overflowing_points": f"line 8: {DOWN}: found 1e999; expected a finite number",
    "quoted_number": 'line 3: limits.memory_mb: found the text "1536"; '
    "expected a whole number (at least 768, at most 1048576), without quotes",
    "seed_too_large": f"line 2: practice_seeds.shuffling: found 4294967296; expected {SEED}",
    "tab": "line 5: found a tab; expected spaces",
    "tag_that_does_not_fit": f'line 8: {DOWN}: found "three", '
    "which cannot be read as a whole number",
    "terminal_escape": f"line 1: \\x1b[31mtitle: unknown key; expected {TOP_KEYS}",
    "text_for_list": 'line 2: preload: found the text "matplotlib.pyplot"; '
    "expected a list, such as [one, two]",
    "text_for_number": f'line 11: {FIRST}.thresholds.accuracy: found the text "90%"; '
    "expected a number",
    "two_documents": 'line 12: found a second document after "---"; expected one',
    "unclosed_bracket": "line 2: found a bracket that is not closed, or lacks a comma inside",
    "unclosed_quote": "line 1: found a quote that is not closed",
    "uneven_indentation": "line 9: found an indentation that matches no line above",
    "unknown_choice": 'line 2: follow_through: found the text "most"; '
    "expected one of none, half, full",
    "unknown_alias": "line 8: this is not YAML: found undefined alias 'points'",
    "unknown_key": f"line 10: {FIRST}.color: unknown key; expected {KEYS}",
    "unknown_tag": "line 1: title: found the tag !!python/name:os.system; expected no tag",
    "unknown_top_key": f"line 1: semester: unknown key; expected {TOP_KEYS}",
    "utf_16": "line 1: found the byte 0xff, which is not UTF-8",
}


def write_course(folder: Path, text: str = SMALL) -> Path:
    """Write a course file; return its path."""
    path = folder / "course.yml"
    path.write_text(text, "utf-8")
    return path


def refused(start: Path) -> CourseError:
    """The error of a course that cannot be loaded."""
    with pytest.raises(CourseError) as caught:
        load_course(start)
    return caught.value


def as_editors_read(text: str) -> object:
    """Plain data with dates as text, because YAML 1.2 has no dates."""
    quoted = re.sub(r"(due: )(\S+)", r'\1"\2"', text)
    return YAML(typ="safe", pure=True).load(quoted)


@pytest.mark.parametrize("name", sorted(MESSAGES))
def test_broken_course_is_refused_with_its_lines(name: str) -> None:
    """The message names the line, the key, what was found and what was expected."""
    error = refused(BROKEN / f"{name}.yml")
    expected = "\n".join(f"{name}.yml, {line}" for line in MESSAGES[name].splitlines())
    assert error.message == expected
    assert error.tip


def test_every_broken_course_is_tested() -> None:
    """Each file in broken_courses has its expected message above."""
    assert {path.stem for path in BROKEN.iterdir()} == MESSAGES.keys()


def test_due_date_without_a_zone_is_refused_with_an_example() -> None:
    """The tip is a date that can be copied."""
    assert refused(BROKEN / "due_without_zone.yml").tip == "Write 2027-02-15T23:59:00+01:00."


def test_course_yml_that_is_a_folder_is_refused(tmp_path: Path) -> None:
    """The message names the folder, and the search does not continue above it."""
    write_course(tmp_path)
    (tmp_path / "inner" / "course.yml").mkdir(parents=True)
    error = refused(tmp_path / "inner")
    assert error.message == "course.yml: is a folder; expected a text file"


def test_dangling_link_is_refused(tmp_path: Path) -> None:
    """A link to nothing is the course file that somebody meant to use."""
    (tmp_path / "course.yml").symlink_to("elsewhere.yml")
    assert refused(tmp_path).message == "course.yml: cannot be read: No such file or directory"


def test_folder_without_a_course_is_refused(tmp_path: Path) -> None:
    """The message names the folder that was searched."""
    error = refused(tmp_path)
    assert error.message == f"There is no course.yml in {tmp_path} or in any folder above it."
    assert "contains course.yml" in error.tip


def test_start_that_does_not_exist_is_refused(tmp_path: Path) -> None:
    """A mistyped folder is not replaced by the folder above it."""
    write_course(tmp_path)
    assert refused(tmp_path / "nowhere").message == f"{tmp_path / 'nowhere'} does not exist."


def test_folder_inside_a_course_finds_that_course(tmp_path: Path) -> None:
    """The nearest course.yml above is used, as git uses its repository."""
    write_course(tmp_path, "title: [not this one")
    (tmp_path / "inner" / "submitted" / "ada").mkdir(parents=True)
    write_course(tmp_path / "inner")
    assert load_course(tmp_path / "inner" / "submitted" / "ada").root == tmp_path / "inner"


def test_search_without_a_start_begins_in_the_current_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The course's root is absolute, also where the start is not."""
    write_course(tmp_path)
    (tmp_path / "solutions").mkdir()
    monkeypatch.chdir(tmp_path / "solutions")
    assert load_course().root == tmp_path
    assert load_course(Path("..")).root == tmp_path


def test_named_course_file_may_have_any_name(tmp_path: Path) -> None:
    """A start that is a file is the course file."""
    path = write_course(tmp_path).rename(tmp_path / "spring.yml")
    assert load_course(path).title == "A course"


def test_loaded_course_has_paths_digest_and_defaults(tmp_path: Path) -> None:
    """Paths follow nbgrader's layout, the digest is of the bytes, and limits have defaults."""
    path = write_course(tmp_path)
    course = load_course(tmp_path)
    notebook = Path("02-weights") / "02-weights.ipynb"
    assert course.source_notebook("02-weights") == tmp_path / "solutions" / notebook
    assert course.release_notebook("02-weights") == tmp_path / "assignments" / notebook
    assert course.gradebook is None
    assert course.key_file == tmp_path / "course.key"
    assert course.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    assert course.preload == ()
    assert course.limits == Limits(
        wall_seconds=120.0, memory_mb=1536, processes=64, output_bytes=1_000_000
    )
    assert course.practice_seeds == PracticeSeeds(
        initial_weights=1, training_draw=2, held_out=3, shuffling=4
    )


def test_loaded_assignment_has_its_checks_in_order(tmp_path: Path) -> None:
    """The key is the name, whole points become floats, and the order is that of the file."""
    write_course(tmp_path)
    assignment = load_course(tmp_path).assignment("02-weights")
    assert isinstance(assignment, Assignment)
    assert assignment.name == "02-weights"
    assert assignment.due is None
    assert list(assignment.checks.items()) == [("kernel_is_read", 1.5), ("bias_is_read", 0.0)]
    assert isinstance(assignment.checks["bias_is_read"], float)
    assert assignment.max_score == 1.5
    assert assignment.thresholds == {}


@pytest.mark.parametrize(
    ("asked", "meant"),
    [("01-frist-training", "01-first-training"), ("02", "02-weights"), ("", "01-first-training")],
)
def test_unknown_assignment_suggests_the_nearest(tmp_path: Path, asked: str, meant: str) -> None:
    """A typo is answered with the name that was meant, and with all names."""
    write_course(tmp_path)
    course = load_course(tmp_path)
    with pytest.raises(CourseError) as caught:
        course.assignment(asked)
    assert f'no assignment "{asked}"; did you mean "{meant}"?' in caught.value.message
    assert caught.value.tip == "The assignments are: 01-first-training, 02-weights."


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("2027-02-15T23:59:00+01:00", "2027-02-15T23:59:00+01:00"),
        ('"2027-02-15T23:59:00+01:00"', "2027-02-15T23:59:00+01:00"),
        ("2027-02-15 23:59:00-05:30", "2027-02-15T23:59:00-05:30"),
        ("2027-02-15T23:59Z", "2027-02-15T23:59:00+00:00"),
    ],
)
def test_due_date_keeps_its_time_and_zone(tmp_path: Path, written: str, expected: str) -> None:
    """What the instructor wrote is kept, and nothing is converted to UTC."""
    due = f"    due: {written}\n  02-weights:"
    write_course(tmp_path, SMALL.replace("  02-weights:", due))
    assignment = load_course(tmp_path).assignment("01-first-training")
    assert assignment.due is not None
    assert assignment.due.isoformat() == expected


def test_alias_within_the_file_is_followed(tmp_path: Path) -> None:
    """Two assignments may share their checks through YAML's anchors."""
    text = SMALL.replace("checks: {loss", "checks: &rubric {loss")
    write_course(tmp_path, text.replace("{kernel_is_read: 1.5, bias_is_read: 0}", "*rubric"))
    assert load_course(tmp_path).assignment("02-weights").checks == {"loss_goes_down": 3.0}


def test_byte_order_mark_and_windows_line_ends_are_read(tmp_path: Path) -> None:
    """A file from a Windows editor is read like any other."""
    path = tmp_path / "course.yml"
    path.write_bytes(b"\xef\xbb\xbf" + SMALL.replace("\n", "\r\n").encode())
    assert load_course(tmp_path).title == "A course"


def test_loaded_course_cannot_be_changed(tmp_path: Path) -> None:
    """A course is the same for the whole run."""
    write_course(tmp_path)
    course = load_course(tmp_path)
    with pytest.raises(ValidationError, match="frozen"):
        course.title = "Another"  # type: ignore[misc]


def test_due_date_without_a_zone_is_refused_in_code_too() -> None:
    """An Assignment that is made without the file must have a zone as well."""
    with pytest.raises(ValidationError, match="timezone"):
        Assignment(
            name="01-a",
            title="A",
            checks={"a": 1},
            due=datetime(2027, 2, 15, 23, 59),  # noqa: DTZ001 - the point of the test
        )


def test_any_damage_to_the_file_gives_a_course_or_a_course_error(tmp_path: Path) -> None:
    """Whatever is cut from the file or typed into it, nothing but a CourseError is raised."""
    chance = random.Random(0)  # noqa: S311 - repeatable, not secret
    source = (ROOT / "course.yml").read_text("utf-8")
    typed = ["", "\t", "\n", " ", ": ", "- ", "[", "{", '"', "'", "&a ", "*a", "!!int ", "!!set "]
    typed += ["? ", "<<: ", "| ", "%", "---\n", "\\", "\x00", "\x85", "\ud7ff", "0x" + "f" * 5000]
    typed += ["9" * 5000, "~", "1e999", "%YAML 1.1\n---\n", '"\\U00110000"', '"\\ud800"']
    for _ in range(300):
        first = chance.randrange(len(source))
        last = first + chance.choice([0, 1, 8, 60])
        path = write_course(tmp_path, source[:first] + chance.choice(typed) + source[last:])
        try:
            course = load_course(path)
        except CourseError as error:
            lines = error.message.splitlines()
            assert all(line.startswith("course.yml, line ") for line in lines)
        else:
            assert isinstance(course, Course)


def test_course_of_this_repository_has_what_the_lesson_needs() -> None:
    """Points, checks and the due date of the first assignment are as announced."""
    course = load_course(ROOT)
    first = course.assignment(NAME)
    assert first.max_score == 18
    assert next(iter(first.checks)) == "compile_sets_optimizer"
    assert first.due is not None
    assert first.due.utcoffset() == timedelta(hours=1)
    assert course.preload == ("matplotlib.pyplot",)


def test_schema_file_is_current(tmp_path: Path) -> None:
    """The committed course.schema.json is what the models give, byte for byte."""
    write_course_schema(tmp_path / "course.schema.json")
    written = (tmp_path / "course.schema.json").read_bytes()
    assert (ROOT / "course.schema.json").read_bytes() == written
    assert json.loads(written) == course_schema()


def test_schema_accepts_what_loading_accepts() -> None:
    """An independent validator finds nothing wrong with the courses that we load."""
    Draft202012Validator.check_schema(course_schema())
    for text in ((ROOT / "course.yml").read_text("utf-8"), SMALL):
        Draft202012Validator(course_schema()).validate(as_editors_read(text))


@pytest.mark.parametrize(
    "name",
    [
        "bad_assignment_name",
        "bad_check_name",
        "bool_for_number",
        "due_without_zone",
        "memory_in_bytes",
        "misspelled_key",
        "missing_seed",
        "name_as_key",
        "no_checks",
        "text_for_number",
    ],
)
def test_schema_refuses_what_loading_refuses(name: str) -> None:
    """An editor underlines the same mistakes."""
    text = (BROKEN / f"{name}.yml").read_text("utf-8")
    assert not Draft202012Validator(course_schema()).is_valid(as_editors_read(text))


def test_schema_describes_every_key() -> None:
    """Each key has a description, and only thresholds may have any name."""
    schema = course_schema()
    for part in [schema, *schema["$defs"].values()]:
        assert part["additionalProperties"] is False
        for key, described in part["properties"].items():
            assert described.get("description"), key
            if described.get("type") == "object" and key != "thresholds":
                assert described["additionalProperties"] is False


def test_schema_for_a_missing_folder_is_refused(tmp_path: Path) -> None:
    """The error names the path."""
    path = tmp_path / "nowhere" / "course.schema.json"
    with pytest.raises(CourseError, match="cannot be written: No such file") as caught:
        write_course_schema(path)
    assert str(path) in caught.value.message
