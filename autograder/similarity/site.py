"""Write what was compared as a table and as pages, which need no network and no scripts."""

from __future__ import annotations

import csv
import dataclasses
import io
from collections.abc import Mapping, Sequence
from pathlib import Path

from autograder.feedback import template
from autograder.results import clean_line, escape_formula, write_atomically
from autograder.similarity.answers import Answer
from autograder.similarity.base_rate import BaseRate
from autograder.similarity.compare import AlikePair, Similarity
from autograder.similarity.regions import side_by_side

_TEMPLATES = Path(__file__).with_name("templates")
INDEX = "index.html"
TABLE = "pairs.csv"
_OURS = (INDEX, TABLE, "pair-*.html")
_COLUMNS = (
    "rank",
    "page",
    "student",
    "other_student",
    "code_alike",
    "unrelated_pairs_with_code_as_alike",
    "rare_words_bits",
    "unrelated_pairs_with_words_as_rare",
    "unrelated_pairs",
    "shared_words",
    "same_figures",
)


@dataclasses.dataclass(frozen=True)
class _Row:
    """A pair as the pages show it."""

    number: int
    page: str
    first: str
    second: str
    pair: AlikePair

    @property
    def percent(self) -> int:
        """How alike the code is."""
        return round(100 * self.pair.code)


def write_site(
    folder: Path,
    result: Similarity,
    *,
    title: str,
    names: Mapping[str, str],
    most_pages: int,
) -> Path:
    """Write the pages and the table; what an earlier run wrote there is deleted.

    Args:
        folder: Where to; made if it is missing.
        result: What was compared.
        title: The assignment's title.
        names: Students' names, to be shown beside their ids.
        most_pages: Pairs that get a page of their own.

    Returns:
        The first page.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for pattern in _OURS:
        for path in folder.glob(pattern):
            path.unlink()
    rows = [
        _Row(
            number=number,
            page=f"pair-{number:03}.html" if number <= most_pages else "",
            first=_who(pair.first, names),
            second=_who(pair.second, names),
            pair=pair,
        )
        for number, pair in enumerate(result.alike, start=1)
    ]
    _write(folder / TABLE, _table(rows))
    pages = [row for row in rows if row.page]
    for row in pages:
        first, second = side_by_side(row.pair.first, row.pair.second, result.common)
        page = template("pair.html.j2", _TEMPLATES).render(
            title=clean_line(title),
            row=row,
            sides=((row.first, "a", "b", first), (row.second, "b", "a", second)),
            result=result,
            scale=_scale(result.code),
            before=pages[row.number - 2].page if row.number > 1 else "",
            after=pages[row.number].page if row.number < len(pages) else "",
        )
        _write(folder / row.page, page)
    index = template("index.html.j2", _TEMPLATES).render(
        title=clean_line(title),
        result=result,
        rows=pages,
        more=len(rows) - len(pages),
        table=TABLE,
        groups=[[_name(student, names) for student in group] for group in result.groups],
        same_file=[[_name(student, names) for student in group] for group in result.same_file],
        scale=_scale(result.code),
    )
    _write(folder / INDEX, index)
    return folder / INDEX


def _write(path: Path, text: str) -> None:
    write_atomically(path, text.encode("utf-8", "replace"), private=True)


def _name(student: str, names: Mapping[str, str]) -> str:
    name = names.get(student, "")
    return clean_line(f"{student} ({name})" if name else student, 400)


def _who(answer: Answer, names: Mapping[str, str]) -> str:
    """Who handed in an answer: the first, and how many others the same file."""
    first, others = _name(answer.students[0], names), len(answer.students) - 1
    return f"{first}, and {others} more with the same file" if others else first


def _scale(rate: BaseRate) -> dict[str, float]:
    """Where unrelated answers end, in percent."""
    return {"usual": 100 * rate.quantile(0.99), "largest": 100 * rate.largest}


def _table(rows: Sequence[_Row]) -> str:
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(_COLUMNS)
    for row in rows:
        pair = row.pair
        cells = (
            row.number,
            row.page,
            " ".join(pair.first.students),
            " ".join(pair.second.students),
            f"{pair.code:.3f}",
            pair.code_rarity.as_alike,
            f"{pair.words:.1f}",
            pair.words_rarity.as_alike,
            pair.code_rarity.pairs,
            " ".join(word for word, _ in pair.shared_words),
            "; ".join(pair.figures),
        )
        writer.writerow(escape_formula(clean_line(str(cell), 2000)) for cell in cells)
    return text.getvalue()
