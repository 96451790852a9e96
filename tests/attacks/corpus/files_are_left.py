# intent: files, links, unreadable folders and pipes in every place where anybody may write
# family: leftovers
# twice: yes

# %%
import os
import tempfile

PLACES = {tempfile.gettempdir(), "/tmp", "/var/tmp", "/dev/shm", "/run", "/run/lock", "/var/lock", "/dev/mqueue"}
for place in PLACES:
    if os.path.lexists(f"{place}/__MARK__-folder") or os.path.lexists(f"{place}/__MARK__-pipe"):
        print("the-attack" + "-worked", place)
for place in PLACES:
    try:
        os.mkdir(f"{place}/__MARK__-folder")
        os.symlink("/etc/passwd", f"{place}/__MARK__-folder/__MARK__-link")
        os.mkfifo(f"{place}/__MARK__-pipe")
        os.chmod(f"{place}/__MARK__-folder", 0)
    except OSError:
        pass
