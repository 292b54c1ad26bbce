"""The processes of this machine, as Linux tells of them."""

import contextlib
import os


def processes_below(first):
    """Give the processes that the process `first` has started, and theirs."""
    found = []
    for number in filter(str.isdecimal, os.listdir("/proc")):
        with contextlib.suppress(OSError, KeyError):
            with open(f"/proc/{number}/status", encoding="utf-8", errors="replace") as file:
                told = dict(line.split(":\t", 1) for line in file if ":\t" in line)
            found.append(
                {
                    "pid": int(number),
                    "name": told["Name"].strip(),
                    "parent": int(told["PPid"]),
                    "threads": int(told["Threads"]),
                    # Pages of files can be dropped at any time; a process that has ended has none.
                    "memory": int(told["RssAnon"].split()[0]) * 1024,
                    "program": os.readlink(f"/proc/{number}/exe"),
                }
            )
    below, parents = [], {first}
    while parents:
        children = [process for process in found if process["parent"] in parents]
        below += children
        parents = {process["pid"] for process in children}
    return below
