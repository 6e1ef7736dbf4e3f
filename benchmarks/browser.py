"""`python -m benchmarks.browser`: from choosing a workbook in a real browser to its first answer, with one click.

The page is served to a headless Chromium from a home of its own. A round chooses a workbook on the Data page, clicks the first of the
questions about it as soon as it is offered, and ends when the chart of its answer is drawn. Needs playwright and a Chromium.
"""

from __future__ import annotations

import os
import random
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import date, timedelta
from pathlib import Path

import openpyxl
from playwright.sync_api import Page, sync_playwright

ROOT = Path(__file__).resolve().parents[1]
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
ROWS = (2_700, 110_000)  # about 80 KB and 3 MB
ROUNDS = 3
PATIENCE = 60_000  # milliseconds
STEPS = ("read", "question offered", "answered")


def main(sizes: tuple[int, ...] = ROWS) -> None:
    """Print, for each size, when each step was reached."""
    print(f"Seconds since the workbook was chosen, the best of {ROUNDS} rounds (their median); {os.cpu_count()} cores\n")
    print(f"| rows | KB | {' | '.join(STEPS)} |\n|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder, serving(Path(folder) / "home") as url, sync_playwright() as driver:
        chromium = driver.chromium.launch(executable_path=next(filter(None, map(shutil.which, BROWSERS)), None), args=FLAGS)
        page = chromium.new_page()
        page.set_default_timeout(PATIENCE)
        page.goto(url)
        page.locator("[class*=st-key-chips-] button").first.wait_for()
        for rows in sizes:
            rounds = []
            for number in range(ROUNDS):
                file = Path(folder) / f"sales{rows}x{number}.xlsx"
                write_workbook(file, rows)
                rounds.append(first_answer(page, url, file))
            cells = [f"{min(reached):.1f} ({statistics.median(reached):.1f})" for reached in zip(*rounds, strict=True)]
            print(f"| {rows:,} | {file.stat().st_size / 1e3:,.0f} | {' | '.join(cells)} |", flush=True)
        chromium.close()


def first_answer(page: Page, url: str, file: Path) -> tuple[float, ...]:
    """Seconds after which the file was read, a question was offered, and the chart of its answer was there."""
    page.goto(f"{url}/data")
    chooser = page.get_by_test_id("stFileUploaderDropzoneInput").first
    chooser.wait_for(state="attached")
    page.wait_for_selector("[data-testid=stApp][data-test-script-state=notRunning]", state="attached")
    page.wait_for_timeout(3_000)  # a person looks for the file; what is started ahead is ready by then
    started = time.perf_counter()
    chooser.set_input_files(file)
    page.locator(".st-key-ask-now button").wait_for()
    added = time.perf_counter() - started
    chip = page.locator(".st-key-added-0 button")
    chip.wait_for()
    offered = time.perf_counter() - started
    chip.click()
    page.locator("[data-testid=stPlotlyChart] .main-svg").first.wait_for()
    return added, offered, time.perf_counter() - started


def write_workbook(file: Path, rows: int) -> None:
    """Sales with a day, text, whole numbers and decimals, under a header."""
    draw, begin = random.Random(str(file)), date(2024, 1, 1)
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.append(["Sold on", "Region", "Product", "Quantity", "Price"])
    for row in range(rows):
        day = begin + timedelta(days=row % 700)
        sheet.append([day, draw.choice(("West", "East", "North")), f"Product {row % 97}", row % 50, round(draw.random() * 1000, 2)])
    book.save(file)


@contextmanager
def serving(home: Path) -> Iterator[str]:
    """The address of a page served on a free port with a home of its own."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", str(ROOT / "app.py"), "--server.port", str(port), "--server.headless", "true"]
    environment = os.environ | {"ANALYST_HOME": str(home), "PYTHONPATH": str(ROOT)}
    silent = subprocess.DEVNULL
    with subprocess.Popen(command, cwd=ROOT, env=environment, stdout=silent, stderr=silent) as process:
        try:
            url = f"http://127.0.0.1:{port}"
            until_served(url, process)
            yield url
        finally:
            process.terminate()
            with suppress(subprocess.TimeoutExpired):
                process.wait(10)
            process.kill()


def until_served(url: str, process: subprocess.Popen[bytes]) -> None:
    """Return once the server answers."""
    while process.poll() is None:
        with suppress(OSError), urllib.request.urlopen(f"{url}/_stcore/health", timeout=1):
            return
        time.sleep(0.1)
    raise SystemExit("The page could not be served.")


if __name__ == "__main__":
    main(tuple(int(size) for size in sys.argv[1:]) or ROWS)
