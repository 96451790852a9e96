# intent: files, links, unreadable folders and pipes in every place where anybody may write
# family: leftovers
# twice: yes

# %%
import os
import tempfile

for place in {tempfile.gettempdir(), "/tmp", "/var/tmp", "/dev/shm", "/run", "/run/lock", "/var/lock", "/dev/mqueue"}:
    base = f"{place}/__MARK__"
    if os.path.lexists(f"{base}-folder") or os.path.lexists(f"{base}-pipe"):
        print("the-attack" + "-worked", place)
    try:
        os.mkdir(f"{base}-folder")
        os.symlink("/etc/passwd", f"{base}-folder/{base.rpartition('/')[2]}")
        os.mkfifo(f"{base}-pipe")
        os.chmod(f"{base}-folder", 0)
    except OSError:
        pass
