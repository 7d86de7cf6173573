"""nbgrader's settings for this course: its folders, and an even-handed stock autograder."""

import os

c = get_config()  # noqa: F821 - nbgrader defines it

c.CourseDirectory.course_id = "why-training-changes-weights"
c.CourseDirectory.source_directory = "solutions"
c.CourseDirectory.release_directory = "assignments"
# What stands beside a source version and is not for students.
c.CourseDirectory.ignore = [
    ".ipynb_checkpoints",
    "__pycache__",
    "*.pyc",
    "held_out.*",
    "calibration.*",
    "make_*.py",
]

# Training takes longer than nbgrader's default of 30 seconds a cell.
c.ExecutePreprocessor.timeout = 600

# nbgrader gives 0 to a graded cell that writes to stderr, and TensorFlow's C++ logs write there.
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
# The same arithmetic as `autograder grade`.
os.environ["TF_ENABLE_ONEDNN_OPTS"] = "0"
