"""One tensorflow-datasets builder for each data set of the course; `python data/build.py` runs them."""
