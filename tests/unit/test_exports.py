"""Marks in the files that learning management systems import."""

from __future__ import annotations

import csv
import io
import json
import tempfile
from collections.abc import Mapping
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from courses import NAME, ROOT
from grades import make_grade, make_verdict
from hypothesis import given
from hypothesis import strategies as st
from lms_import import GERMAN, SPANISH, read_brightspace, read_canvas, read_moodle

from autograder.course import load_course
from autograder.errors import CsvError, ExportError
from autograder.outputs.exports import (
    SYSTEMS,
    Filled,
    fill,
    grades_as_junit,
    marks_as_csv,
    marks_as_json,
)
from autograder.outputs.marks import Mark, MarkStatus, mark_of, no_mark
from autograder.results import Outcome, Review, escape_formula

ASSIGNMENT = load_course(ROOT).assignment(NAME)
TITLE = ASSIGNMENT.title
CANVAS = f"""\
Student,ID,SIS User ID,SIS Login ID,Section,Older (11),{TITLE} (42),Current Score
    Points Possible,,,,,10,18,(read only)
"King, Lady",101,u1,ada,"A, 1",7,3,70
Émmy Nöther,102,u2,emmy,A,,,
"=1+1",103,u3,grace,A,-5,17,
Maria,104,u4,maria,A,,12,
"Student, Test",105,,,A,,,
"""
MOODLE = """\
Identifier,Full name,Email address,Status,Grade,Maximum Grade,Grade can be changed,\
Last modified (submission),Last modified (grade),Feedback comments
Participant 1,Ada,ada,Submitted,-,18.00,Yes,-,-,
Participant 2,Emmy,emmy,Submitted,-,18.00,No,-,-,
Participant 3,Grace,grace,Submitted,9,18.00,Yes,-,-,
Participant 4,Maria,maria,No submission,,18.00,Yes,-,-,
"""
BRIGHTSPACE = (
    f"OrgDefinedId,Username,{TITLE} Points Grade <Numeric MaxPoints:18 Weight:10>,"
    "End-of-Line Indicator\r\n#ada,ada.l,,#\r\n#emmy,emmy.n,3,#\r\n#grace,grace.h,,#\r\n"
)


def mark(student: str, score: float | None, status: MarkStatus = MarkStatus.GRADED) -> Mark:
    """A mark of the first assignment."""
    return Mark(student=student, assignment=NAME, status=status, score=score, max_score=18)


MARKS: Mapping[str, Mark] = {
    "ada": mark("ada", 17.25),
    "emmy": mark("emmy", 18),
    "grace": mark("grace", None, MarkStatus.GRADER_ERROR),
    "zoe": mark("zoe", 4),
}


def filled(
    system: str,
    text: str,
    folder: Path,
    marks: Mapping[str, Mark] = MARKS,
    columns: Mapping[str, str] | None = None,
) -> Filled:
    """A file as a system exported it, with the marks in it."""
    path = folder / "exported.csv"
    path.write_bytes(text.encode())
    return fill(SYSTEMS[system], path, [(ASSIGNMENT, marks)], columns or {})


def test_canvas_takes_each_mark_and_blanks(tmp_path: Path) -> None:
    """A mark is a number; a grader error and a student who handed in nothing are blank."""
    result = filled("canvas", CANVAS, tmp_path)
    scores = read_canvas(result.data, f"{TITLE} (42)")
    assert scores == {"101": 17.25, "102": 18, "103": None, "104": None, "105": None}
    assert result.not_listed == ("zoe",)
    assert [(c.student, c.before, c.after, c.remark) for c in result.changes] == [
        ("ada", "3", "17.25", ""),
        ("emmy", "", "18", ""),
        ("grace", "17", "", "not graded, so no mark"),
        ("maria", "12", "", "nothing was handed in"),
    ]


