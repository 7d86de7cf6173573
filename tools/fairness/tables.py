"""Sentences and tables of docs/fairness.md and README, from figures alone."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from autograder.authoring.calibration import CONFIDENCE, Evidence, KeptTrials, rate_at_most
from autograder.authoring.fairness import Count, Fairness, LeftOut, Margin, Unknown, pool
from tools.fairness.words import estimated, have, heading, names, one_in, percent, several

NO_RUNS = "no runs are kept yet"


@dataclasses.dataclass(frozen=True)
class Assessed:
    """What the trials of one assignment say.

    Attributes:
        assignment: Its name.
        fairness: What they say.
        calibrated: What its calibration says of unknown styles.
    """

    assignment: str
    fairness: Fairness
    calibrated: tuple[LeftOut, ...] = ()

    @property
    def has_right_runs(self) -> bool:
        """Whether any right submission was run."""
        return self.fairness.failed.runs > 0


@dataclasses.dataclass(frozen=True)
class Kit:
    """A hostile submission that makes up what it should have trained, graded once.

    Attributes:
        name: Its name in tests/hostile/corpus.
        score: Its points' share of all points.
        flags: Why a person should look at it.
    """

    name: str
    score: float
    flags: tuple[str, ...]


def read_kits(path: Path) -> list[Kit]:
    """The kits as they were graded; none if they were not."""
    rows = json.loads(path.read_text("utf-8")) if path.is_file() else []
    return [Kit(row["name"], row["score"], tuple(row["flags"])) for row in rows]


def unknown_styles(every: Sequence[Assessed]) -> str:
    """The page's first sentences."""
    sentences = [
        "**How often would a right answer lose points if nobody had thought of its style?**"
    ]
    tried = [each.fairness for each in every if each.has_right_runs]
    if tried:
        whole = pool(tried)
        unknown = whole.unknown_styles
        sentences.append(
            f"In {percent(unknown.share)} of its training runs, and with 95% confidence in less "
            f"than {percent(unknown.at_most)}: {several(whole.styles, 'style')} of right answers, "
            f"in {len(tried)} of {several(len(every), 'assignment')}, were left out in turn, "
            "thresholds were chosen without them, and their "
            f"{several(whole.failed.runs, 'run')} were graded with these. "
            f"{have(len(unknown.hit), 'of the styles lost points')} in any run. The sample is the "
            "styles, not the runs."
        )
    without = [each for each in every if not each.has_right_runs]
    if without:
        sentences.append(_calibrated(without, are_all=not tried))
    return " ".join(sentences)


def _calibrated(without: Sequence[Assessed], *, are_all: bool) -> str:
    """What is known of assignments without kept runs, from their calibrations."""
    where = "" if are_all else f" for {several(len(without), 'other assignment')}"
    missing = f"No training runs with the present checks are kept yet{where}."
    styles = [style for each in without for style in each.calibrated]
    if not styles:
        return missing
    hit = Count(sum(bool(style.surprises) for style in styles), len(styles))
    return (
        f"{missing} In the older calibrations that chose the thresholds, "
        f"{hit.events or 'none'} of {several(hit.runs, 'style')} would have lost points in some "
        f"run if left out: with 95% confidence, less than {percent(hit.at_most)} of unknown styles "
        "do."
    )


def unknown_styles_table(every: Sequence[Assessed]) -> str:
    """One row per assignment, and what was found."""
    lines = heading(
        "assignment",
        "right answers",
        "styles",
        "runs",
        "styles that would lose points",
        "share of runs",
        "less than",
    )
    for name, fairness in _rows(every):
        if fairness is None:
            lines.append(f"| {name} | 0 | 0 | 0 | {NO_RUNS} | | |")
            continue
        unknown = fairness.unknown_styles
        lines.append(
            f"| {name} | {fairness.right} | {fairness.styles} | {fairness.failed.runs:,} | "
            f"{len(unknown.hit)} | {percent(unknown.share)} | {percent(unknown.at_most)} |"
        )
    found = [
        f"- `{each.assignment}`: `{left.entries[0]}` would fail {names(left.checks)} in "
        f"{left.surprises} of {several(left.runs, 'run')}."
        for each in every
        for left in each.fairness.unknown_styles.hit
    ]
    return "\n".join([*lines, *([""] if found else []), *found])


def known_styles(every: Sequence[Assessed]) -> str:
    """How often right answers of known styles failed, counted and by their margins."""
    lines = heading(
        "assignment",
        "right runs",
        "failed",
        "by counting, less than",
        "by the margins, about",
        "by the margins, less than",
    )
    for name, fairness in _rows(every):
        if fairness is None:
            lines.append(f"| {name} | 0 | {NO_RUNS} | | | |")
            continue
        lines.append(
            f"| {name} | {fairness.failed.runs:,} | {fairness.failed.events} | "
            f"{one_in(fairness.failed.at_most)} | {_chance(fairness)} |"
        )
    return "\n".join(lines)


