"""Execute the cells of one submission on a kernel in its box.

    python -I grade.py

The first line of standard input is the job:

    {"argv": ["bwrap", …],     the box; {connection} and {info} stand for what is known only here
     "sockets": "/run/lab",    where in the box the kernel puts its sockets; null without a box
     "folders": ["/tmp"],      what in the box takes memory as well: files there
     "cells": [{"source": "…", "replay": "…", "seconds": 60, "check": true}, …],
     "seconds": 900, "memory": 3000000000, "output": 1000000}

`replay` is what is run of a cell that had succeeded when a later one has cost all variables. On stdout
stands one JSON object per line, in the order of the cells:

    {"event": "cell", "status": "ok", "seconds": 0.4, "outputs": [], "others": [], "cut": false}
    {"event": "done", "seconds": 12.5, "memory": 1200000000}

A status is ok, error, timeout, memory, lost (the kernel has ended) or skipped (no time was left).
`others` names what ran beside a check, before or after it, and is not the kernel's. Nothing that comes
out of the box is believed here: it is bounded and passed on.

Standard input says that the caller lives: when it closes, the box is ended with all that is in it.
"""

import contextlib
import json
import os
import secrets
import signal
import subprocess
import sys
import tempfile
import threading
import time

import zmq
from jupyter_client.blocking import BlockingKernelClient

CHANNELS = ("shell", "iopub", "stdin", "control", "hb")
START = 180  # seconds until a kernel answers, on a busy machine
GRACE = 8  # seconds that an interrupted cell may take; the kernel itself ends it after three
LARGEST_MESSAGE = 8_000_000  # bytes; a larger one breaks the connection, which is not made again
WAITING_MESSAGES = 100
PULSE = 0.2  # seconds between two looks at the memory

# Held while a box is started: one that is not known yet would outlive this process.
starting = threading.Lock()


class Lost(Exception):
    """The box has ended or does not answer; `status` says why."""

    def __init__(self, status):
        super().__init__(status)
        self.status = status


