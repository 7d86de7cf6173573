"""What docs/similarity.md says of `autograder similarity`, measured."""
