"""Bring what a learning management system packed into nbgrader's layout.

`collecting.collect` does it. It is imported where it is used, since nbgrader's plugins are slow to
import.
"""
