"""A late-submission plugin of nbgrader's that a course has configured, which decides then."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator
from pathlib import Path

import nbformat
from nbgrader.plugins import LateSubmissionPlugin
from nbgrader.preprocessors import AssignLatePenalties
from traitlets.config import Config
from traitlets.utils.importstring import import_item

from autograder.errors import GradebookError
from autograder.outputs.gradebook.address import database_url
from autograder.outputs.gradebook.location import nbgrader_config

OURS = "autograder.drop_in.LatePolicy"
"""The documented name of our plugin."""


class NbgraderPlugin:
    """A course's own late-submission plugin, which nbgrader's preprocessor runs.

    Args:
        name: Its name, for messages.
        config: nbgrader's settings.
    """

    def __init__(self, name: str, config: Config) -> None:
        self.name = name
        self._preprocessor = AssignLatePenalties(config=config)

    def assign(self, database: Path | str, student: str, assignment: str) -> None:
        """Let nbgrader set or reset the penalty of one submission.

        Raises:
            GradebookError: If the plugin fails.
        """
        names = {
            "notebook": assignment,
            "assignment": assignment,
            "student": student,
            "db_url": database_url(database).render_as_string(hide_password=False),
        }
        try:
            self._preprocessor.preprocess(nbformat.v4.new_notebook(), {"nbgrader": names})
        except Exception as error:
            raise GradebookError(
                f"{student}/{assignment}: the late-submission plugin {self.name} failed "
                f"({type(error).__name__}: {error}).",
                "Fix it, or take c.AssignLatePenalties.plugin_class out of nbgrader_config.py.",
            ) from error


def nbgrader_plugin(root: Path) -> NbgraderPlugin | None:
    """The late-submission plugin that nbgrader is configured with, unless it is ours.

    Args:
        root: The course folder.

    Raises:
        GradebookError: If nbgrader's settings cannot be read, or name a plugin that does not exist.
    """
    config = nbgrader_config(root)
    chosen = config.get("AssignLatePenalties", {}).get("plugin_class")
    if chosen is None and not config.get(LateSubmissionPlugin.__name__):
        return None
    chosen = LateSubmissionPlugin if chosen is None else chosen
    name = chosen if isinstance(chosen, str) else f"{chosen.__module__}.{chosen.__qualname__}"
    if name == OURS or getattr(chosen, "is_course_policy", False):
        return None
    try:
        with _importable(root):
            if isinstance(chosen, str):
                import_item(chosen)
            return NbgraderPlugin(name, config)
    except Exception as error:
        raise GradebookError(
            f"nbgrader_config.py names the late-submission plugin {name}, which cannot be used "
            f"({type(error).__name__}: {error}).",
            f"Correct c.AssignLatePenalties.plugin_class, or let course.yml decide: {OURS}.",
        ) from error


@contextlib.contextmanager
def _importable(root: Path) -> Iterator[None]:
    """Let a plugin be a module in the course folder, as for nbgrader, which runs there."""
    sys.path.insert(0, str(root))
    try:
        yield
    finally:
        with contextlib.suppress(ValueError):
            sys.path.remove(str(root))
