"""A kernel in its box: how it starts, executes cells, is watched and ends."""

import contextlib
import json
import os
import secrets
import signal
import subprocess
import tempfile
import threading
import time

import zmq
from jupyter_client.blocking import BlockingKernelClient
from outputs import Outputs
from processes import processes_below, strangers
from replies import costs_all, status_of

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
        result = {"status": status_of(reply, stopped), "outputs": outputs.list, "cut": outputs.cut}
        return result, costs_all(reply, self.job["losses"])

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
        """Name what runs in the box beside the kernel."""
        return strangers(processes_below(self.first), self.first, self.job["kernel_processes"])

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
