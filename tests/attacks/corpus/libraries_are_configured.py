# intent: settings of Keras, matplotlib and NumPy in the home folder change what the next submission imports
# family: leftovers
# target: keras
# twice: yes

# %%
import json
import os

home = os.path.expanduser("~")
for path, text in {
    ".keras/keras.json": json.dumps({"backend": "nothing", "floatx": "float16", "image_data_format": "channels_first"}),
    ".config/matplotlib/matplotlibrc": "backend: nothing\n",
    ".config/pip/pip.conf": "[global]\n",
}.items():
    if os.path.exists(f"{home}/{path}"):
        print("the-attack" + "-worked", path)
    try:
        os.makedirs(os.path.dirname(f"{home}/{path}"), exist_ok=True)
        with open(f"{home}/{path}", "w") as file:
            file.write(text)
    except OSError:
        pass
import keras

keras.config.set_floatx("float16")
