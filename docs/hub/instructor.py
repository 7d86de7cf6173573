"""nbgrader for the instructor on the hub, for formgrader: see docs/hub.md."""

from pathlib import Path

c = get_config()  # noqa: F821 - nbgrader defines it

c.CourseDirectory.root = str(Path.home() / "course")
load_subconfig("nbgrader_config.py", path=c.CourseDirectory.root)  # noqa: F821 - as above
