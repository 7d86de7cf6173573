"""The documented names of what nbgrader uses of ours, for `nbgrader_config.py`.

c.Autograde.exporter_class = "autograder.drop_in.GradeInSandbox"
c.AssignLatePenalties.plugin_class = "autograder.drop_in.LatePolicy"
c.ExportApp.plugin_class = "autograder.drop_in.MarksAsCsv"
"""

from __future__ import annotations

from autograder.grading.nbgrader_export import MarksAsCsv
from autograder.grading.nbgrader_exporter import SandboxExporter as GradeInSandbox
from autograder.outputs import CourseLatePolicy as LatePolicy

__all__ = ["GradeInSandbox", "LatePolicy", "MarksAsCsv"]
