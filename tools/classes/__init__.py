"""Classes to try the grader with."""
