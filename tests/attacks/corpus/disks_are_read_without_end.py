# intent: twenty processes read the machine's files past its cache, without end
# family: siblings
# sibling: yes
# danger: yes
# stock: not run: it would slow this machine down for minutes
# limits: cell_seconds=5 submission_seconds=10

# %%
import glob
import mmap
import os

paths = [path for path in glob.glob("/usr/lib/*/*.so*") + glob.glob("/usr/bin/*") if os.path.isfile(path)]
for number in range(20):
    if os.fork() == 0:
        area = mmap.mmap(-1, 1 << 20, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
        while True:
            for path in paths[number:]:
                try:
                    file = os.open(path, os.O_RDONLY | os.O_DIRECT)
                    while os.readv(file, [area]):
                        pass
                    os.close(file)
                except OSError:
                    pass
while True:
    pass
