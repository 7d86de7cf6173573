"""nbgrader for everybody on the hub, with the exchange on disk: see docs/hub.md."""

c = get_config()  # noqa: F821 - nbgrader defines it

c.CourseDirectory.course_id = "why-training-changes-weights"
c.Exchange.root = "/srv/exchange"

# Training takes longer than nbgrader's default of 30 seconds a cell.
c.ExecutePreprocessor.timeout = 600
