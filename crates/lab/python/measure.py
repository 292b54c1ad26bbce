"""Runs a command and prints what it took: one JSON object with `seconds` (wall clock), `peak_mib` (the
largest resident memory of its process) and `report`, the JSON that the command wrote to its stdout.

Usage: measure.py COMMAND [ARGUMENT…]
"""

import json
import os
import subprocess
import sys
import time

begun = time.perf_counter()
child = subprocess.Popen(sys.argv[1:], stdout=subprocess.PIPE)
report = child.stdout.read()
_, status, usage = os.wait4(child.pid, 0)
seconds = time.perf_counter() - begun
code = os.waitstatus_to_exitcode(status)
if code != 0:
    sys.exit(f"{sys.argv[1]} ended with {code}")
json.dump(
    {"seconds": seconds, "peak_mib": usage.ru_maxrss / 1024, "report": json.loads(report)},
    sys.stdout,
)
