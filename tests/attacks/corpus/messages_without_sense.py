# intent: messages of every type without their content, and with wrong types in it, over the kernel's sockets
# family: forged messages
# limits: cell_seconds=3 submission_seconds=10

# %% exercise="windows"
def windows(series, width):
    hook = get_ipython().displayhook
    kinds = "execute_result display_data update_display_data stream error clear_output status comm_open comm_msg input_request nonsense"
    for kind in kinds.split():
        for content in ({}, {"data": 7, "metadata": [], "transient": None}, {"name": {}, "text": 3, "execution_state": []}):
            hook.session.send(hook.pub_socket, kind, content, parent=hook.parent_header, ident=hook.topic)

windows([], 0)
