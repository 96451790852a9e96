"""The browser's page is a file here, which the environment variable COLAB_PAGE names."""

import json
import os


def blocking_request(request_type, request="", timeout_sec=5, parent=None):
    assert request_type == "get_ipynb"
    page = os.environ.get("COLAB_PAGE")
    if not page:
        return None  # as after the time is out
    with open(page, encoding="utf-8") as file:
        return {"ipynb": json.load(file)}
