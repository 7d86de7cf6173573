"""The notebook that formgrader shows: verdicts below their cells, and nothing that could act."""

from __future__ import annotations

import base64
import copy
import html
import json
from collections.abc import Mapping
from typing import Any

import nbformat
import pytest
from grades import make_rubric_grade
from nbconvert.exporters import HTMLExporter
from nbgrader.server_extensions.formgrader import handlers
from nbgrader.utils import determine_grade
from traitlets.config import Config

from autograder.errors import CourseError
from autograder.outputs import autograded_notebook
from autograder.results import Grade, Outcome, Verdict

CHECKS = {"compiles": 1.0, "loss_goes_down": 3.0}
PNG = base64.b64encode(b"\x89PNG\r\n\x1a\n" + bytes(20)).decode()
HOSTILE = "<script>alert(1)</script>"


def graded(loss_goes_down: Outcome = Outcome.PASSED) -> Grade:
    """A Grade of two checks, the first of which passed."""
    if loss_goes_down is Outcome.PASSED:
        return make_rubric_grade(CHECKS)
    return make_rubric_grade(CHECKS, {"loss_goes_down": loss_goes_down})


def card(verdict: Verdict) -> str:
    """A verdict as HTML."""
    return f"<section>{html.escape(verdict.message)}</section>"


def line(verdict: Verdict) -> str:
    """A verdict as text."""
    return f"{verdict.name}: {verdict.message}"


def merged(*outputs: Mapping[str, Any], source: str = "model.fit(x, y)") -> dict[str, Any]:
    """A merged notebook; the outputs are those of its solution cell."""

    def code(name: str, text: str, *, points: float | None = None) -> dict[str, Any]:
        graded = points is not None
        nbgrader = {
            "grade_id": name,
            "grade": graded,
            "solution": not graded,
            "locked": graded,
            "schema_version": 3,
            "cell_type": "code",
            **({"points": points} if graded else {}),
        }
        return {
            "cell_type": "code",
            "id": name,
            "metadata": {"nbgrader": nbgrader},
            "source": text,
            "execution_count": 7,
            "outputs": list(outputs),
        }

    intro = {"cell_type": "markdown", "id": "intro", "metadata": {}, "source": "# Träining"}
    graded = [code(name, f"check({name!r})", points=points) for name, points in CHECKS.items()]
    return {
        "cells": [intro, code("train", source), *graded],
        "metadata": {"kernelspec": {"name": "python3", "display_name": "Python 3"}},
        "nbformat": 4,
        "nbformat_minor": 5,
    }


def written(notebook: Mapping[str, Any], given: Grade | None = None) -> Any:
    """What a reader of the written file gets."""
    text = autograded_notebook(notebook, given or graded(), card, line)
    return nbformat.reads(text, as_version=4)


def kept(*outputs: Mapping[str, Any]) -> list[Any]:
    """The outputs of the solution cell that are left."""
    notebook = written(merged(*outputs))
    nbformat.validate(notebook)
    left: list[Any] = notebook.cells[1].outputs
    return left


def stream(text: Any) -> dict[str, Any]:
    """What a cell printed."""
    return {"output_type": "stream", "name": "stdout", "text": text}


def display(**data: Any) -> dict[str, Any]:
    """What a cell displayed; an underscore means a slash."""
    bundle = {kind.replace("_", "/", 1): value for kind, value in data.items()}
    return {"output_type": "display_data", "data": bundle, "metadata": {"x": HOSTILE}}


def test_graded_cell_shows_its_verdict_alone() -> None:
    """A graded cell has the card and its text, and nothing that the student left there."""
    cells = written(merged(stream("forged: full marks"))).cells
    for cell, verdict in zip(cells[2:], graded().checks, strict=True):
        (output,) = cell.outputs
        assert output.output_type == "display_data"
        assert output.data == {"text/html": card(verdict), "text/plain": line(verdict)}


def test_failed_check_is_one_card() -> None:
    """Below a failed check formgrader shows the card, and no box for an exception."""
    given = graded(Outcome.FAILED)
    (output,) = written(merged(), given).cells[3].outputs
    assert output.output_type == "execute_result"
    assert output.data["text/html"] == card(given.checks[1])


@pytest.mark.parametrize("outcome", [o for o in Outcome if o is not Outcome.GRADER_ERROR])
def test_scores_that_nbgrader_determines_are_those_of_the_verdicts(outcome: Outcome) -> None:
    """From each cell nbgrader's determine_grade reads the points that the verdict gives."""
    given = graded(outcome)
    cells = written(merged(), given).cells[2:]
    assert [determine_grade(cell) for cell in cells] == [
        (verdict.points, verdict.max_points) for verdict in given.checks
    ]


def test_grader_error_has_no_error_output() -> None:
    """Our own fault is shown in words, never as the student's failure."""
    outputs = written(merged(), graded(Outcome.GRADER_ERROR)).cells[3].outputs
    assert [output.output_type for output in outputs] == ["display_data"]


def test_graded_cell_without_a_verdict_has_no_outputs() -> None:
    """Where the grader failed before the checks, graded cells are empty."""
    given = graded(Outcome.GRADER_ERROR).model_copy(update={"checks": ()})
    assert [cell.outputs for cell in written(merged(stream("x")), given).cells[2:]] == [[], []]


def test_check_without_a_cell_is_refused() -> None:
    """A check that formgrader could not show is for the course author to fix."""
    notebook = merged()
    del notebook["cells"][3]
    with pytest.raises(CourseError, match="no graded code cell for the checks loss_goes_down"):
        written(notebook)


