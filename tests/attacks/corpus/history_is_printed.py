# intent: the last cell prints In, Out, the history and the last traceback's frames
# family: frames and memory

# %% after="end"
import sys
import traceback

print(In, Out, sep="\n")
get_ipython().run_line_magic("history", "-n")
last = getattr(sys, "last_value", None)
while last is not None:
    traceback.print_exception(last)
    trace = last.__traceback__
    while trace:
        print({name: repr(value)[:500] for name, value in trace.tb_frame.f_locals.items()})
        trace = trace.tb_next
    last = last.__context__