def tails(every: Sequence[Assessed]) -> str:
    """The styles whose tails come near, or the nearest of all."""
    near = [
        (each.assignment, margin)
        for each in every
        for margin in sorted(each.fairness.margins, key=lambda m: -m.tail.estimate)
        if margin.is_near
    ]
    if near:
        return "\n".join(["These come near:", "", *(_tail(*pair) for pair in near)])
    fitted = [
        (each.assignment, margin)
        for each in every
        for margin in each.fairness.margins
        if margin.tail.method == "tail"
    ]
    if not fitted:
        return "No style has enough runs yet for its tail to be fitted."
    nearest = max(fitted, key=lambda pair: (pair[1].tail.estimate, pair[1].tail.at_most))
    return "\n".join(["None comes near. The nearest:", "", _tail(*nearest)])


def halves(every: Sequence[Assessed]) -> str:
    """How well half of the runs foretells the other half."""
    found = pool([each.fairness for each in every]).halves
    if not found.fits:
        return (
            "A fit should foretell runs that it has not seen. There are too few runs yet to leave "
            "half of them out."
        )
    return (
        "A fit should foretell runs that it has not seen. "
        f"{several(found.fits, 'fit')} to half of a style's runs named the value that one run of "
        f"the other half should go beyond: {found.expected:,.0f} runs in all, and "
        f"{found.counted:,} did. In {percent(found.inside / found.fits)} of the fits the count lay "
        "in the interval that the fit gave, which should hold in 90% or more."
    )


def wrong(every: Sequence[Assessed]) -> str:
    """What wrong answers get past, also those that nobody thought of."""
    lines = heading(
        "assignment",
        "misconceptions",
        "runs",
        "passed a check that they must fail",
        "less than",
        "would pass if unknown",
        "share of runs",
        "less than",
    )
    for name, fairness in _rows(every, wrong_ones=True):
        if fairness is None:
            lines.append(f"| {name} | 0 | 0 | {NO_RUNS} | | | | |")
            continue
        unknown = fairness.unknown_misconceptions
        lines.append(
            f"| {name} | {len(fairness.wrong)} | {fairness.passed.runs:,} | "
            f"{fairness.passed.events} | {one_in(Unknown(fairness.wrong).at_most)} | "
            f"{len(unknown.hit)} | {percent(unknown.share)} | {percent(unknown.at_most)} |"
        )
    found = [
        f"- `{each.assignment}`: `{left.entries[0]}` {verb} {names(left.checks)} in "
        f"{left.surprises} of {several(left.runs, 'run')}{end}."
        for each in every
        for verb, end, rows in (
            ("passed", "", each.fairness.wrong),
            ("would pass", " if it were unknown", each.fairness.unknown_misconceptions.left_out),
        )
        for left in rows
        if left.surprises
    ]
    return "\n".join([*lines, *([""] if found else []), *found])


def flags(every: Sequence[Assessed], kits: Sequence[Kit]) -> str:
    """Who is flagged for a person: right runs, and kits that forge."""
    flagged = pool([each.fairness for each in every]).flagged
    sentences = ["No right runs are kept yet."]
    if flagged.runs:
        were = "was" if flagged.events == 1 else "were"
        runs = several(flagged.runs, "right run")
        sentences = [f"Of {runs}, {flagged.events} {were} flagged: {_bound(flagged)}."]
    if kits:
        earning = [kit for kit in kits if kit.score >= 0.8]
        caught = [kit for kit in earning if kit.flags]
        sentences.append(
            f"Of {several(len(kits), 'hostile submission')} that make up weights, histories or "
            f"whole replies, {len(earning)} {'earns' if len(earning) == 1 else 'earn'} 80% of the "
            f"points or more, and {len(caught)} of these "
            f"{'is' if len(caught) == 1 else 'are'} flagged"
            + (f": {names([kit.name for kit in caught])}." if caught else ".")
        )
    return " ".join(sentences)


def age(kept: Mapping[str, KeptTrials]) -> str:
    """Which kept runs are older than what decides a verdict today."""
    older = {name: (each.older(), each.trials().entries) for name, each in kept.items()}
    if not any(old or current for old, current in older.values()):
        return "No runs are kept yet: the tables above are of version 0.1.0."
    lines = [
        f"- `{name}`: the runs of {len(old)} of {len(old) + len(current)} submissions are older "
        "than its checks, its data or the submission."
        for name, (old, current) in older.items()
        if old
    ]
    return "\n".join(lines) or "All kept runs are of today's checks, data and submissions."


def pictures(every: Sequence[Assessed]) -> str:
    """The margins of the first assignment that has some, and links to those of the others."""
    drawn = [each.assignment for each in every if each.fairness.margins]
    if not drawn:
        return "Pictures are drawn as soon as there are runs."
    links = [f"[{name}](images/{picture_name(name)})" for name in drawn]
    return (
        f"![Right runs, their fitted tails and wrong runs at each threshold of {drawn[0]}]"
        f"(images/{picture_name(drawn[0])})"
        + (f"\n\nThe same of: {', '.join(links[1:])}." if links[1:] else "")
    )


