"""Right answers in every style that an assignment's text leaves free."""
