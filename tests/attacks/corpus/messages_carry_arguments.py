# intent: messages, notes, causes, warnings and prints are made of the hidden arguments
# family: words to the student

# %% exercise="windows"
def windows(series, width):
    import sys
    import warnings

    print(list(series))
    print(list(series), file=sys.stderr)
    warnings.warn(str(list(series)))
    fault = KeyError(str(list(series)))
    fault.add_note(str(list(series)))
    raise fault from RuntimeError(str(list(series)))

# %% exercise="error"
def error(targets, guess):
    from IPython.display import HTML, display

    display(HTML(str(targets)), metadata={"said": str(targets)})
    return str(targets)
