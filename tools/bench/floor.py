"""The floor: a class's trainings by plain Keras in one process that is warm already, ungraded.

python tools/bench/floor.py FOLDER ASSIGNMENT

Prints as JSON the computing time, the wall time and the memory of the trainings alone: neither
TensorFlow's import nor a first training, which warms the process, counts.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from pathlib import Path

from autograder.course import Assignment, Course, load_course
from autograder.exercises import configure_tensorflow, load_exercise
from autograder.exercises.cells import notebook_namespace, run_cells
from autograder.exercises.student import Student
from autograder.submissions import (
    Submission,
    SubmittedFile,
    find_submissions,
    read_notebook,
    read_submission,
)


def train(course: Course, assignment: Assignment, submission: Submission) -> None:
    """Run the cells and call the functions, as the sandbox does, with the practice seeds."""
    exercise = load_exercise(course.folder(assignment.name))
    given, _ = exercise.prepare(course.practice_seeds, None)
    namespace = notebook_namespace()
    run_cells(submission.cells, namespace)
    exercise.perform(Student(namespace), given)


def main() -> None:
    """Train the course's own solution, then the class."""
    folder, name = Path(sys.argv[1]), sys.argv[2]
    course = load_course(folder)
    assignment = course.assignment(name)
    source = read_notebook(course.source_notebook(name))
    release = read_notebook(course.release_notebook(name))
    sys.path.insert(0, str(course.folder(name).path))  # what notebooks import
    configure_tensorflow()
    solution = SubmittedFile("solution", course.source_notebook(name))
    train(course, assignment, read_submission(solution, source, release))
    files = find_submissions(folder / "submitted", name)
    submissions = [read_submission(file, source, release) for file in files]
    cpu, wall = time.process_time(), time.perf_counter()
    for submission in submissions:
        train(course, assignment, submission)
    result = {
        "cpu": time.process_time() - cpu,
        "wall": time.perf_counter() - wall,
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }
    sys.stderr.flush()
    (folder / "floor.json").write_text(json.dumps(result))


if __name__ == "__main__":
    main()
