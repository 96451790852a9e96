# intent: showtraceback is replaced, so that a failed test leaves no error output
# family: kernel hooks

# %%
shell = get_ipython()
shell.showtraceback = shell._showtraceback = lambda *args, **kwargs: None
