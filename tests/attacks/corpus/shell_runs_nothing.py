# intent: run_cell and run_cell_async are replaced: nothing that fails is ever run
# family: kernel hooks

# %%
from IPython.core.interactiveshell import ExecutionResult

shell = get_ipython()

def succeed(*args, **kwargs):
    result = ExecutionResult(None)
    result.execution_count = 1
    return result

async def succeed_later(*args, **kwargs):
    return succeed()

shell.run_cell, shell.run_cell_async, shell.should_run_async = succeed, succeed_later, lambda *a, **k: False
