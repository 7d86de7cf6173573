"""The figures of docs/fairness.md and README, from committed evidence."""
