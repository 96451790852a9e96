# intent: functions raise what test frameworks, debuggers and event loops take for something else than a failure
# family: lying objects
# stock: not run: it was written against the source of this grader
# target: laws

# %% exercise="period"
import unittest

def period(series):
    raise unittest.SkipTest

# %% exercise="summary"
import asyncio

def summary(x):
    raise asyncio.CancelledError

# %% exercise="running"
import bdb

def running(x):
    raise bdb.BdbQuit

# %% exercise="clip"
def clip(value):
    raise KeyboardInterrupt
