"""Answers that are alike are found and held against chance; nothing else is concluded."""

from __future__ import annotations

import csv
import itertools
import math
import stat
from collections.abc import Mapping
from pathlib import Path

import pytest
from courses import NAME
from grades import HOSTILE_TEXT, LOSS_CURVE, make_grade, make_verdict

from autograder.grading import GradeStore
from autograder.similarity import (
    UNRELATED,
    Answer,
    BaseRate,
    Similarity,
    base_rate,
    compare_answers,
    write_site,
)
from autograder.similarity.fingerprints import all_runs, fingerprints
from autograder.similarity.matching import Overlap
from autograder.similarity.regions import side_by_side
from autograder.similarity.signs import same_figures
from autograder.similarity.tokens import MAX_TOKENS, tokenize
from autograder.submissions import Cell
from tools import ROOT
from tools.similarity.unrelated_answers import text_for

LOOP = """
def largest(before, after):
    changes = []
    for old, new in zip(before, after):
        difference = np.abs(new - old)
        changes.append(float(difference.max()))
    return changes
"""
DISGUISED = """
# Tells how far it went.
def largest(a,
            b):
    found=[]  # empty at first
    for one, two in zip( a, b ):
        distance = np.abs(
            two - one,
        )
        found.append(float(distance.max()))
    return found
"""
OTHER = """
def largest(before, after):
    pairs = map(np.subtract, after, before)
    return [max(change.max(), -change.min()).item() for change in pairs]
"""


STUB = """
def largest(before, after):
    raise NotImplementedError
"""
GIVEN = all_runs(tokenize([STUB], ["largest"])).keys()


def answer(*students: str, code: str, given: tuple[str, ...] = ("largest",)) -> Answer:
    """An answer of one cell, whose digest is that of nobody else."""
    tokens = tokenize([code], given)
    return Answer(
        students=students,
        cells=(Cell(name="largest", source=code),),
        tokens=tokens,
        prints=fingerprints(tokens) - GIVEN,
        words=tokens.words,
        sha256="".join(students).ljust(64, "0"),
    )


def made_up(number: int) -> Answer:
    """An answer that shares nothing with that of another number."""
    lines = [f"model.step_{number}_{n}(fit_{number}.way_{n}, {n})" for n in range(8)]
    return answer(f"unrelated-{number}", code="\n".join(lines))


UNRELATED_ANSWERS = [made_up(number) for number in range(30)]


def compared(
    *answers: Answer, figures: Mapping[tuple[int, int], tuple[str, ...]] | None = None
) -> Similarity:
    """The comparison of some answers, with unrelated ones beside them."""
    return compare_answers(NAME, answers, UNRELATED_ANSWERS, figures or {})


def test_renamed_reformatted_and_commented_code_is_the_same() -> None:
    """Names of the student's own, layout and comments leave no mark on the fingerprints."""
    assert answer("ada", code=LOOP).prints == answer("bob", code=DISGUISED).prints


def test_another_way_to_the_same_result_is_not_alike() -> None:
    """Two right answers that differ in their ways share no more than a few runs of tokens."""
    one, other = answer("ada", code=LOOP).prints, answer("bob", code=OTHER).prints
    assert len(one & other) <= 1


def test_names_of_the_library_are_kept() -> None:
    """What a student cannot rename tells answers apart: another function is another answer."""
    assert fingerprints(tokenize([LOOP])) != fingerprints(
        tokenize([LOOP.replace("np.abs", "np.square")])
    )


@pytest.mark.parametrize(
    "source",
    ["x=1;" * 250_000, '"""' + "\\" * 500_000, "a," * 400_000 + "=1"],
    ids=["million tokens", "open string", "long target"],
)
def test_huge_code_is_read_to_a_limit(source: str) -> None:
    """A submission costs no more than its first tokens, and says that there is more."""
    tokens = tokenize([source, "late = 1"])
    assert sum(map(len, tokens.cells)) <= MAX_TOKENS
    assert tokens.cut


def test_code_that_is_no_python_is_compared_too() -> None:
    """A syntax error, which many answers have, costs an answer only the tokens around it."""
    broken = LOOP.replace("zip(before, after)", "zip(before, after")
    share = len(answer("ada", code=LOOP).prints & answer("bob", code=broken).prints)
    assert share >= len(answer("ada", code=LOOP).prints) / 2


