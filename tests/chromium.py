"""A headless Chromium for tests that look at pages as a person does: the system's own, driven by Playwright."""

import os
import shutil
from contextlib import contextmanager

import pytest

PROGRAMS = ("chromium", "chromium-browser", "google-chrome")


@contextmanager
def chromium():
    """Yield a Playwright browser; the test is skipped where there is none, and fails where GRADER_TESTS_NEED_BROWSER is set.

    Playwright's loop runs in this thread meanwhile, so nothing inside may call asyncio.run: kernels belong before or after.
    """
    program = next(filter(None, map(shutil.which, PROGRAMS)), None)
    if program is None:
        problem = "no Chromium here; tools/install.sh installs it on Debian and Ubuntu when run as root"
        if os.environ.get("GRADER_TESTS_NEED_BROWSER"):
            pytest.fail(problem)
        pytest.skip(problem)
    from playwright.sync_api import sync_playwright

    quiet = ["--disable-background-networking", "--disable-component-update", "--disable-quic", "--disable-sync", "--no-first-run"]
    with sync_playwright() as playwright:
        # Chromium's sandbox does not start as root; what is opened here is our own.
        browser = playwright.chromium.launch(executable_path=program, chromium_sandbox=os.geteuid() != 0, args=quiet)
        try:
            yield browser
        finally:
            browser.close()
