"""What a student's notebook means: what runs of it, in which order, and what people are shown."""

from __future__ import annotations

from typing import Any

import pytest

from autograder.submissions import (
    Cell,
    cells_to_run,
    decode_text,
    demonstration_names,
    display_notebook,
    place_cells,
    script_cells,
    split_script,
    untouched_cells,
    without_html,
)

STUB = "def answer(x):\n    # YOUR CODE HERE\n    raise NotImplementedError()"
MOST_CELLS = 2_000
SOLUTION = "def answer(x):\n    return 2 * x"


def cell(
    name: str, source: str, *, kind: str = "code", tags: tuple[str, ...] = (), **nbgrader: Any
) -> dict[str, Any]:
    """A notebook cell; without a name it has no nbgrader metadata."""
    metadata: dict[str, Any] = {"tags": list(tags)} if tags else {}
    if name:
        metadata["nbgrader"] = {"grade_id": name, "locked": True, **nbgrader}
    return {"cell_type": kind, "metadata": metadata, "source": source}


def course_notebook(answer: str) -> dict[str, Any]:
    """A course's notebook: imports, a helper, a demonstration, an answer, a check."""
    return {
        "cells": [
            cell("imports", "import math"),
            cell("", "# A title", kind="markdown"),
            cell("helper", "def helper():\n    return math.pi"),
            cell("demo", "shown = helper()", tags=("demo",)),
            cell("answer", answer, locked=False, solution=True),
            cell("last", "LAST = True"),
            cell("check_it", "check()", grade=True, points=1),
        ]
    }


SOURCE, RELEASE = course_notebook(SOLUTION), course_notebook(STUB)
IMPORTS, _, HELPER, DEMO, ANSWER, LAST, CHECK = RELEASE["cells"]
WRITTEN = {**ANSWER, "source": "def answer(x):\n    return x + x"}


def handed_in(*cells: dict[str, Any]) -> list[Cell]:
    """What runs of a notebook with these cells."""
    return list(cells_to_run(place_cells({"cells": cells}, SOURCE, RELEASE), SOURCE))


def sources(*cells: dict[str, Any]) -> list[str]:
    """The sources of what runs."""
    return [one.source for one in handed_in(*cells)]


def untouched(*cells: dict[str, Any]) -> set[str]:
    """The solution cells that count as untouched."""
    return set(untouched_cells(place_cells({"cells": cells}, SOURCE, RELEASE), RELEASE))


def without_metadata(original: dict[str, Any]) -> dict[str, Any]:
    """The same cell as other editors save it."""
    return {**original, "metadata": {}}


def test_whole_notebook_runs_without_demonstrations_and_checks() -> None:
    """Locked cells and answers run; what only shows or checks does not."""
    names = [one.name for one in handed_in(IMPORTS, HELPER, DEMO, WRITTEN, LAST, CHECK)]
    assert names == ["imports", "helper", "answer", "last"]


def test_cells_in_another_order_run_in_the_students_order() -> None:
    """The student's kernel ran them from top to bottom, so grading does too."""
    order = [one.name for one in handed_in(LAST, IMPORTS, WRITTEN, HELPER)]
    assert order == ["last", "imports", "answer", "helper"]


def test_edited_locked_cell_runs_as_it_was() -> None:
    """A locked cell's source is put back."""
    edited = {**HELPER, "source": "def helper():\n    return 3"}
    assert HELPER["source"] in sources(IMPORTS, edited, WRITTEN)
    assert edited["source"] not in sources(IMPORTS, edited, WRITTEN)


def test_imports_added_to_a_locked_cell_run_too() -> None:
    """Who adds an import to the locked imports cell has it."""
    edited = {**IMPORTS, "source": "import math\nimport json\nfrom os import (\n    path,\n)"}
    assert sources(edited)[:2] == ["import math", "\nimport json\nfrom os import (\n    path,\n)"]


def test_answer_in_a_cell_that_is_not_an_answer_runs() -> None:
    """Functions, classes, imports and constants do; what shows or checks still does not."""
    own = "import json\n\n@staticmethod\ndef answer(x):\n    return 2 * x\n\nRATE = 0.1"
    for given in (CHECK, DEMO):
        edited = {**given, "source": f"%matplotlib inline\n{given['source']}\n{own}\nanswer(3)"}
        assert sources(IMPORTS, ANSWER, edited)[-1].strip("\n") == own
        assert untouched(IMPORTS, ANSWER, edited) == set()
    assert "check()" not in "".join(sources(IMPORTS, ANSWER, edited))


@pytest.mark.parametrize(
    "text",
    ["X = {[]: 1}", "X = {{}}", "X = 1_000 ** 9", "def deep():\n    return " + "-" * 900 + "1"],
    ids=["list as key", "set of a dict", "no literal", "deep"],
)
def test_odd_definitions_do_no_harm(text: str) -> None:
    """Whatever stands in a locked cell, the rest of the notebook is read."""
    edited = {**CHECK, "source": f"{CHECK['source']}\n{text}"}
    assert SOLUTION in sources(IMPORTS, {**ANSWER, "source": SOLUTION}, edited)


