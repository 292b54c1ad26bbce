"""Execute the cells of one submission on a kernel in its box.

    python -I grade

The first line of standard input is the job:

    {"argv": ["bwrap", …],     the box; {connection} and {info} stand for what is known only here
     "sockets": "/run/lab",    where in the box the kernel puts its sockets; null without a box
     "folders": ["/tmp"],      what in the box takes memory as well: files there
     "cells": [{"source": "…", "replay": "…", "seconds": 60, "check": true}, …],
     "seconds": 900, "memory": 3000000000, "output": 1000000,
     "kernel_processes": 4,    the kernel's own
     "losses": {"ProcessEnded": "…"}}  errors of a cell that has cost all variables, and their words

`replay` is what is run of a cell that had succeeded when a later one has cost all variables. On stdout
stands one JSON object per line, in the order of the cells:

    {"event": "cell", "status": "ok", "seconds": 0.4, "outputs": [], "others": [], "cut": false}
    {"event": "done", "seconds": 12.5, "memory": 1200000000}

A status is ok, error, timeout, memory, lost (the kernel has ended) or skipped (no time was left).
`others` names what ran beside a check, before or after it, and is not the kernel's. Nothing that comes
out of the box is believed here: it is bounded and passed on.

Standard input says that the caller lives: when it closes, the box is ended with all that is in it.
"""

import json
import os
import sys
import threading

import box
from run import Run


def watch_stdin(run):
    """End all when standard input closes."""
    while os.read(0, 1024):
        pass
    with box.starting:
        if run.box and run.box.process:
            run.box.kill()
        os._exit(130)


def main():
    line = bytearray()
    while not line.endswith(b"\n"):
        line += os.read(0, 65536)
    run = Run(json.loads(line))
    threading.Thread(target=watch_stdin, args=[run], daemon=True).start()
    run.all()
    sys.stdout.flush()
    os._exit(0)


main()
