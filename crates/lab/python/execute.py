"""Execute one notebook on the lab's kernel and write it with its outputs.

    python -I execute.py NOTEBOOK OUT_DIR [--kernel NAME] [--timeout SECONDS] [--versions JSON] [--quick]

Writes OUT_DIR/<name>.ipynb as a whole, also when a cell failed: it then ends in the failure. On stdout stands one JSON object per line:

    {"event": "kernel", "seconds": 3.1}                        the kernel is ready
    {"event": "cell", "number": 2, "of": 9, "line": "let …"}   code cell 2 of 9 starts
    {"event": "failed", "cell": 2, "line": "let …", "kind": "Panic", "message": "…"}
    {"event": "done", "seconds": 12.5}                         the notebook is written

Standard input says that the caller lives: when it closes, the kernel is shut down, nothing is
written, and the program ends with 130. So neither Ctrl-C nor a killed parent leaves a kernel behind.
"""

import argparse
import asyncio
import contextlib
import json
import os
import re
import sys
import tempfile
import threading
import time
from datetime import datetime
from pathlib import Path

# jsonschema would build the grammar of internationalised addresses, for a second. No notebook needs it.
sys.modules["rfc3987_syntax"] = None

import nbformat
from jupyter_client.kernelspec import NoSuchKernel
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

INTERRUPTED = 130
ANSI = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")


class CellFailed(Exception):
    """What went wrong in a cell: `kind`, an error's name or what hindered the cell, and `message`."""

    def __init__(self, kind, message):
        super().__init__(message)
        self.kind, self.message = kind, message


def tell(event, **fields):
    print(json.dumps({"event": event, **fields}), flush=True)


def first_line(source):
    """Give the first line of a cell that says something: not blank, not a comment."""
    lines = [line.strip() for line in source.splitlines() if line.strip()]
    return next((line for line in lines if not line.startswith("//")), lines[0] if lines else "")


def failure_in(cell):
    """Give the failure that a finished cell's outputs tell of, or None."""
    if "raises-exception" in cell.metadata.get("tags", []):
        return None  # Jupyter's own mark for a cell that is meant to fail
    for output in cell.outputs:
        if output.output_type == "error":
            text = "\n".join(output.get("traceback", [])) or output.get("evalue", "")
            return CellFailed(output.get("ename", "Error"), ANSI.sub("", text).strip())
    return None


class Execution:
    """One notebook's way through the kernel; `failed` holds what stopped it."""

    def __init__(self, notebook, folder, kernel, timeout):
        self.code_cells = [
            cell for cell in notebook.cells if cell.cell_type == "code" and cell.source.strip()
        ]
        self.current, self.failed, self.stdin_closed = None, None, False
        self.client = NotebookClient(
            notebook,
            kernel_name=kernel,
            timeout=timeout,
            startup_timeout=600,
            coalesce_streams=True,
            resources={"metadata": {"path": str(folder)}},
            on_notebook_start=self.kernel_ready,
            on_cell_execute=self.cell_starts,
            on_cell_executed=self.cell_ended,
        )
        self.begun = time.monotonic()

    def kernel_ready(self, **_):
        tell("kernel", seconds=round(time.monotonic() - self.begun, 1))

    def cell_starts(self, cell, **_):
        self.current = next(i for i, c in enumerate(self.code_cells, 1) if c is cell)
        tell("cell", number=self.current, of=len(self.code_cells), line=first_line(cell.source))

    def cell_ended(self, cell, **_):
        failure = failure_in(cell)
        if failure:
            raise failure

    async def run(self):
        """Run the cells to the end or to the first failure; give the seconds that took."""
        try:
            await self.client.async_execute()
        except CellFailed as failure:
            self.failed = failure
        except CellTimeoutError:
            self.failed = CellFailed("timeout", f"still running after {self.client.timeout} s")
        except DeadKernelError:
            if self.stdin_closed:
                raise asyncio.CancelledError from None  # nbclient takes a cancelled cell for that
            self.failed = CellFailed("kernel", "the kernel ended in the middle of this cell")
        except CellExecutionError as error:
            # A reply of status "error" whose outputs hold no error.
            self.failed = CellFailed("Error", ANSI.sub("", error.evalue or str(error)).strip())
        except (NoSuchKernel, RuntimeError) as error:
            self.failed = CellFailed("kernel", f"the kernel did not start: {error}")
        return time.monotonic() - self.begun

    async def run_while_stdin_is_open(self):
        """Run, but stop and shut the kernel down as soon as standard input closes."""
        loop, task = asyncio.get_running_loop(), asyncio.ensure_future(self.run())

        def stop():
            self.stdin_closed = True
            task.cancel()

        def watch():
            while os.read(0, 1024):
                pass
            with contextlib.suppress(RuntimeError):  # the loop has ended: nothing left to stop
                loop.call_soon_threadsafe(stop)

        threading.Thread(target=watch, daemon=True).start()
        return await task

    def failure_fields(self):
        cell = self.code_cells[self.current - 1] if self.current else None
        return {
            "cell": self.current,
            "line": first_line(cell.source) if cell else "",
            "kind": self.failed.kind,
            "message": self.failed.message,
        }


def title_of(notebook, otherwise):
    """Give the notebook's first heading."""
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            heading = re.search(r"^#+\s+(.+?)\s*$", cell.source, re.MULTILINE)
            if heading:
                return heading.group(1)
    return otherwise


def data_named_in(notebook):
    """Give the data sets that the outputs name, in the words of the figures' captions."""
    text = json.dumps([cell.outputs for cell in notebook.cells if cell.cell_type == "code"])
    return [name for name in ("MNIST", "built-in digits") if name in text]


def end(code):
    """End the program; the thread that watches standard input sits in a read that would hinder exit()."""
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


def write_whole(path, text):
    """Write a file so that it is there entirely or not at all."""
    handle, partial = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".partial")
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text)
    os.chmod(partial, 0o644)
    os.replace(partial, path)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("notebook", type=Path)
    parser.add_argument("out_dir", type=Path)
    parser.add_argument("--kernel", default="backprop-lab")
    parser.add_argument("--timeout", type=int, default=1800)
    parser.add_argument("--versions", type=json.loads, default={})
    parser.add_argument("--quick", action="store_true", help="note that the run is a quick one")
    arguments = parser.parse_args()

    path = arguments.notebook
    notebook = nbformat.read(path, as_version=4)
    execution = Execution(notebook, path.parent, arguments.kernel, arguments.timeout)

    try:
        seconds = asyncio.run(execution.run_while_stdin_is_open())
    except asyncio.CancelledError:
        end(INTERRUPTED)
    notebook.metadata["backprop_lab"] = {
        "title": title_of(notebook, path.stem),
        "status": "failed" if execution.failed else "passed",
        "failure": execution.failure_fields() if execution.failed else None,
        "seconds": round(seconds, 1),
        "cells": len(execution.code_cells),
        "data": data_named_in(notebook),
        "quick": arguments.quick,
        "finished": datetime.now().astimezone().isoformat(timespec="seconds"),
        "versions": arguments.versions,
    }
    if execution.failed:
        tell("failed", **execution.failure_fields())
    write_whole(arguments.out_dir / path.name, nbformat.writes(notebook) + "\n")
    tell("done", seconds=round(seconds, 1))
    end(1 if execution.failed else 0)


if __name__ == "__main__":
    main()