def test_added_definitions_are_found_by_pythons_own_lines() -> None:
    """Form feeds and line separators of Unicode end no line of code."""
    text = "a = '\u2028'\n\x0cimport json  # x\x0cy\r\ndef own():\n    return json"
    added = sources({**IMPORTS, "source": f"import math\n{text}"})[1]
    assert added.split("\n")[1:] == text.replace("\r\n", "\n").split("\n")


def test_given_names_stay_as_they_were_given() -> None:
    """Neither a check's cell nor another locked one changes what the assignment defines."""
    for given in (CHECK, IMPORTS):
        edited = {**given, "source": f"{given['source']}\nLAST = 3\ndef helper():\n    return 3"}
        assert sources(HELPER, LAST, edited)[-1] in {"import math", LAST["source"]}


def test_definitions_in_a_check_are_shown() -> None:
    """People see what earned the points."""
    edited = {**CHECK, "source": f"{CHECK['source']}\n{SOLUTION}"}
    placed = place_cells({"cells": [IMPORTS, ANSWER, edited]}, SOURCE, RELEASE)
    notebook, notices = display_notebook(placed, SOURCE, RELEASE)
    check, own = notebook["cells"][-2:]
    assert (check, own["source"], own["metadata"]) == (CHECK, SOLUTION, {})
    assert any("added to the locked cell check_it were used" in n for n in notices)


@pytest.mark.parametrize(
    ("left", "expected"),
    [
        ((HELPER, WRITTEN, LAST), ["imports", "helper", "answer", "last"]),
        ((IMPORTS, WRITTEN, LAST), ["imports", "helper", "answer", "last"]),
        ((IMPORTS, HELPER, WRITTEN), ["imports", "helper", "answer", "last"]),
        ((WRITTEN,), ["imports", "helper", "answer", "last"]),
        ((), ["imports", "helper", "last"]),
    ],
)
def test_lost_locked_cell_runs_where_the_source_version_has_it(
    left: tuple[dict[str, Any], ...], expected: list[str]
) -> None:
    """Deleting a locked cell changes nothing."""
    assert [one.name for one in handed_in(*left)] == expected


def test_copied_locked_cell_runs_once() -> None:
    """A copy of a locked cell keeps its metadata, and does nothing."""
    assert [one.name for one in handed_in(IMPORTS, HELPER, HELPER, WRITTEN)].count("helper") == 1


def test_all_parts_of_a_split_cell_run_in_order() -> None:
    """JupyterLab gives both halves of a split cell its metadata."""
    halves = [{**ANSWER, "source": "FACTOR = 2"}, {**ANSWER, "source": SOLUTION}]
    assert sources(IMPORTS, *halves)[-3:-1] == ["FACTOR = 2", SOLUTION]
    assert untouched(IMPORTS, *halves) == set()


def test_emptied_cell_leaves_it_to_the_others() -> None:
    """Its function may be defined above, in ways that cannot be seen before it runs."""
    emptied = {**ANSWER, "source": "# see above"}
    for above in ("one, answer = 1, abs", "globals().update(answer=abs)", "%run answers.py"):
        assert untouched(IMPORTS, cell("", above), emptied) == set()


def test_empty_part_does_not_count() -> None:
    """A comment beside an answer is no answer, and beside a stub it leaves the stub untouched."""
    comment = {**ANSWER, "source": "# nothing here"}
    assert untouched(WRITTEN, comment) == set()
    assert untouched(ANSWER, comment) == {"answer"}


def test_answer_in_a_new_cell_below_the_stub_counts() -> None:
    """What is defined later is what the kernel has."""
    own = cell("", SOLUTION)
    assert untouched(IMPORTS, ANSWER, own) == set()
    assert sources(IMPORTS, ANSWER, own)[-1] == SOLUTION


def test_answer_in_a_new_cell_above_the_stub_is_overwritten() -> None:
    """The stub below defines the name again, in the kernel as in grading."""
    assert untouched(IMPORTS, cell("", SOLUTION), ANSWER) == {"answer"}


@pytest.mark.parametrize(
    "definition",
    [
        "answer = helper",
        "from mine import answer",
        "class answer: ...",
        "%time\ndef answer(x): ...",
    ],
)
def test_every_way_to_define_a_name_answers_a_stub(definition: str) -> None:
    """A function can be assigned, imported, or stand beside a magic."""
    assert untouched(ANSWER, cell("", definition)) == set()


def test_lost_metadata_is_found_again_by_the_text() -> None:
    """Colab and others drop nbgrader's metadata; a released cell is known by its text."""
    cells = [without_metadata(c) for c in (IMPORTS, HELPER, DEMO, WRITTEN, LAST, CHECK)]
    names = [one.name for one in handed_in(*cells)]
    assert names == ["imports", "helper", "number 4", "last"]


def test_lost_metadata_of_a_stub_is_found_again_too() -> None:
    """A stub without metadata is still the stub."""
    assert untouched(without_metadata(ANSWER)) == {"answer"}


