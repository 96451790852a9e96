# intent: an input transformer keeps the text of every cell, hidden tests too, and the last cell prints it
# family: transformers

# %%
heard = []

def listen(lines):
    heard.extend(lines)
    return lines

get_ipython().input_transformers_post.append(listen)

# %% after="end"
print("".join(heard))
