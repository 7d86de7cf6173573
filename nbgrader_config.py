"""nbgrader's settings for this course: its folders, and an even-handed stock autograder."""

import os

c = get_config()  # noqa: F821 - nbgrader defines it

c.CourseDirectory.course_id = "why-training-changes-weights"
# The gradebook is gradebook.db in this folder, unless you or the environment name a database:
# c.CourseDirectory.db_url = "postgresql+psycopg://user@host/name"  # noqa: ERA001 - left to you
if database := os.environ.get("NBGRADER__CourseDirectory__db_url"):  # noqa: SIM112 - traitlets'
    c.CourseDirectory.db_url = database
c.CourseDirectory.source_directory = "solutions"
c.CourseDirectory.release_directory = "assignments"
# `grading` holds what the instructor alone has: it is never released.
c.CourseDirectory.ignore = [".ipynb_checkpoints", "__pycache__", "*.pyc", "grading"]

# Training takes longer than nbgrader's default of 30 seconds a cell.
c.ExecutePreprocessor.timeout = 600

# nbgrader gives 0 to a graded cell that writes to stderr; here `check` fails a cell by an error, so
# that warnings, progress bars and logs of what it trains cost nothing.
c.IgnorePattern.enabled = True
c.IgnorePattern.pattern = r"\s|\S"

# No C++ logs of TensorFlow's, and the same arithmetic as `autograder grade`.
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
os.environ["TF_ENABLE_ONEDNN_OPTS"] = "0"

# Late penalties by course.yml, the same as `autograder grade` writes.
c.AssignLatePenalties.plugin_class = "autograder.drop_in.LatePolicy"

# `nbgrader export` leaves a blank where there is no mark, in place of 0.0, and quotes names.
c.ExportApp.plugin_class = "autograder.drop_in.MarksAsCsv"

# The switch by which nbgrader grades in the sandbox instead of executing, see docs/adopt.md:
# c.Autograde.exporter_class = "autograder.drop_in.GradeInSandbox"  # noqa: ERA001 - left to you
