"""A stand-in for what Colab's kernel brings, with the functions that the course calls, as googlecolab/colabtools defines them."""
