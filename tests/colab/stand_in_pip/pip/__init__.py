"""A stand-in for pip that writes down what it is asked for, and needs no network."""
