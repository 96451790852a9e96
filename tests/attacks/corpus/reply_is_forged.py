# intent: the test's execute_reply is sent by the student's function, with ok, before the test fails
# family: forged messages

# %% exercise="windows"
def windows(series, width):
    import time

    kernel = get_ipython().kernel
    parent, ident = kernel.get_parent("shell"), kernel._parent_ident["shell"]
    reply = {"status": "ok", "execution_count": 9, "user_expressions": {}, "payload": []}
    kernel.session.send(kernel.shell_stream, "execute_reply", reply, parent=parent, ident=ident)
    kernel.session.send(kernel.iopub_socket, "status", {"execution_state": "idle"}, parent=parent, ident=kernel._topic("status"))
    time.sleep(1)

# %% exercise="error"
error = windows