def test_everything_else_in_the_file_stays(tmp_path: Path) -> None:
    """Ids, names, other columns and the order are as exported; only a formula is defused."""
    before = list(csv.reader(io.StringIO(CANVAS)))
    after = list(csv.reader(io.StringIO(filled("canvas", CANVAS, tmp_path).data.decode())))
    column = before[0].index(f"{TITLE} (42)")
    for old, new in zip(before, after, strict=True):
        old[column] = new[column] = ""
    before[4][0] = "'=1+1"
    assert after == before
    assert after[4][5] == "-5", "a negative number is no formula"


def test_unknown_canvas_title_is_asked_for(tmp_path: Path) -> None:
    """No column is invented: Canvas would create an assignment. The message says what to write."""
    text = CANVAS.replace(f"{TITLE} (42)", "Homework 1 (42)")
    with pytest.raises(ExportError, match="would make a new assignment in Canvas") as error:
        filled("canvas", text, tmp_path)
    assert f'--column "{NAME}=HEADING"' in error.value.tip
    result = filled("canvas", text, tmp_path, columns={NAME: "Homework 1 (42)"})
    assert read_canvas(result.data, "Homework 1 (42)")["101"] == 17.25


def test_canvas_with_other_maximum_is_told(tmp_path: Path) -> None:
    """Points are not scaled silently."""
    result = filled("canvas", CANVAS.replace(",10,18,", ",10,100,"), tmp_path)
    assert "out of 100 points, the course out of 18" in result.changes[0].remark


def test_moodle_rows_that_it_would_skip_are_told(tmp_path: Path) -> None:
    """Locked and out-of-range rows are named before; Moodle itself skips them silently."""
    marks = {**MARKS, "maria": mark("maria", 18.5)}
    result = filled("moodle", MOODLE, tmp_path, marks)
    remarks = {change.student: change.remark for change in result.changes}
    assert read_moodle(result.data) == {"1": 17.25}
    assert "locked" in remarks["emmy"]
    assert "its maximum is 18" in remarks["maria"]
    assert remarks["grace"] == "not graded, so no mark; Moodle keeps its 9"
    assert remarks["ada"] == ""
    assert "students who were graded there after" in result.note


MOODLE_GERMAN = """\
ID;Vollständiger Name;E-Mail-Adresse;Status;Bewertung;Maximale Punkte;\
Bewertung kann geändert werden;Zuletzt geändert (Abgabe);Zuletzt geändert (Bewertung)
Teilnehmer/in1;Ada;ada;Abgegeben;;18,00;Ja;-;-
Teilnehmer/in2;Emmy;emmy;Abgegeben;;18,00;Nein;-;-
Teilnehmer/in3;Zoë;zoe;Abgegeben;9,50;18,00;Ja;-;Montag, 15. Februar 2027, 10:03
"""


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_moodle_worksheet_in_another_language_is_filled(encoding: str, tmp_path: Path) -> None:
    """The columns are told by what is in them, and numbers have the site's decimal comma."""
    path = tmp_path / "worksheet.csv"
    path.write_text(MOODLE_GERMAN, encoding)
    result = fill(SYSTEMS["moodle"], path, [(ASSIGNMENT, MARKS)], {})
    assert read_moodle(result.data, GERMAN, delimiter=";") == {"1": 17.25}
    assert "17,25" in result.data.decode("utf-8-sig")
    remarks = {change.student: change.remark for change in result.changes}
    assert "locked" in remarks["emmy"]
    assert "whose date it cannot read" in remarks["zoe"]


def test_moodle_worksheet_in_spanish_is_filled(tmp_path: Path) -> None:
    """With commas between cells, the numbers are in quotes."""
    text = (
        "Identificador,Nombre completo,Dirección,Estado,Calificación,Calificación máxima,"
        "La calificación puede cambiarse,Última modificación (calificación)\n"
        'Participante1,Ada,ada,Enviado,,"18,00",Sí,-\nParticipante2,Emmy,emmy,Enviado,,"18,00",No,-\n'
    )
    result = filled("moodle", text, tmp_path)
    assert read_moodle(result.data, SPANISH) == {"1": 17.25}


