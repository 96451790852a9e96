# intent: a task of the kernel's own event loop that never yields, begun in a cell that ends at once
# family: time
# limits: cell_seconds=2
# stops: ran longer than 2 s

# %%
import asyncio

async def forever():
    await asyncio.sleep(0.3)
    while True:
        pass

task = asyncio.ensure_future(forever())

# %%
await asyncio.sleep(5)
