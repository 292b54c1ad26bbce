"""A front end that does what it is told: one JSON object a line in, one a line out.

    {"do": "execute", "code": "1 + 1"}            runs a cell; more fields: interrupt_after (seconds),
                                                  interrupt_at (so many outputs), stop_on_error,
                                                  client (a name: another front end), allow_stdin
    {"do": "queue", "codes": ["…", "…"]}          sends cells without waiting, then gives all replies
    {"do": "ask", "kind": "complete", …}          complete, inspect or info, with the request's fields
    {"do": "disturb"}                             throws at the sockets what no front end would send
    {"do": "leave", "code": "…"}                  starts a cell as another front end, and goes away
    {"do": "input", "code": "…", "values": ["…"]} runs a cell, answers its questions, and interrupts it at
                                                  the next one if "interrupt" is true
    {"do": "interrupt"}, {"do": "restart"}, {"do": "kill"}, {"do": "shutdown"}

The kernel's process id is told first. Arguments: the transport, tcp or ipc.
"""

import contextlib
import json
import os
import random
import socket
import sys
import tempfile
import threading
import time

import zmq
from jupyter_client.manager import KernelManager
from jupyter_client.session import Session

TIMEOUT = 120


class FrontEnd:
    def __init__(self, transport):
        self.manager = KernelManager(kernel_name="backprop-lab", transport=transport)
        if transport == "ipc":
            # A socket's path has a hundred letters at the most.
            folder = tempfile.mkdtemp(prefix="b")
            self.manager.connection_file = os.path.join(folder, "c.json")
        self.begun = time.monotonic()
        self.manager.start_kernel()
        self.clients = {}
        self.client("")

    def client(self, name):
        if name not in self.clients:
            client = self.manager.client()
            client.session = Session(key=self.manager.session.key)
            client.start_channels()
            client.wait_for_ready(timeout=TIMEOUT)
            self.clients[name] = client
        return self.clients[name]

    def execute(
        self,
        code,
        interrupt_after=None,
        interrupt_at=None,
        stop_on_error=True,
        client="",
        allow_stdin=None,
    ):
        begun = time.monotonic()
        client = self.client(client)
        request = client.execute(code, stop_on_error=stop_on_error, allow_stdin=allow_stdin)
        if interrupt_after is not None:
            threading.Timer(interrupt_after, self.manager.interrupt_kernel).start()

        def seen(number):
            if number == interrupt_at:
                self.manager.interrupt_kernel()

        outputs = outputs_of(client, request, seen)
        reply = reply_to(client, request)
        return {"reply": reply, "outputs": outputs, "seconds": time.monotonic() - begun}

    def queue(self, codes):
        client = self.client("")
        requests = [client.execute(code) for code in codes]
        for request in requests:
            outputs_of(client, request)
        return {"replies": [reply_to(client, request) for request in requests]}

    def ask(self, kind, **fields):
        client = self.client("")
        method = {"complete": client.complete, "inspect": client.inspect}.get(kind)
        request = method(**fields) if method else client.kernel_info()
        return {"reply": reply_to(client, request)}

    def input(self, code, values, interrupt=False):
        client = self.client("")
        begun = time.monotonic()
        request = client.execute(code, allow_stdin=True)
        questions = []
        for value in values:
            questions.append(client.get_stdin_msg(timeout=TIMEOUT)["content"])
            client.input(value)
        if interrupt:
            questions.append(client.get_stdin_msg(timeout=TIMEOUT)["content"])
            self.manager.interrupt_kernel()
        outputs = outputs_of(client, request)
        reply = reply_to(client, request)
        seconds = time.monotonic() - begun
        return {"reply": reply, "outputs": outputs, "questions": questions, "seconds": seconds}

    def leave(self, code):
        client = self.client("leaver")
        client.execute(code)
        time.sleep(1)
        client.stop_channels()
        del self.clients["leaver"]
        return {}

    def disturb(self):
        info = self.manager.get_connection_info()
        rng = random.Random(0)
        for channel in ("shell", "control", "stdin", "iopub", "hb"):
            port = info[f"{channel}_port"]
            for size in (1, 64, 4096):
                throw_bytes(info["ip"], port, rng.randbytes(size))
        for parts in malformed(info["key"], rng):
            for channel in ("shell", "control", "stdin"):
                throw_message(info["ip"], info[f"{channel}_port"], parts)
        return {}

    def interrupt(self):
        """Interrupt, and wait until the kernel has heard it: what is asked next comes after."""
        client = self.client("")
        client.control_channel.send(client.session.msg("interrupt_request", {}))
        client.get_control_msg(timeout=TIMEOUT)
        return {}

    def restart(self):
        self.manager.restart_kernel(now=False)
        self.clients[""].wait_for_ready(timeout=TIMEOUT)
        return {}

    def kill(self):
        self.manager.provisioner.process.kill()
        self.manager.provisioner.process.wait()
        return {}

    def shutdown(self):
        self.manager.shutdown_kernel()
        return {}


