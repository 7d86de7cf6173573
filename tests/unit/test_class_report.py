"""The class report: who shares which mistake, who needs help, and the pages that say so."""

from __future__ import annotations

import csv
import hashlib
import io
import re
import stat
from importlib import resources
from pathlib import Path

import pytest
from courses import NAME
from grades import HOSTILE_TEXT, LOSS_CURVE
from html_page import Page
from hypothesis import example, given
from hypothesis import strategies as st
from made_up_class import (
    CHECKS,
    assignment_of,
    class_of,
    entry,
    failed,
    graded,
    missing,
)

import autograder.outputs.class_report
from autograder.course import ReusableComment
from autograder.errors import ReportError
from autograder.outputs import mark_of
from autograder.outputs.class_report import (
    ClassData,
    EntryMaker,
    reports_about,
    write_class_report,
)
from autograder.outputs.class_report.curves import OTHER, PASSED, curve_groups, reference_curve
from autograder.outputs.class_report.folder import new_report
from autograder.outputs.class_report.misconceptions import misconceptions, stubs
from autograder.outputs.class_report.needs import needs
from autograder.outputs.class_report.overview import overview
from autograder.outputs.class_report.plots import histogram
from autograder.outputs.class_report.slugs import slug
from autograder.results import Outcome, TrainingSummary

RATE = "The learning rate is 0: try 0.01."
LABELS = "Leave out from_logits=True."
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
    "base-uri 'none'; form-action 'none'"
)


def hostile_class() -> ClassData:
    """Students whose ids and messages are markup, paths, formulas, long, or alike but for case."""
    ids = (HOSTILE_TEXT, "../../etc/passwd", "=cmd()", "Ada", "ada", "x" * 300, "🦊 zoë", "con")
    grades = [graded(i, failed(hint=HOSTILE_TEXT, message=HOSTILE_TEXT * 9)) for i in ids]
    flagged = graded("flagged", flags=(HOSTILE_TEXT,))
    everybody = [*map(entry, grades), entry(flagged), missing(f"{HOSTILE_TEXT}2")]
    return class_of(assignment_of(*everybody), names=dict.fromkeys(ids, HOSTILE_TEXT))


def written(root: Path, data: ClassData) -> dict[str, str]:
    """The pages of a class report, by path."""
    folder = write_class_report(root, data).index.parent
    return {str(p.relative_to(folder)): p.read_text("utf-8") for p in folder.rglob("*.html")}