class Box:
    """A kernel in its box, from the start to the end of all processes in there."""

    def __init__(self, job):
        self.job, self.why, self.memory, self.client = job, None, 0, None
        self.process = None
        self.folder = tempfile.TemporaryDirectory(prefix="bl")

    def open(self):
        """Start the kernel; it answers afterwards."""
        begun = time.monotonic()
        inside = self.job["sockets"] or self.folder.name
        connection = {f"{name}_port": port for port, name in enumerate(CHANNELS, 1)}
        connection |= {"transport": "ipc", "ip": f"{inside}/k", "key": secrets.token_hex(32)}
        connection |= {"signature_scheme": "hmac-sha256"}
        outside = self.start(connection)
        self.wait(lambda: all(os.path.exists(f"{outside}-{n}") for n in range(1, 6)), begun)
        # Not before: while bwrap sets the box up, its folders are those of this machine.
        threading.Thread(target=self.watch, daemon=True).start()
        self.connect(connection | {"ip": outside}, begun)

    def start(self, connection):
        """Start the box; give the sockets' path as seen from here."""
        path = os.path.join(self.folder.name, "connection.json")
        with open(path, "w", encoding="utf-8") as file:
            json.dump(connection, file)
        told, telling = os.pipe()
        words = {"{connection}": path, "{info}": str(telling)}
        nowhere = subprocess.DEVNULL
        with starting:
            self.process = subprocess.Popen(
                [words.get(word, word) for word in self.job["argv"]],
                stdin=nowhere,
                stdout=nowhere,
                stderr=nowhere,
                pass_fds=[telling],
            )
        os.close(telling)
        with os.fdopen(told) as info:
            text = info.read() if self.job["sockets"] else ""
        if not self.job["sockets"]:
            self.root, self.first = "", os.getpid()
        elif text:
            self.first = json.loads(text)["child-pid"]
            self.root = f"/proc/{self.first}/root"
        else:
            raise Lost("kernel")
        return self.root + connection["ip"]

    def wait(self, ready, begun):
        while not ready():
            if self.process.poll() is not None or time.monotonic() > begun + START:
                raise Lost(self.why or "lost")
            time.sleep(0.02)

    def connect(self, connection, begun):
        """Connect, once: what a submission puts in the place of a socket later on reaches nobody."""
        context = zmq.Context()
        context.reconnect_ivl = -1
        context.maxmsgsize = LARGEST_MESSAGE
        context.rcvhwm = WAITING_MESSAGES
        context.linger = 0
        self.client = BlockingKernelClient(context=context)
        self.client.load_connection_info(connection)
        self.client.start_channels(hb=False)
        heard = False
        while not heard:
            self.client.kernel_info()
            self.wait(lambda: True, begun)
            with contextlib.suppress(Exception):
                self.client.get_iopub_msg(timeout=1)
                heard = True
        self.execute("// ready", START, 1000)

    def execute(self, source, seconds, limit):
        """Execute a cell; give its status and outputs, and whether these were cut at `limit` bytes."""
        end, stopped = time.monotonic() + seconds, False
        request = self.client.execute(source, allow_stdin=False, stop_on_error=False)
        outputs = Outputs(limit)
        while True:
            if time.monotonic() > end:
                if stopped:
                    raise Lost("timeout")
                stopped, end = True, time.monotonic() + GRACE
                message = self.client.session.msg("interrupt_request", {})
                self.client.control_channel.send(message)
            message = self.message(self.client.get_iopub_msg)
            if message is None or message["parent_header"].get("msg_id") != request:
                continue
            if message["content"].get("execution_state") == "idle":
                break
            outputs.take(message["msg_type"], message["content"])
        reply = None
        while reply is None and time.monotonic() < end + GRACE:
            message = self.message(self.client.get_shell_msg)
            if message and message["parent_header"].get("msg_id") == request:
                reply = message["content"]
        status = "timeout" if stopped else "ok" if reply and reply.get("status") == "ok" else "error"
        return {"status": status, "outputs": outputs.list, "cut": outputs.cut}, costs_all(reply)

    def message(self, receive):
        """Give the next message, or None when there was none for a while, or none that is one."""
        if self.process.poll() is not None:
            raise Lost(self.why or "lost")
        try:
            return receive(timeout=0.5)
        except Exception:  # no message, no JSON, a wrong signature, lists within lists within lists
            return None

    def watch(self):
        """Look at the memory of all processes in the box, and end it when they take too much.

        A process that starts another may count twice for a moment, so it must be seen in two looks.
        """
        before = 0
        while self.process.poll() is None:
            now = self.taken()
            self.memory, before = max(self.memory, min(before, now)), now
            if self.memory > self.job["memory"]:
                self.why = "memory"
                self.kill()
            time.sleep(PULSE)

    def taken(self):
        taken = sum(process["memory"] for process in processes_below(self.process.pid))
        for folder in self.job["folders"]:
            with contextlib.suppress(OSError):
                disk = os.statvfs(self.root + folder)
                taken += (disk.f_blocks - disk.f_bfree) * disk.f_frsize
        return taken

    def others(self):
        """Name the processes in the box that are not the kernel's own, and say of threads of a cell."""
        rest, own, parent, program = processes_below(self.first), [], self.first, None
        while len(own) < self.job["kernel_processes"]:
            child = [p for p in rest if p["parent"] == parent and program in (None, p["program"])]
            if not child:
                break
            own.append(child[0])
            rest.remove(child[0])
            parent, program = child[0]["pid"], child[0]["program"]
        names = [process["name"] for process in rest]
        if len(own) == self.job["kernel_processes"] and own[-1]["threads"] > 1:
            names.append("a thread of the notebook's process")
        return names

    def kill(self):
        """End all in the box, also while bwrap sets it up: its inner process would wait for the outer one
        for ever."""
        self.process.send_signal(signal.SIGSTOP)
        if self.process.poll() is None:
            for process in processes_below(self.process.pid):
                with contextlib.suppress(OSError):
                    os.kill(process["pid"], signal.SIGKILL)
        self.process.kill()

    def end(self):
        if self.process:
            self.kill()
            self.process.wait()
        if self.client:
            self.client.stop_channels()
            self.client.context.destroy(linger=0)
        self.folder.cleanup()