def outputs_of(client, request, seen=lambda number: None):
    """Give a cell's outputs once the kernel is idle again; a front end clears them when told so.

    Each is told of by its number as it comes.
    """
    outputs = []
    while True:
        message = client.get_iopub_msg(timeout=TIMEOUT)
        kind, content = message["msg_type"], message["content"]
        if message["parent_header"].get("msg_id") != request:
            if message["parent_header"].get("session") == client.session.session:
                outputs.append({"type": f"stray {kind}", "content": content})
        elif content.get("execution_state") == "idle":
            return outputs
        elif kind == "clear_output":
            outputs.clear()
        elif kind not in ("status", "execute_input"):
            outputs.append({"type": kind, "content": content})
            seen(len(outputs))


def reply_to(client, request):
    while True:
        message = client.get_shell_msg(timeout=TIMEOUT)
        if message["parent_header"].get("msg_id") == request:
            return message["content"]


def malformed(key, rng):
    """Give messages of which each is wrong in its own way; most are signed."""
    session = Session(key=key.encode() if isinstance(key, str) else key)
    header = session.msg_header("execute_request")
    good = [session.pack(part) for part in (header, {}, {}, {"code": "1"})]

    def signed(parts):
        return [b"<IDS|MSG>", session.sign(parts[:4]), *parts]

    yield [b"<IDS|MSG>", b"0" * 64, *good]
    yield [b"<IDS|MSG>", b"no hexadecimal", *good]
    yield [b"<IDS|MSG>"]
    yield [b"<IDS|MSG>", b""]
    yield [rng.randbytes(100)]
    yield signed(good[:3])
    yield signed([b"{", *good[1:]])
    yield signed([session.pack({}), *good[1:]])
    yield signed([*good[:3], b"\xff\xfe"])
    unknown = session.pack(session.msg_header("unheard_of_request"))
    yield signed([unknown, *good[1:]])
    for kind in ("execute_request", "complete_request", "interrupt_request_of_another_kind"):
        yield signed([session.pack(session.msg_header(kind)), *good[1:3], session.pack([1, 2])])


def throw_bytes(ip, port, data):
    connection = socket.create_connection((ip, port), timeout=5)
    with connection, contextlib.suppress(OSError):  # it may hang up
        connection.sendall(data)


def throw_message(ip, port, parts):
    dealer = zmq.Context.instance().socket(zmq.DEALER)
    dealer.linger = 1000
    dealer.connect(f"tcp://{ip}:{port}")
    dealer.send_multipart(parts)
    time.sleep(0.01)
    dealer.close()


def tell(**fields):
    print(json.dumps(fields), flush=True)


def main():
    front_end = FrontEnd(sys.argv[1])
    tell(pid=front_end.manager.provisioner.process.pid, seconds=time.monotonic() - front_end.begun)
    for line in sys.stdin:
        order = json.loads(line)
        tell(**getattr(front_end, order.pop("do"))(**order))
    if front_end.manager.is_alive():
        front_end.shutdown()


main()
