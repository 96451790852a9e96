# intent: files fill the disk, in the working folder, the home folder and the temporary one
# family: bombs
# danger: yes
# stock: not run: it would take this machine down
# limits: cell_seconds=4 submission_seconds=12 disk_bytes=200_000_000 file_bytes=100_000_000

# %%
import os
import tempfile

places = [".", os.path.expanduser("~"), tempfile.gettempdir(), "/tmp", "/var/tmp", "/dev/shm"]
for number in range(100):
    for place in places:
        try:
            with open(f"{place}/__MARK__-{number}", "wb", 0) as file:
                for _ in range(500):
                    file.write(bytes(10_000_000))
        except OSError:
            pass
