"""What a class of thousands costs, as docs/performance.md shows it."""
