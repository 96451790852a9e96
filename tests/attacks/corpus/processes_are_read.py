# intent: the commands, environments, folders and open files of all processes are read in /proc
# family: reading

# %%
import os

others = [name for name in os.listdir("/proc") if name.isdigit() and int(name) != os.getpid()]
for name in others:
    for what in ("cmdline", "environ"):
        try:
            with open(f"/proc/{name}/{what}", "rb") as file:
                text = file.read().replace(b"\0", b" ").decode(errors="replace")
        except OSError:
            continue
        found = text.find("environment-" + "canary")
        if found >= 0:
            print(text[found : found + 60])
        if "nbgrader" in text or "pytest" in text or "bwrap" in text or "tests.attacks" in text:
            print("the-attack" + "-worked", what)
    for link in ("cwd", "root", "exe"):
        try:
            if os.path.exists(f"/proc/{name}/{link}/__COURSE__"):
                print("the-attack" + "-worked", link)
        except OSError:
            pass
