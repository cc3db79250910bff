"""One declaration a dialect, from which the matrix, the cut and the die tests are generated (tests/matrix)."""
