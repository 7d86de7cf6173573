"""What is graded: one pytest file an assignment, one test a check, run in the trusted process.

A check reads a `TrainingRun`, recomputes what matters from its weights, and says what it found.
Students may read every line here; the data and the seeds are what they do not have.
"""