class Outputs:
    """A cell's outputs as nbformat has them, up to so many bytes; a figure that changes counts once."""

    def __init__(self, limit):
        self.limit, self.cut = limit, False
        self.clear()

    def clear(self):
        self.list, self.left, self.places = [], self.limit, {}

    def take(self, kind, content):
        if kind == "clear_output":
            self.clear()
        fields = {
            "stream": ("name", "text"),
            "display_data": ("data",),
            "update_display_data": ("data",),
            "execute_result": ("data",),
            "error": ("ename", "evalue", "traceback"),
        }.get(kind)
        if fields is None:
            return
        output = {field: content.get(field) for field in fields}
        place = (content.get("transient") or {}).get("display_id")
        is_change = kind == "update_display_data"
        if is_change and place not in self.places:
            return
        before, freed = self.places[place] if is_change else ({"output_type": kind}, 0)
        size = len(json.dumps(output))
        if size > self.left + freed:
            self.cut = True
            return
        self.left += freed - size
        before.update(output)
        if not is_change:
            self.list.append(before)
        if place:
            self.places[place] = (before, size)


def costs_all(reply):
    """Say whether a cell's end has cost all variables."""
    name = (reply or {}).get("ename")
    return name == "ProcessEnded" or (
        name == "Interrupted" and "All variables are lost" in str(reply.get("evalue"))
    )


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


class Run:
    """The cells of a job, one after the other, in as many boxes as it takes."""

    def __init__(self, job):
        self.job, self.box, self.memory = job, None, 0
        self.begun, self.succeeded = time.monotonic(), []

    def left(self):
        return self.begun + self.job["seconds"] - time.monotonic()

    def all(self):
        for cell in self.job["cells"]:
            begun = time.monotonic()
            result = self.run(cell)
            fields = {"outputs": [], "others": [], "cut": False} | result
            tell("cell", **fields, seconds=round(time.monotonic() - begun, 2))
        self.end_box()
        tell("done", seconds=round(time.monotonic() - self.begun, 1), memory=self.memory)

    def run(self, cell):
        if self.left() <= 0:
            return {"status": "skipped"}
        try:
            if self.box is None:
                self.start_box()
            others = self.box.others() if cell["check"] else []
            limit = min(cell["seconds"], max(1, self.left()))
            result, lost = self.box.execute(cell["source"], limit, self.job["output"])
            if cell["check"]:
                result["others"] = sorted(set(others + self.box.others()))
            if lost:
                self.replay()
        except Lost as what:
            self.end_box()
            return {"status": what.status}
        if result["status"] == "ok":
            self.succeeded.append(cell)
        return result

    def start_box(self):
        self.box = Box(self.job)
        try:
            self.box.open()
        except (OSError, ValueError) as error:
            raise Lost("lost") from error
        self.replay()

    def replay(self):
        """Run the cells again that had succeeded, so that the next ones find what these had made."""
        for cell in self.succeeded:
            if self.left() > 0:
                self.box.execute(cell["replay"], min(cell["seconds"], max(1, self.left())), 1000)

    def end_box(self):
        if self.box:
            self.memory = max(self.memory, self.box.memory)
            self.box.end()
        self.box = None


def tell(event, **fields):
    print(json.dumps({"event": event, **fields}), flush=True)


def watch_stdin(run):
    """End all when standard input closes."""
    while os.read(0, 1024):
        pass
    with starting:
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
