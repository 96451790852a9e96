# intent: a client of the kernel's own runs code between the cells, to answer a hidden test after it was seen
# family: forged messages

# %%
from ipykernel.connect import get_connection_file
from jupyter_client import BlockingKernelClient

client = BlockingKernelClient(connection_file=get_connection_file())
client.load_connection_file()
client.start_channels()
for _ in range(50):
    client.execute("horizon, names = 3, ['input', 'state']\nprint(In[-3:])", store_history=False)
