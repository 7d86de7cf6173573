"""The `autograder` command: it alone prints and exits.

`app` is the whole command, `student` what students have of it.
"""
