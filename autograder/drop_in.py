"""The documented name of the nbgrader exporter, for `nbgrader_config.py`.

c.Autograde.exporter_class = "autograder.drop_in.GradeInSandbox"
"""

from __future__ import annotations

from autograder.grading.nbgrader_exporter import SandboxExporter as GradeInSandbox

__all__ = ["GradeInSandbox"]