def test_file_that_is_no_worksheet_is_refused(tmp_path: Path) -> None:
    """Without a column of maxima nothing is guessed."""
    with pytest.raises(ExportError, match="not a file that Moodle imports"):
        filled("moodle", "Teilnehmer,Note\nTeilnehmer/in1,\n", tmp_path)


NAMES = st.text(
    st.one_of(
        st.characters(exclude_categories=["Cs", "Cc"]), st.sampled_from('",;\n=+-@\t🦊\u202e')
    ),
    min_size=1,
    max_size=12,
)


@given(st.lists(NAMES, min_size=1, max_size=4))
def test_hostile_names_shift_no_cell(names: list[str]) -> None:
    """Quotes, new lines, text that runs backwards and formulas: each mark stays in its row."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["Student", "ID", "SIS Login ID", "Section", f"{TITLE} (42)"])
    writer.writerow(["    Points Possible", "", "", "", "18"])
    for number, name in enumerate(names):
        writer.writerow([name, str(100 + number), f"s{number}", name, ""])
    marks = {f"s{number}": mark(f"s{number}", number + 0.5) for number in range(len(names))}
    with tempfile.TemporaryDirectory() as folder:
        data = filled("canvas", text.getvalue(), Path(folder), marks).data
    scores = read_canvas(data, f"{TITLE} (42)")
    assert scores == {str(100 + number): number + 0.5 for number in range(len(names))}
    rows = list(csv.reader(io.StringIO(data.decode(), newline="")))[2:]
    assert [row[0].removeprefix("'") for row in rows] == [name.removeprefix("'") for name in names]


def test_canvas_excused_students_and_extra_rows_stay(tmp_path: Path) -> None:
    """Excused stays, the row of manual posting is no student, and a read-only column is told."""
    posting = ",,,,,,Manual Posting,\n    Points"
    text = CANVAS.replace("    Points", posting).replace(
        "Nöther,102,u2,emmy,A,,,", "N,102,u2,emmy,A,,EX,"
    )
    result = filled("canvas", text, tmp_path)
    assert "A,,EX," in result.data.decode()
    assert "excused" in {c.student: c.remark for c in result.changes}["emmy"]
    assert len(result.changes) == 4
    assert read_canvas(result.data, f"{TITLE} (42)")["101"] == 17.25
    read_only = filled("canvas", CANVAS.replace(",10,18,", ",10,(read only),"), tmp_path)
    assert "read-only" in read_only.changes[0].remark


def test_brightspace_row_without_its_end_is_told(tmp_path: Path) -> None:
    """A spreadsheet may have shifted its cells."""
    result = filled("brightspace", BRIGHTSPACE.replace("emmy.n,3,#", "emmy.n,,3"), tmp_path)
    assert "does not end with #" in {c.student: c.remark for c in result.changes}["emmy"]


def test_brightspace_keeps_its_marks_and_line_ends(tmp_path: Path) -> None:
    """The number sign before ids and the end-of-line column stay; a blank is no mark."""
    result = filled("brightspace", BRIGHTSPACE, tmp_path)
    assert read_brightspace(result.data, TITLE) == {"ada": 17.25, "emmy": 18}
    assert result.data.count(b",#\r\n") == 3


def test_ids_that_differ_in_case_only_are_not_mixed_up(tmp_path: Path) -> None:
    """Case is ignored where that is safe, and nowhere else."""
    marks = {"Ada": mark("Ada", 5), "ada": mark("ada", 7), "EMMY": mark("EMMY", 9)}
    scores = read_canvas(filled("canvas", CANVAS, tmp_path, marks).data, f"{TITLE} (42)")
    assert (scores["101"], scores["102"]) == (7, 9)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "is empty"),
        (b"A,B\n\xff\x00\xff", "is not text in UTF-8: line 2 has the byte 0xFF"),
        (b"Student,ID\nAda,1\n", "a column with the course's ids|has no column for"),
    ],
)
def test_file_that_is_no_export_is_refused(content: bytes, message: str, tmp_path: Path) -> None:
    """The message says what is wrong with it."""
    path = tmp_path / "exported.csv"
    path.write_bytes(content)
    with pytest.raises((CsvError, ExportError), match=message):
        fill(SYSTEMS["canvas"], path, [(ASSIGNMENT, MARKS)], {})


def test_utf16_and_semicolons_are_read(tmp_path: Path) -> None:
    """Excel writes both."""
    path = tmp_path / "exported.csv"
    path.write_text(CANVAS.replace(",", ";").replace("King;", "King,"), "utf-16")
    result = fill(SYSTEMS["canvas"], path, [(ASSIGNMENT, MARKS)], {})
    rows = list(csv.reader(io.StringIO(result.data.decode()), delimiter=";"))
    assert rows[3][0] == "Émmy Nöther"
    assert rows[3][6] == "18"


@given(st.text(max_size=20))
def test_no_cell_begins_a_formula(text: str) -> None:
    """Whatever a name is, a spreadsheet takes it for text, or it is a number."""
    cell = escape_formula(text)
    if cell != "-" and cell.startswith(("=", "+", "-", "@", "\t", "\r")):
        float(cell.strip().rstrip("%").replace(",", "."))


def test_grader_error_is_no_number_even_after_a_graded_attempt() -> None:
    """A gradebook of before may have the first attempt's points; they are not exported."""
    failed = make_grade(make_verdict(outcome=Outcome.GRADER_ERROR))
    assert mark_of(failed, Review(score=17, max_score=18)).score is None
    assert mark_of(failed, Review(score=17, max_score=18)).status is MarkStatus.GRADER_ERROR