def test_shares_are_what_plain_python_computes() -> None:
    """The matrix product is the sum of the weights that two answers share, over the shorter."""
    features = [
        frozenset(n for n in range(60) if (n * n + 7 * row) % (row + 2) == 0) for row in range(12)
    ]
    weight = {
        f: math.log2(len(features) / sum(f in own for own in features))
        for f in frozenset[int]().union(*features)
    }
    total = [sum(weight[f] for f in own) for own in features]
    known = sorted(value for value in total if value)
    middle = (known[(len(known) - 1) // 2] + known[len(known) // 2]) / 2
    matches = Overlap(features).shares(range(12))
    got = dict(zip(zip(matches.first, matches.second, strict=True), matches.value, strict=True))
    for one, other in itertools.combinations(range(12), 2):
        shared = sum(weight[f] for f in features[one] & features[other])
        low, high = sorted((total[one], total[other]))
        expected = min(1.0, shared / max(low, high / 4, middle / 2))
        assert got.get((one, other), 0.0) == pytest.approx(expected)


def test_rarity_beyond_the_corpus_is_a_bound_and_never_zero() -> None:
    """From 435 pairs nothing rarer than 1 in 435 can be known."""
    rate = BaseRate([0.1, 0.2, 0.2, 0.4], pairs=435)
    assert rate.rarity(0.5).words == "fewer than 1 in 435"
    assert rate.rarity(0.2).words == "1 in 145"
    assert rate.rarity(0.0).rate == 1
    assert rate.rarity(0.5).by_chance(499_500) == "fewer than 1,148"
    assert BaseRate([], 0).rarity(0.9).words.startswith("unknown")


def test_answers_by_one_author_are_no_unrelated_pair() -> None:
    """Who writes ten answers repeats functions; only pairs across authors count."""
    features = [frozenset({1, 2}), frozenset({1, 2}), frozenset({2, 3}), frozenset({4, 5})]
    matches = Overlap(features).shares(range(4))
    rate = base_rate(matches, ["course", "course", "", ""])
    assert rate.pairs == 5
    assert rate.largest < base_rate(matches, ["", "", "", ""]).largest == 1
    assert base_rate(matches, ["course"] * 4).pairs == 6


def test_disguised_copy_is_listed_first() -> None:
    """The pair is beyond all unrelated ones; a third answer is in no pair."""
    result = compared(
        answer("ada", code=LOOP), answer("bob", code=DISGUISED), answer("eve", code=OTHER)
    )
    first, second = result.alike[0].first, result.alike[0].second
    assert (first.students, second.students) == (("ada",), ("bob",))
    assert result.alike[0].code_rarity.words == "fewer than 1 in 435"
    assert all("eve" not in pair.first.students for pair in result.alike)


def test_one_file_of_two_students_is_told_as_the_same_file() -> None:
    """It counts once, and makes no pair of its own."""
    result = compared(answer("ada", "bob", code=LOOP), answer("eve", code=OTHER))
    assert result.same_file == (("ada", "bob"),)
    assert (result.answers, result.students, result.pairs) == (2, 3, 1)


def test_rare_words_of_a_comment_are_a_sign() -> None:
    """A comment that only two have lists their pair, although their code is not alike."""
    remark = "# the quokka jumps over gradients\n"
    result = compared(answer("ada", code=remark + LOOP), answer("bob", code=remark + OTHER))
    words = [word for word, _ in result.alike[0].shared_words]
    assert {"quokka", "jumps"} <= set(words)
    assert not result.alike[0].words_rarity.as_alike


def test_chain_of_pairs_is_no_group() -> None:
    """A group is only where each two are alike, so that nobody comes in by way of a third."""
    same = ("the grader measured the same losses",)
    answers = [made_up(number) for number in range(50, 54)]
    chain = compared(*answers, figures={(0, 1): same, (1, 2): same, (2, 3): same})
    assert chain.groups == ()
    ring = compared(*answers, figures={(0, 1): same, (1, 2): same, (0, 2): same})
    assert ring.groups == (("unrelated-50", "unrelated-51", "unrelated-52"),)


def test_same_losses_of_different_files_are_a_sign(tmp_path: Path) -> None:
    """Losses agree to the last digit; those of an older file do not count."""
    answers = [answer(student, code=LOOP) for student in ("ada", "bob", "eve")]
    store = GradeStore(tmp_path / NAME)
    verdict = make_verdict(evidence={"loss_curve": dict(LOSS_CURVE)})
    for own in answers:
        digest = own.sha256 if own.students != ("eve",) else "f" * 64
        store.write(make_grade(verdict, student=own.students[0], submission_sha256=digest))
    assert same_figures(answers, store) == {(0, 1): ("the grader measured the same losses",)}


def test_losses_that_never_move_are_no_sign(tmp_path: Path) -> None:
    """A model that was not trained has the same loss at each epoch: chance makes that often."""
    answers = [answer(student, code=LOOP) for student in ("ada", "bob")]
    store = GradeStore(tmp_path / NAME)
    verdict = make_verdict(evidence={"loss_curve": {"recomputed": [0.5] * 9, "reported": None}})
    for own in answers:
        student = own.students[0]
        store.write(make_grade(verdict, student=student, submission_sha256=own.sha256))
    assert same_figures(answers, store) == {}


def test_regions_cover_the_same_code_on_both_sides() -> None:
    """What is marked on the one side is what the other side has, under the same number."""
    views = side_by_side(answer("ada", code=LOOP), answer("bob", code=DISGUISED), set())
    marked = [[s for cell in view for s in cell.segments if s.region] for view in views]
    assert [segment.label for segment in marked[0]] == [segment.label for segment in marked[1]]
    assert "np.abs(new - old)" in marked[0][0].text
    for view, code in zip(views, (LOOP, DISGUISED), strict=True):
        assert "".join(s.text for cell in view for s in cell.segments) == code


def test_what_everybody_has_is_not_marked() -> None:
    """The runs of tokens of the release version and the solution are no region."""
    one, other = answer("ada", code=LOOP), answer("bob", code=DISGUISED)
    common = all_runs(one.tokens).keys()
    assert not [
        s for view in side_by_side(one, other, common) for c in view for s in c.segments if s.region
    ]


def write(folder: Path, result: Similarity, *, pages: int = 100) -> str:
    """Write the site; the text of all its pages."""
    write_site(folder, result, title="First training", names={}, most_pages=pages)
    return "\n".join(path.read_text("utf-8") for path in sorted(folder.glob("*.html")))


def test_hostile_code_has_no_effect_on_a_page(tmp_path: Path) -> None:
    """Markup is text, text that runs backwards is escaped, and nothing may load or run."""
    hostile = f"# {HOSTILE_TEXT}\n{LOOP}"
    text = write(tmp_path, compared(answer("<b>", code=hostile), answer("eve", code=hostile)))
    assert "default-src 'none'" in text
    for effect in ("<script", "<img", "<b>", "<svg/onload", "\u202e", "\x1b"):
        assert effect not in text
    assert "&lt;script&gt;" in text
    assert "\\u202e" in text


def test_pages_accuse_nobody(tmp_path: Path) -> None:
    """No page says how answers came to be alike; each names harmless reasons."""
    answers = [answer(f"student-{n}", code=LOOP + f"# {n}") for n in range(3)]
    figures = {(0, 1): ("fit reported the same losses",)}
    text = write(tmp_path, compared(*answers, figures=figures)).casefold()
    assert "fit reported the same losses, to the last digit" in text
    for word in ("plagiar", "copied", "copies", "cheat", "fraud", "guilty", "suspic"):
        assert word not in text
    assert text.count("harmless") == 4


def test_pages_of_an_earlier_run_are_gone(tmp_path: Path) -> None:
    """A pair that is not listed any more leaves no page behind, and all is private."""
    alike = compared(answer("ada", code=LOOP), answer("bob", code=DISGUISED))
    assert "bob" in write(tmp_path, alike)
    assert "bob" not in write(tmp_path, compared(answer("ada", code=LOOP)))
    assert {path.name for path in tmp_path.iterdir()} == {"index.html", "pairs.csv"}
    assert {stat.S_IMODE(path.stat().st_mode) for path in tmp_path.iterdir()} == {0o600}


def test_course_without_a_corpus_says_that_nothing_is_known(tmp_path: Path) -> None:
    """Without two unrelated answers there is no base rate, and no page makes one up."""
    answers = [answer("ada", code=LOOP), answer("bob", code=DISGUISED)]
    figures = {(0, 1): ("fit reported the same losses",)}
    text = write(tmp_path, compare_answers(NAME, answers, [], figures))
    assert "is unknown: the corpus has no two answers" in text
    assert "1 in 0" not in text


def test_table_has_every_listed_pair(tmp_path: Path) -> None:
    """Pairs without a page of their own are in the file, with their figures."""
    write(tmp_path, compared(answer("ada", code=LOOP), answer("bob", code=DISGUISED)), pages=0)
    with (tmp_path / "pairs.csv").open(encoding="utf-8", newline="") as file:
        (row,) = csv.DictReader(file)
    assert (row["student"], row["other_student"], row["page"]) == ("ada", "bob", "")
    assert (row["unrelated_pairs"], row["unrelated_pairs_with_code_as_alike"]) == ("435", "0")


def test_unrelated_answers_are_those_of_the_tests() -> None:
    """`tools/similarity/unrelated_answers.py` was run after the last answer was added."""
    path = ROOT / "solutions" / NAME / "grading" / "corpus" / UNRELATED
    assert path.read_text("utf-8") == text_for(NAME)
