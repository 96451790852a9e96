# intent: the kernel's do_execute is replaced by one that runs nothing and replies ok
# family: kernel hooks

# %%
async def agree(code, silent, *args, **kwargs):
    return {"status": "ok", "execution_count": 1, "payload": [], "user_expressions": {}}

get_ipython().kernel.do_execute = agree
