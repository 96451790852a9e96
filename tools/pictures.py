#!/usr/bin/env python3
"""Take README's pictures anew: a lesson, a failing check in a student's feedback, the class report.

    grader demo 00 01 && python tools/pictures.py demo

Needs Chromium and the packages of `make install`. Writes docs/pictures/*.png.
"""

import argparse
import shutil
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PICTURES = ROOT / "docs" / "pictures"
LESSON, BELOW = "08_attention", "Nobody told the model which letter"  # the sentence below the figure that is shown
WIDTH = 1000  # pixels


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("demo", type=Path, help="a folder that `grader demo 00 01` made")
    demo = parser.parse_args().demo.resolve()
    page_of_student = demo / "feedback" / "student-06" / "01_sequence_basics" / "01_sequence_basics.html"
    chromium = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if not page_of_student.is_file():
        sys.exit(f"{demo} holds no graded lessons 00 and 01. Make it with: grader demo 00 01 --out {demo}")
    if not chromium:
        sys.exit("Chromium is needed to take pictures.")
    from playwright.sync_api import sync_playwright

    pages = {"report": write_report(demo), "lesson": write_lesson(demo), "feedback": page_of_student}
    PICTURES.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, chromium_sandbox=False)
        for name, source in pages.items():
            page = browser.new_page(viewport={"width": WIDTH, "height": 800})
            page.goto(source.as_uri())
            take(page, name)
        browser.close()


def write_report(demo: Path) -> Path:
    import subprocess

    page = demo / "exports" / "report.html"
    subprocess.run([sys.executable, "-m", "grader", "report", "--root", str(demo), "--out", str(page)], check=True, stdout=subprocess.DEVNULL)
    return page


def write_lesson(demo: Path) -> Path:
    from nbconvert import HTMLExporter

    html, _ = HTMLExporter(template_name="lab").from_filename(ROOT / "solutions" / LESSON / f"{LESSON}.ipynb")
    page = demo / "lesson.html"
    page.write_text(html, encoding="utf-8")
    return page


def take(page, name: str) -> None:
    """Take the part of a page that shows what it is about."""
    top, height = 0, 800
    if name == "lesson":
        top, height = page.get_by_text(BELOW).bounding_box()["y"] - 560, 700
    if name == "feedback":
        top, height = page.locator(".test.failed dl").nth(1).bounding_box()["y"] - 280, 510
    page.screenshot(path=PICTURES / f"{name}.png", full_page=True, clip={"x": 0, "y": max(top, 0), "width": WIDTH, "height": height})
    shrink(PICTURES / f"{name}.png")


def shrink(path: Path) -> None:
    """256 colours are enough for text and plots, and a third of the bytes."""
    from PIL import Image

    Image.open(path).convert("RGB").quantize(256).save(path, optimize=True)


if __name__ == "__main__":
    main()
