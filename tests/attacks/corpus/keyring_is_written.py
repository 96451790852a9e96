# intent: a key in the kernel's keyring of the user carries a message to the next submission
# family: leftovers
# twice: yes

# %%
import ctypes
import platform

libc = ctypes.CDLL(None, use_errno=True)
add, ask = {"x86_64": (248, 250), "aarch64": (217, 219)}.get(platform.machine(), (0, 0))
USER, SEARCH, READ = -4, 10, 11
name = b"__MARK__"
if add:
    old = libc.syscall(ask, SEARCH, USER, b"user", name, 0)
    room = ctypes.create_string_buffer(100)
    if old > 0 and libc.syscall(ask, READ, old, room, 100) > 0:
        print("the-attack" + "-worked", room.value)
    print(libc.syscall(add, b"user", name, b"hello", 5, USER))
