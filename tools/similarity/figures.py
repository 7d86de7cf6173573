"""How well disguised copies are told from unrelated answers; the figures of docs/similarity.md.

python -m tools.similarity.figures [ASSIGNMENT...]

Each answer of the course's corpus that was written independently gets a disguised copy, which is
compared with it among all the others.
"""

from __future__ import annotations

import sys

from autograder.course import load_course
from autograder.similarity import Answer, AnswerReader, BaseRate, base_rate
from autograder.similarity.matching import Overlap
from tools import ROOT
from tools.similarity.disguise import disguise

_SHORT = 20
"""Answers with fewer fingerprints of their own are told apart in the table."""


def copies(reader: AnswerReader, answers: list[Answer], *, thoroughly: bool) -> dict[int, Answer]:
    """Disguised copies of answers, by the number of the original."""
    made = {}
    for number, answer in enumerate(answers):
        code = "\n\n".join(cell.source for cell in answer.cells)
        try:
            cells = disguise(code, seed=number, thoroughly=thoroughly)
        except SyntaxError:  # magics
            continue
        made[number] = reader.from_script(f"copy of {answer.students[0]}", "\n# %%\n".join(cells))
    return made


def alike(answers: list[Answer], number: int, copy: Answer) -> tuple[float, BaseRate]:
    """How alike an answer and its copy are, and how alike unrelated answers are."""
    overlap = Overlap([answer.prints for answer in [*answers, copy]])
    unrelated = overlap.shares(range(len(answers)))
    value = overlap.shares([number, len(answers)]).value
    rate = base_rate(unrelated, [answer.author for answer in answers])
    return (float(value[0]) if len(value) else 0.0), rate


def main() -> None:
    """Print a table."""
    course = load_course(ROOT)
    print("assignment          answers pairs | 99% largest | copies: median, above 99%, beyond all")
    for name in sys.argv[1:] or course.assignments:
        reader = AnswerReader(course, course.assignment(name))
        answers = reader.unrelated_answers()
        for thoroughly in (False, True):
            rows = []
            for number, copy in copies(reader, answers, thoroughly=thoroughly).items():
                value, rate = alike(answers, number, copy)
                is_short = len(answers[number].prints) < _SHORT
                rows.append((value, value > rate.quantile(0.99), value > rate.largest, is_short))
            values = sorted(row[0] for row in rows)
            long = [row for row in rows if not row[3]]
            short = [row for row in rows if row[3]]
            print(
                f"{name:20}{len(answers):4} {rate.pairs:6} | {rate.quantile(0.99):.2f} "
                f"{rate.largest:.2f} | {'thorough' if thoroughly else 'light':9}"
                f"{values[len(values) // 2]:.2f}, {sum(r[1] for r in rows)}/{len(rows)}, "
                f"{sum(r[2] for r in rows)}/{len(rows)}; "
                f"of long ones {sum(r[1] for r in long)}/{len(long)}, "
                f"of short ones {sum(r[1] for r in short)}/{len(short)}"
            )


if __name__ == "__main__":
    main()
