"""Other machines, Pythons, clusters and platforms than this one."""
