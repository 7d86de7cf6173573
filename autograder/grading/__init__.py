"""From what came out of a sandbox to a Grade."""
