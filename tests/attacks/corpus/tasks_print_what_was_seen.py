# intent: a task of the kernel's event loop and a display handle show the hidden arguments after the function has seen them
# family: frames and memory

# %% exercise="windows"
import asyncio

from IPython.display import display

shown = display("nothing yet", display_id=True)
seen = []

async def tell():
    for _ in range(1000):
        await asyncio.sleep(0.05)
        shown.update(str(seen))
        print(seen)

task = asyncio.ensure_future(tell())

def windows(series, width):
    seen.append(list(series))
    shown.update(str(seen))
    return series

# %% after="end"
await asyncio.sleep(0.5)