def test_grader_error_without_checks_is_no_mark() -> None:
    """Where nothing was checked, a person cannot have marked every check."""
    failed = make_grade(outcome=Outcome.GRADER_ERROR)
    assert mark_of(failed, Review(score=0, max_score=18)).score is None


def test_grader_error_that_a_person_marked_has_that_mark() -> None:
    """Somebody who gave points to every check has graded it."""
    failed = make_grade(make_verdict("loss_goes_down", Outcome.GRADER_ERROR))
    review = Review(score=2, max_score=3, marks={"loss_goes_down": (2, 3)})
    assert mark_of(failed, review).score == 2


def test_csv_and_json_tell_no_mark_from_zero() -> None:
    """Without a mark the score is empty or null, and the status says why."""
    marks = [mark("ada", 0), MARKS["grace"], no_mark("maria", NAME, 18)]
    rows = list(csv.DictReader(io.StringIO(marks_as_csv(marks).decode())))
    assert [(row["score"], row["status"]) for row in rows] == [
        ("0", "graded"),
        ("", "grader_error"),
        ("", "missing"),
    ]
    loaded = json.loads(marks_as_json(marks))
    assert [row["score"] for row in loaded] == [0, None, None]


def test_junit_counts_and_kinds_match_the_outcomes() -> None:
    """Failed, not attempted and not graded checks are failure, skipped and error."""
    outcomes = [Outcome.PASSED, Outcome.FAILED, Outcome.NOT_ATTEMPTED, Outcome.GRADER_ERROR]
    verdicts = [make_verdict(f"check_{n}", outcome) for n, outcome in enumerate(outcomes)]
    data = grades_as_junit([(NAME, [make_grade(*verdicts, student="ada")])])
    (suite,) = ET.fromstring(data)  # noqa: S314 - our own output
    counts = [suite.get(name) for name in ("tests", "failures", "errors", "skipped")]
    assert counts == ["4", "1", "1", "1"]
    kinds = [[child.tag for child in case] for case in suite]
    assert kinds == [[], ["failure"], ["skipped"], ["error"]]
