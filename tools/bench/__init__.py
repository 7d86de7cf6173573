"""`make bench`: `autograder grade` beside other graders of the same answers."""
