"""The `autograder` command, which alone prints and exits.

`app` is the whole command; `student` is the part that students have.
"""
