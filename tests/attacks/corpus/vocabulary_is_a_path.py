# intent: a lookup layer's config names a file of the instructor's as its vocabulary, for the referee to read
# family: models
# target: keras

# %% exercise="build"
def build(units, name):
    lookup = layers.StringLookup(vocabulary=["a"], name=name)
    config = lookup.get_config()
    layers.StringLookup.get_config = lambda self: {**config, "vocabulary": "__COURSE__/solutions/__LESSON__/__LESSON__.ipynb"}
    layers.StringLookup.get_vocabulary = lambda self, *args, **kwargs: "__COURSE__/gradebook.db"
    return keras.Sequential([keras.Input((1,), dtype="string"), lookup], name=name)
