"""The commands of `grader`: thin, one function each."""