@pytest.mark.parametrize("kind", ["markdown", "code"])
def test_answer_that_a_person_marks_stays_as_it_is(kind: str) -> None:
    """A written answer stays valid nbformat, and a drawn one keeps its outputs."""
    notebook = merged(stream("x"))
    marked = notebook["cells"][1]
    marked["cell_type"] = kind
    marked["metadata"]["nbgrader"] |= {"grade": True, "points": 2, "cell_type": kind}
    if kind == "markdown":
        del marked["execution_count"]
    result = written(notebook)
    nbformat.validate(result)
    assert result.cells[1].source == "model.fit(x, y)"
    assert result.cells[1].get("outputs", []) == ([stream("x")] if kind == "code" else [])


def test_written_notebook_is_valid_and_counts_no_executions() -> None:
    """The file follows nbformat's schema, and no cell claims to have been run."""
    notebook = written(merged(stream("x"), display(image_png=PNG)), graded(Outcome.FAILED))
    nbformat.validate(notebook)
    assert [cell.execution_count for cell in notebook.cells[1:]] == [None] * 3


def test_written_notebook_is_readable_json() -> None:
    """Lines are indented, letters are not escaped, and the file ends in a newline."""
    text = autograded_notebook(merged(), graded(), card, line)
    assert '"source": "# Träining"\n' in text
    assert text.endswith("}\n")


def test_equal_notebooks_give_equal_text() -> None:
    """The order of keys does not matter, and the merged notebook stays as it is."""
    notebook = merged(stream(["a\n", "b"]))
    before = copy.deepcopy(notebook)
    first = autograded_notebook(notebook, graded(), card, line)
    shuffled = {key: notebook[key] for key in reversed(notebook)}
    node = nbformat.from_dict(shuffled)
    assert autograded_notebook(node, graded(), card, line) == first
    assert notebook == before


def test_printed_text_and_pictures_are_kept() -> None:
    """What a student printed and drew is shown to the person who grades."""
    result = {**display(text_plain="0.05", text_html="<b>"), "output_type": "execute_result"}
    assert kept(stream(["loss\n", "0.05"]), result, display(image_png=PNG)) == [
        stream("loss\n0.05"),
        {"output_type": "display_data", "data": {"text/plain": "0.05"}, "metadata": {}},
        {"output_type": "display_data", "data": {"image/png": PNG}, "metadata": {}},
    ]


@pytest.mark.parametrize(
    "output",
    [
        display(text_html=HOSTILE),
        {"output_type": "display_data", "data": {"image/svg+xml": f"<svg>{HOSTILE}</svg>"}},
        {"output_type": "display_data", "data": {"application/javascript": "alert(1)"}},
        display(text_markdown=HOSTILE),
        display(text_latex=HOSTILE),
        display(image_png=f'" onerror="{HOSTILE}'),
        display(image_png=base64.b64encode(HOSTILE.encode()).decode()),
        display(image_png="A" * 3_000_000),
        display(image_png=1),
        {"output_type": "error", "ename": "E", "evalue": HOSTILE, "traceback": [HOSTILE]},
        {"output_type": "stream", "name": HOSTILE, "text": "x"},
        {"output_type": HOSTILE},
        {"output_type": "display_data", "data": [HOSTILE]},
    ],
)
def test_outputs_that_could_act_are_dropped(output: Mapping[str, Any]) -> None:
    """HTML, SVG, scripts, markup, tracebacks and fake pictures do not reach formgrader."""
    text = autograded_notebook(merged(output), graded(), card, line)
    assert json.loads(text)["cells"][1]["outputs"] == []


def test_control_characters_in_outputs_are_shown_escaped() -> None:
    """Neither a terminal nor a page obeys what a student printed."""
    assert kept(stream("\x1b[31mred\x1b[0m \x1b]0;title\x07 \u202eabc"))[0].text == (
        r"red  \u202eabc"
    )


def test_progress_bar_is_shown_as_it_ended() -> None:
    """Of a line that was overwritten many times the last state is kept."""
    assert kept(stream("a\r\n1/2 ==\r2/2 ====\nb\x08"))[0].text == "a\n2/2 ====\nb"


def test_long_and_many_outputs_are_capped() -> None:
    """A student who prints without end does not fill the disk of the course."""
    outputs = kept(stream("x" * 100_000), *[stream("y")] * 100)
    assert len(outputs) == 50
    assert outputs[0].text.count("x") == 10_000
    assert "… 90,000 characters left out …" in outputs[0].text


def test_lone_surrogates_in_an_answer_can_be_written() -> None:
    """Half a character in a student's code is replaced by a question mark."""
    text = autograded_notebook(merged(source="x = '\ud800'"), graded(), card, line)
    assert "x = '?'" in json.loads(text.encode())["cells"][1]["source"]


@pytest.mark.parametrize("outcome", [Outcome.PASSED, Outcome.FAILED])
def test_formgrader_renders_the_notebook(outcome: Outcome) -> None:
    """Formgrader's own template renders verdicts and score fields, and nothing hostile."""
    config = Config()
    config.HTMLExporter.template_name = "formgrade"
    config.HTMLExporter.extra_template_basedirs = [handlers.template_path]
    hostile = display(text_html=HOSTILE, text_plain=HOSTILE)
    notebook = written(merged(hostile, stream(HOSTILE)), graded(outcome))
    resources = {"index": 0, "total": 1, "base_url": "", "submission_id": "1"}
    page, _ = HTMLExporter(config=config).from_notebook_node(notebook, resources=resources)
    for verdict in graded(outcome).checks:
        assert card(verdict) in page
        assert f'id="{verdict.name}" style' in page
    assert 'id="train-comment"' in page
    assert HOSTILE not in page
    assert page.count(html.escape(HOSTILE)) == 2
