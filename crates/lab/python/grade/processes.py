"""The processes of this machine, as Linux tells of them, and which of a box's are the kernel's."""

import contextlib
import os
from pathlib import Path


def processes_below(first):
    """Give the processes that the process `first` has started, and theirs."""
    found = []
    for number in filter(str.isdecimal, os.listdir("/proc")):
        with contextlib.suppress(OSError, KeyError):
            status = Path(f"/proc/{number}/status").read_text(encoding="utf-8", errors="replace")
            found.append(process(number, status, os.readlink(f"/proc/{number}/exe")))
    return below(found, first)


def process(number, status, program):
    """Give a process by its number, the text of its status and its program.

    One that has ended has no memory, which is a KeyError.
    """
    told = dict(line.split(":\t", 1) for line in status.split("\n") if ":\t" in line)
    return {
        "pid": int(number),
        "name": told["Name"].strip(),
        "parent": int(told["PPid"]),
        "threads": int(told["Threads"]),
        # Pages of files can be dropped at any time.
        "memory": int(told["RssAnon"].split()[0]) * 1024,
        "program": program,
    }


def below(processes, first):
    """Give those of the processes that `first` has started, and theirs."""
    found, parents = [], {first}
    while parents:
        children = [process for process in processes if process["parent"] in parents]
        found += children
        parents = {process["pid"] for process in children}
    return found


def strangers(processes, first, kernels):
    """Name the processes below `first` that are not the kernel's own, and say of threads of a cell.

    The kernel's are so many, each started by the one before, of the same program.
    """
    rest, own, parent, program = list(processes), [], first, None
    while len(own) < kernels:
        child = [p for p in rest if p["parent"] == parent and program in (None, p["program"])]
        if not child:
            break
        own.append(child[0])
        rest.remove(child[0])
        parent, program = child[0]["pid"], child[0]["program"]
    names = [process["name"] for process in rest]
    if len(own) == kernels and own[-1]["threads"] > 1:
        names.append("a thread of the notebook's process")
    return names
