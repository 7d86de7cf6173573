"""Run student code where it can reach nothing: a warm process, a fork each, walls, bytes out."""
