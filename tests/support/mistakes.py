"""Wrong submissions of the corpora whose one mistake is in one known function."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path

from autograder.authoring.corpus import Corpus, Entry
from autograder.submissions import Notebook, grade_id, is_solution, read_notebook, source_of


def one_mistake_entries(corpus: Corpus) -> Iterator[tuple[Entry, str]]:
    """The corpus' wrong submissions in which a single function is answered as in no right one.

    The functions that most wrong submissions share are right too: each has one mistake.

    Args:
        corpus: An assignment's corpus.

    Yields:
        The submission, and its wrong function.
    """
    wrong = {entry.name: _answers(entry.path) for entry in corpus.wrong}
    right = [_answers(entry.path) for entry in corpus.right]
    for entry in corpus.wrong:
        functions = [
            name
            for name, answer in wrong[entry.name].items()
            if answer not in {answers.get(name) for answers in right}
            and answer
            != Counter(answers.get(name) for answers in wrong.values()).most_common(1)[0][0]
        ]
        if len(functions) == 1:
            yield entry, functions[0]


def _answers(path: Path) -> Mapping[str, str]:
    """A notebook's answers in code, without docstrings and layout."""
    notebook: Notebook = read_notebook(path)
    return {
        grade_id(cell): _meaning(source_of(cell))
        for cell in notebook["cells"]
        if cell["cell_type"] == "code" and is_solution(cell)
    }


def _meaning(source: str) -> str:
    try:
        tree = ast.parse(source)
    except SyntaxError:
        return source
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef) and ast.get_docstring(node) is not None:
            del node.body[0]
    return ast.dump(tree)