def test_answers_without_metadata_run_after_the_imports() -> None:
    """An annotation such as `model: keras.Model` needs the imports before it."""
    ran = sources(cell("", SOLUTION))
    assert ran.index("import math") < ran.index(SOLUTION)


def test_script_stands_in_the_place_of_the_answers() -> None:
    """It finds what all locked cells define that do not need an answer."""
    script = "# %%\nimport json\n#%%\nFIRST = 1\n# In[2]:\n\nSECOND = 2\n# +\nTHIRD = 3"
    cells = list(script_cells(script, SOURCE))
    assert [one.name for one in cells] == ["imports", "helper", "last", *["script"] * 4]
    last = cells[-1]
    assert last.first_line + last.source.splitlines().index("THIRD = 3") == 9


def test_script_of_many_marks_takes_little_memory() -> None:
    """It has at most as many cells as a notebook may have, and none repeats what precedes it."""
    script = "# %%\n" * 100_000
    cells = list(split_script(script))
    assert len(cells) == MOST_CELLS
    assert "".join(cell.source for cell in cells) == script


@pytest.mark.parametrize(
    "data",
    [
        "größe = 1".encode(),
        "größe = 1".encode("utf-8-sig"),
        "größe = 1".encode("utf-16"),
        "# -*- coding: latin-1 -*-\ngröße = 1".encode("latin-1"),
        "größe = 1".encode("cp1252"),
    ],
)
def test_text_in_usual_encodings_is_read(data: bytes) -> None:
    """UTF-8, UTF-16, declared encodings, and what Windows editors write."""
    assert decode_text(data).splitlines()[-1] == "größe = 1"


def test_shown_notebook_has_each_graded_cell_once_with_all_parts() -> None:
    """Each of nbgrader's cells is unique in its pages; a split answer stands in one."""
    halves = [{**ANSWER, "source": "FACTOR = 2"}, {**ANSWER, "source": SOLUTION}]
    placed = place_cells({"cells": [IMPORTS, *halves, cell("", "own = 1")]}, SOURCE, RELEASE)
    shown, notices = display_notebook(placed, SOURCE, RELEASE)
    names = [c["metadata"].get("nbgrader", {}).get("grade_id") for c in shown["cells"]]
    assert names == ["imports", None, "helper", "demo", "answer", None, "last", "check_it"]
    assert shown["cells"][4]["source"] == f"FACTOR = 2\n\n{SOLUTION}"
    assert notices == ()


def test_students_pictures_stay_and_their_html_does_nothing() -> None:
    """Attachments are kept, so that formgrader opens; tags become text, so that none acts there."""
    picture = {"image.png": {"image/png": "aGk=", "text/html": "<b>"}}
    own = {
        **cell("", "<script>x</script> 1 < 2 ![](attachment:image.png)", kind="markdown"),
        "attachments": picture,
    }
    placed = place_cells({"cells": [IMPORTS, own]}, SOURCE, RELEASE)
    shown = display_notebook(placed, SOURCE, RELEASE)[0]["cells"][1]
    assert shown["source"] == "&lt;script>x&lt;/script> 1 < 2 ![](attachment:image.png)"
    assert shown["attachments"] == {"image.png": {"image/png": "aGk="}}


def test_tag_in_code_cannot_hide_from_the_escape() -> None:
    """Tags are escaped in code too: where code ends is the renderer's guess, not ours."""
    assert "<img" not in without_html("```\n` <img src=x onerror=alert(1)>")


@pytest.mark.parametrize(
    "target",
    [
        "javascript:alert(1)",
        "JavaScript:alert(1)",
        "<javascript:alert(1)>",
        " &#106;avascript:alert(1)",
        "java&Tab;script:alert(1)",
        "javascript\\:alert(1)",
        "vbscript:x",
        "data:text/html,x",
    ],
)
def test_link_that_acts_leads_nowhere(target: str) -> None:
    """Links to scripts lose their target, inline and in a definition."""
    inline, definition = f"[click]({target})", f"[click]\n\n[click]: {target}\n"
    assert "alert" not in without_html(inline).replace("(1)", "")
    assert without_html(inline).startswith(("[click](#", "[click](<#", "[click]( #"))
    assert "\n[click]: " in without_html(definition)
    assert "script:" not in without_html(definition)


@pytest.mark.parametrize(
    "target", ["https://keras.io", "mailto:a@b.example", "#part", "page.html", "attachment:i.png"]
)
def test_link_to_a_page_stays(target: str) -> None:
    """The control: what only leads somewhere is left as it is."""
    assert without_html(f"[text]({target})") == f"[text]({target})"


def test_names_of_demonstrations_are_those_that_nothing_else_defined() -> None:
    """A kernel that ran the demonstration has its names; grading does not."""
    ran = [IMPORTS["source"], DEMO["source"], SOLUTION]
    assert demonstration_names(RELEASE, ran) == {"shown"}
    assert demonstration_names(RELEASE, [*ran, "shown = 'mine'"]) == set()