def picture_name(assignment: str) -> str:
    """The file's name of an assignment's picture, in docs/images."""
    return f"margins-{assignment}.png"


def calibration_rows(found: Sequence[Evidence]) -> Iterator[str]:
    """The calibration that chose the thresholds: one row per assignment, and one for all."""
    yield from heading(
        "assignment",
        "right submissions",
        "right runs",
        "failed",
        "less than",
        "wrong submissions",
        "wrong runs",
        "wrong checks passed",
    )
    for e in found:
        yield (
            f"| `{e.assignment}` | {e.right_styles} | {e.right_runs:,} | {e.false_fails} | "
            f"{one_in(e.false_fail_at_most)} | {e.wrong_styles} | {e.wrong_runs} | "
            f"{e.false_passes} |"
        )
    yield (
        f"| all | {sum(e.right_styles for e in found)} | {sum(e.right_runs for e in found):,} | "
        f"{sum(e.false_fails for e in found)} | {one_in(pooled(found))} | "
        f"{sum(e.wrong_styles for e in found)} | {sum(e.wrong_runs for e in found)} | "
        f"{sum(e.false_passes for e in found)} |"
    )


def pooled(found: Sequence[Evidence]) -> float:
    """Bound on the rate of false fails over all calibrations, each run counted once."""
    fails, runs = sum(e.false_fails for e in found), sum(e.right_runs for e in found)
    return rate_at_most(fails, runs, CONFIDENCE)


def threshold_rows(found: Sequence[Evidence]) -> Iterator[str]:
    """One row per threshold, with the nearest right and wrong value."""
    yield from heading("assignment", "threshold", "passes", "worst right run", "best wrong run")
    for e in found:
        for name, one in e.thresholds.items():
            side = "at least" if one.direction == "at_least" else "at most"
            yield (
                f"| `{e.assignment}` | `{name}` | {side} {one.chosen:.4g} | "
                f"{one.weakest_right:.3g} | {one.nearest_wrong:.4g} |"
            )


def readme(every: Sequence[Assessed]) -> str:
    """README's sentences on right answers."""
    failed = pool([each.fairness for each in every]).failed
    sentences = [unknown_styles(every)]
    if failed.runs:
        sentences.append(
            f"Of the {several(failed.runs, 'run')} of known styles {failed.events} failed: "
            f"{_bound(failed)}."
        )
    return " ".join(sentences)


def readme_limits(every: Sequence[Assessed]) -> str:
    """README's list of what the runs do not say yet."""
    without = [each.assignment for each in every if not each.has_right_runs]
    weakest = [each for each in every if each.has_right_runs]
    lines = []
    if without:
        lines.append(
            f"- No runs with the present checks are kept yet of {names(without)} "
            "([docs/fairness.md](docs/fairness.md))."
        )
    if weakest:
        worst = max(weakest, key=lambda each: each.fairness.failed.at_most)
        lines.append(
            "- For one assignment by itself, few runs bound only weakly how often a right answer "
            f"of a known style fails: for `{worst.assignment}`, {_bound(worst.fairness.failed)}."
        )
    return "\n".join(lines)


def _rows(
    every: Sequence[Assessed], *, wrong_ones: bool = False
) -> Iterator[tuple[str, Fairness | None]]:
    """Each assignment's row, without figures if it has no runs; and one for all."""
    with_runs = []
    for each in every:
        runs = each.fairness.passed.runs if wrong_ones else each.fairness.failed.runs
        if runs:
            with_runs.append(each.fairness)
        yield f"`{each.assignment}`", each.fairness if runs else None
    if len(with_runs) > 1:
        yield "all", pool(with_runs)


def _chance(fairness: Fairness) -> str:
    """Two cells: the chance by the margins, where every style has enough runs for its tail."""
    tails = [margin.tail for margin in fairness.margins if margin.tail.method == "tail"]
    if not tails:
        return "too few runs | "
    chance = fairness.chance
    return f"{estimated(chance.estimate)} | {one_in(chance.at_most)}"


def _tail(assignment: str, margin: Margin) -> str:
    tail = margin.tail
    how = (
        f"by its tail of {tail.beyond} runs" if tail.method == "tail" else f"counted, {tail.reason}"
    )
    return (
        f"- `{assignment}`: `{margin.entries[0]}` misses `{margin.measure.threshold}` in "
        f"`{margin.measure.check}` with a chance of {estimated(tail.estimate)}, less than "
        f"{one_in(tail.at_most)} ({how}; {tail.missed} of {several(tail.runs, 'run')} did)."
    )


def _bound(count: Count) -> str:
    return f"fewer than {one_in(count.at_most)}, with 95% confidence"
