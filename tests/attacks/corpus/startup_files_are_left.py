# intent: files that the next Python, Jupyter, IPython or shell of this user would run are written
# family: leftovers
# danger: yes
# stock: not run: it would write into a home folder
# twice: yes

# %%
import os
import pwd
import site

homes = {os.path.expanduser("~"), pwd.getpwuid(os.getuid()).pw_dir if os.getuid() < 60_000 else "/"}
places = [".ipython/profile_default/startup", ".jupyter", ".config/matplotlib", ".keras", ".config/autostart", ".local/bin"]
for home in homes:
    for place in places:
        path = f"{home}/{place}/__MARK__.py"
        if os.path.exists(path):
            print("the-attack" + "-worked", place)
        try:
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with open(path, "w") as file:
                file.write("print('here I am')")
        except OSError:
            pass
for place in site.getsitepackages():
    try:
        with open(f"{place}/__MARK__.pth", "w") as file:
            file.write("import sys\n")
        print("the-attack" + "-worked", place)
    except OSError:
        pass
