# intent: bytes that are no message at all on every socket of the kernel
# family: forged messages
# limits: cell_seconds=2 submission_seconds=6

# %%
import gc

import zmq

for one in gc.get_objects():
    if isinstance(one, zmq.Socket) and not one.closed:
        for parts in ([b""], [b"x", b"<IDS|MSG>", b"", b"{", b"{", b"{", b"{"], [b"\0" * 1000] * 50):
            try:
                one.send_multipart(parts, zmq.NOBLOCK)
            except (zmq.ZMQError, TypeError):
                pass