def rows_of(root: Path, name: str) -> list[dict[str, str]]:
    """A file of figures."""
    text = (root / "report/figures" / name).read_text("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


@given(st.text(max_size=60), st.text(max_size=60))
@example("Ada", "ada")
@example("a--b", "a-b")
@example("con", "CON")
def test_names_that_differ_have_files_that_differ_everywhere(first: str, second: str) -> None:
    """File names are harmless, and distinct even where a file system ignores case."""
    assert all(re.fullmatch(r"[a-z0-9_-]{1,64}", slug(text)) for text in (first, second))
    assert (slug(first).lower() == slug(second).lower()) == (first == second)


def test_plain_ids_keep_their_names() -> None:
    """An ordinary id is the name of its page; names of devices are not."""
    assert [slug("ada"), slug("s01234"), slug("ada-l")] == ["ada", "s01234", "ada-l"]
    assert slug("con") != "con"


def test_hint_that_several_share_is_one_misconception() -> None:
    """Students with the same hint for the same function share it, whatever numbers are in it."""
    entries = [
        entry(graded("ada", failed(hint="Fix line 2."))),
        entry(graded("bob", failed(hint="Fix line 31."))),
        entry(graded("eve", failed("accuracy_passes", hint=LABELS))),
    ]
    first, second = misconceptions(entries)
    assert (first.students, first.advice, first.example) == (("ada", "bob"), "Fix line 2.", "ada")
    assert second.students == ("eve",)


def test_failures_that_follow_are_folded_under_their_cause() -> None:
    """Checks that fail only because of another function make no misconception of their own."""
    grade = graded(
        "ada",
        failed("compile_sets_optimizer", about="compile_model", hint=RATE),
        failed("loss_goes_down", cause="compile_model", hint=RATE),
        failed("accuracy_passes", about="train_model", cause="compile_model", hint=RATE),
    )
    (shared,) = misconceptions([entry(grade)])
    assert (shared.function, shared.checks) == ("compile_model", ("Compile sets optimizer",))
    assert shared.follows == ("Loss goes down", "Accuracy passes")
    assert shared.lost == 7


def test_check_that_was_not_reached_follows_what_says_why() -> None:
    """Without an experiment, "Not reached: X" is folded under the check that says X."""
    grade = graded(
        "ada",
        failed("fit_returns_history", about="train_model", cause="", message="It raised."),
        failed("accuracy_passes", about="accuracy", cause="", message="Not reached: It raised."),
    )
    grade = grade.model_copy(
        update={"checks": tuple(c.model_copy(update={"follows": False}) for c in grade.checks)}
    )
    (shared,) = misconceptions([entry(grade)])
    assert (shared.function, len(shared.follows)) == ("train_model", 1)


def test_function_whose_own_checks_pass_is_told_by_what_follows() -> None:
    """A cause without a failure of its own is a misconception that names the checks."""
    (shared,) = misconceptions([entry(graded("ada", failed(cause="compile_model")))])
    assert (shared.function, shared.checks) == ("compile_model", ())
    assert "Loss goes down" in shared.advice


def test_hints_that_always_come_together_are_one_misconception() -> None:
    """Two hints of one function that the same students have are told once."""
    entries = [
        entry(graded(s, failed(hint=RATE), failed("accuracy_passes", hint=LABELS)))
        for s in ("ada", "bob")
    ]
    (shared,) = misconceptions(entries)
    assert (len(shared.checks), shared.students) == (2, ("ada", "bob"))


def test_stubs_are_no_misconceptions() -> None:
    """A function that is still the stub is listed by itself."""
    stub = failed(cause="", outcome=Outcome.NOT_ATTEMPTED)
    entries = [entry(graded("ada", stub))]
    assert misconceptions(entries) == []
    assert stubs(entries) == {"train_model": ["ada"]}


def test_who_needs_help_first_is_in_the_order_that_is_explained() -> None:
    """Nothing handed in, then the same function again, then the points lost to own mistakes."""
    one_function = failed("fit_returns_history")
    first = [
        missing("gone"),
        entry(graded("again", one_function)),
        entry(graded("much", failed(), failed("accuracy_passes"), failed(CHECKS[1]))),
        entry(graded("follows", failed(cause="compile_model"))),
        entry(graded("fine")),
        missing("early", is_due=False),
    ]
    second = [entry(graded("again", one_function)), entry(graded("fine"))]
    found = needs(class_of(assignment_of(*first), assignment_of(*second, name="02-second")))
    assert [need.student for need in found] == ["gone", "again", "much"]
    assert found[1].repeated == ("train_model",)
    assert [need.lost for need in found] == [0, 2, 8]


def test_what_has_no_mark_is_no_zero_anywhere(tmp_path: Path) -> None:
    """Grader errors and missing work have no number, on the pages and in the figures."""
    error = graded("eve", failed(outcome=Outcome.GRADER_ERROR))
    data = class_of(assignment_of(entry(graded("ada")), entry(error), missing("bob")))
    counted = overview(data.assignments[0])
    assert counted.scores == [18]
    assert [e.student for e in counted.grader_errors] == ["eve"]
    pages = written(tmp_path, data)
    for student in ("eve", "bob"):
        assert "No mark" in Page(pages[f"students/{student}.html"]).words
    scores = {row["student"]: row["score"] for row in rows_of(tmp_path, "scores.csv")}
    assert scores == {"ada": "18", "eve": "", "bob": ""}
    assert "1 of 1 student who has a mark passed everything" in pages[f"assignments/{NAME}.html"]


def test_histogram_counts_every_score_once() -> None:
    """Each score is in one bar; extra credit widens the scale; none makes no picture."""
    drawn = histogram([0, 0.5, 17.5, 18, 19], 18)
    assert drawn is not None
    assert sum(bar.count for bar in drawn.bars) == 5
    assert [drawn.bars[0].count, drawn.bars[-1].count] == [2, 1]
    assert "lowest 0, median 17.5, highest 19" in drawn.alt
    assert histogram([], 18) is None


def test_loss_curves_are_grouped_so_that_a_large_class_stays_readable() -> None:
    """A class of 400 gives a few panels; of many students, the median and the spread."""
    with_curve = failed("accuracy_passes", hint=RATE)
    with_curve = with_curve.model_copy(update={"evidence": {"loss_curve": dict(LOSS_CURVE)}})
    entries = {f"s{n}": entry(graded(f"s{n}")) for n in range(380)}
    for n in range(20):
        hint = "".join(chr(97 + n) for _ in range(5))
        verdict = with_curve.model_copy(update={"hint": hint})
        entries[f"w{n}"] = entry(graded(f"w{n}", verdict))
    groups = curve_groups(entries, misconceptions(entries.values()))
    assert [groups[0].heading, groups[-1].heading] == [PASSED, OTHER]
    assert len(groups) <= 9
    assert sum(group.students for group in groups) == 400
    assert (groups[0].lines, groups[0].median[0], groups[0].median[-1]) == ((), 0.71, 0.08)


def test_hostile_names_and_messages_stay_text(tmp_path: Path) -> None:
    """No page has a tag, an attribute or a character that a student wrote; every link is there."""
    pages = written(tmp_path, hostile_class())
    assert len([name for name in pages if name.startswith("students/")]) == 10
    folder = tmp_path / "report"
    for name, html in pages.items():
        page = Page(html)
        assert page.event_handlers() == []
        assert not {"iframe", "object", "form", "style", "base"} & set(page.names)
        scripts = {attributes.get("src") for attributes in page.attributes("script")}
        assert all(src and src.endswith((".min.js", "report.js")) for src in scripts)
        assert POLICY in {meta.get("content") for meta in page.attributes("meta")}
        assert not re.search(
            "[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]", html
        )
        for link in page.attributes("a"):
            target = (folder / name).parent / (link["href"] or "").partition("#")[0]
            assert target.resolve().is_relative_to(folder)
            assert target.exists(), link


def test_formulas_in_figures_are_text(tmp_path: Path) -> None:
    """A spreadsheet runs nothing that a student wrote."""
    write_class_report(tmp_path, hostile_class())
    for path in (tmp_path / "report/figures").iterdir():
        cells = [
            cell for row in csv.reader(io.StringIO(path.read_text("utf-8-sig"))) for cell in row
        ]
        assert not [cell for cell in cells if cell.startswith(("=", "+", "@"))]


def test_names_stand_beside_ids_only_if_they_are_given(tmp_path: Path) -> None:
    """Without names, ids alone."""
    assignment = assignment_of(entry(graded("ada")))
    named = written(tmp_path, class_of(assignment, names={"ada": "Ada King"}))
    assert "Ada King" in named["students.html"]
    assert "Ada King" not in "".join(written(tmp_path, class_of(assignment)).values())


def test_rerun_replaces_the_report_and_drops_who_is_gone(tmp_path: Path) -> None:
    """The page of a student who is gone goes; only those who grade can read what is there."""
    first, second = entry(graded("ada")), entry(graded("bob"))
    assert "students/bob.html" in written(tmp_path, class_of(assignment_of(first, second)))
    assert list(reports_about(tmp_path, "bob")) == [tmp_path / "report"]
    assert "students/bob.html" not in written(tmp_path, class_of(assignment_of(first)))
    assert list(reports_about(tmp_path, "bob")) == []
    files = [path for path in (tmp_path / "report").rglob("*") if path.is_file()]
    assert {stat.S_IMODE(path.stat().st_mode) for path in files} == {0o600}
    assert [path.name for path in tmp_path.iterdir()] == ["report"]


@pytest.mark.parametrize("kind", ["folder", "link", "file"])
def test_what_we_did_not_make_is_never_replaced(tmp_path: Path, kind: str) -> None:
    """A folder, a link or a file in the report's place stays as it is."""
    report, notes = tmp_path / "report", tmp_path / "notes"
    notes.mkdir()
    (notes / "mine.txt").write_text("mine")
    if kind == "link":
        report.symlink_to(notes)
    elif kind == "folder":
        notes.rename(report)
    else:
        report.write_text("mine")
    with pytest.raises(ReportError, match="was not made by"):
        write_class_report(tmp_path, class_of(assignment_of(entry(graded("ada")))))
    assert "mine" in (report if kind == "file" else report / "mine.txt").read_text()


def test_report_that_fails_leaves_the_one_before(tmp_path: Path) -> None:
    """Whatever breaks while it is written, the report before is still whole."""
    before = written(tmp_path, class_of(assignment_of(entry(graded("ada")))))
    with pytest.raises(FileExistsError), new_report(tmp_path) as folder:
        folder.write("report.json", b"a second time")
    assert (tmp_path / "report/index.html").read_text() == before["index.html"]
    assert [path.name for path in tmp_path.iterdir()] == ["report"]


def test_leftovers_of_killed_processes_are_cleaned_up(tmp_path: Path) -> None:
    """A report that was on its way out comes back; half of a new one is deleted."""
    data = class_of(assignment_of(entry(graded("ada"))))
    write_class_report(tmp_path, data)
    dead = 2**22 + 1  # larger than any process id
    (tmp_path / "report").rename(tmp_path / f".report.{dead}.old")
    assert list(reports_about(tmp_path, "ada")) == [tmp_path / f".report.{dead}.old"]
    with pytest.raises(ZeroDivisionError), new_report(tmp_path):
        raise ZeroDivisionError
    assert [path.name for path in tmp_path.iterdir()] == ["report"]
    (tmp_path / "report").rename(tmp_path / f".report.{dead}.partial")
    write_class_report(tmp_path, data)
    assert [path.name for path in tmp_path.iterdir()] == ["report"]


def test_class_without_grades_is_refused(tmp_path: Path) -> None:
    """Nothing is written, and the message says what to do."""
    with pytest.raises(ReportError) as refused:
        write_class_report(tmp_path, class_of(assignment_of(missing("ada"))))
    assert "autograder grade" in refused.value.tip
    assert list(tmp_path.iterdir()) == []


def test_every_page_says_when_and_from_which_grades_it_was_made(tmp_path: Path) -> None:
    """The moment, the number of Grades and their fingerprint."""
    for html in written(tmp_path, class_of(assignment_of(entry(graded("ada"))))).values():
        words = Page(html).words
        assert "Made 2027-03-01 12:00 UTC from 1 Grade of 01-first-training" in words
        assert "0123456789ab" in words


def test_library_in_the_site_is_the_one_that_is_named(tmp_path: Path) -> None:
    """The vendored file has the digest in VENDORED.md, and its license comes with it."""
    write_class_report(tmp_path, class_of(assignment_of(entry(graded("ada")))))
    library = (tmp_path / "report/site/dataTables.min.js").read_bytes()
    noted = resources.files(autograder.outputs.class_report) / "site" / "VENDORED.md"
    assert hashlib.sha256(library).hexdigest() in noted.read_text()
    assert "MIT" in (tmp_path / "report/site/dataTables.LICENSE.txt").read_text()


def test_own_report_is_linked_if_there_is_one(tmp_path: Path) -> None:
    """A student's page leads to the report in feedback/, whatever characters the id has."""
    student = "ada #1%"
    own = tmp_path / "feedback" / student / NAME / f"{NAME}.html"
    own.parent.mkdir(parents=True)
    own.write_text("a report")
    pages = written(tmp_path, class_of(assignment_of(entry(graded(student)), entry(graded("bob")))))
    links = [a["href"] for a in Page(pages[f"students/{slug(student)}.html"]).attributes("a")]
    assert f"../../feedback/ada%20%231%25/{NAME}/{NAME}.html" in links
    assert "feedback" not in pages["students/bob.html"]


def test_comments_that_fit_stand_with_their_command(tmp_path: Path) -> None:
    """A misconception and a student's page have what inserts them; an id stays one argument."""
    maker = EntryMaker({"copy": ReusableComment(key="copy", text="x", phrase="on a copy")})
    students = ("ada", "; rm -rf ~", "bob\u202e")
    grades = [graded(student, failed(hint="Not on a copy.")) for student in students]
    entries = [maker.entry(grade, mark_of(grade, None), None) for grade in grades]
    pages = written(tmp_path, class_of(assignment_of(*entries)))
    command = f"autograder comments add copy {NAME}"
    page = pages[f"checks/{NAME}/loss_goes_down.html"]
    assert f"<code>{command}</code>" in page
    added = {
        line for html in pages.values() for line in re.findall(r"<code>(.*add.*)</code>", html)
    }
    assert added == {command, f"{command} ada", f"{command} &#39;; rm -rf ~&#39;"}


def test_solution_from_each_start_is_compared_by_its_median() -> None:
    """Students start from weights of their own, so the class is compared with the middle."""
    entries = {}
    for student, start in (("ada", 1.0), ("bob", 0.8), ("eve", 0.2)):
        summary = TrainingSummary(reference_loss=(start, 0.1), reference_epochs=(0, 20))
        entries[student] = entry(graded(student).model_copy(update={"training": summary}))
    middle = reference_curve(entries)
    assert middle is not None
    assert middle.losses[0] == 0.8
    assert middle.losses[-1] == pytest.approx(0.1)
    assert (middle.epochs[0], middle.epochs[-1]) == (0, 20)
    assert reference_curve({"ada": entry(graded("ada"))}) is None
