"""nbgrader for everybody on the hub, with ngshare as the exchange: see docs/hub.md."""

from ngshare_exchange import configureExchange

c = get_config()  # noqa: F821 - nbgrader defines it

c.CourseDirectory.course_id = "why-training-changes-weights"
configureExchange(c)
c.ExchangeFactory.exchange._ngshare_url = "http://127.0.0.1:8000/services/ngshare"

# Training takes longer than nbgrader's default of 30 seconds a cell.
c.ExecutePreprocessor.timeout = 600
