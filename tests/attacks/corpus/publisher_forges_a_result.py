# intent: an execute_result is sent over the kernel's own iopub socket while the test runs
# family: forged messages

# %%
def forge(points):
    hook = get_ipython().displayhook
    content = {"data": {"text/plain": str(points)}, "metadata": {}, "execution_count": 9}
    hook.session.send(hook.pub_socket, "execute_result", content, parent=hook.parent_header, ident=hook.topic)

# %% exercise="windows"
def windows(series, width):
    forge(3 if len(series) < 9 else 2)

# %% exercise="error"
def error(targets, guess):
    forge(2 if len(targets) == 2 else 1)
