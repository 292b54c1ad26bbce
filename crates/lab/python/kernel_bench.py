"""Measure a kernel as a front end meets it, and tell it as one JSON object.

Arguments: the kernel's name, and how often each cell is run.
"""

import glob
import json
import sys
import time
from functools import partial

from jupyter_client.manager import KernelManager

TIMEOUT = 120
FIRST = "Data::digits(3, 1)?.train.len()"
# Each pair of cells differs in nothing but a type.
CELLS = {
    "`println!`": 'println!("{}", {n});',
    "a result": "{n} + 1",
    "`let` with a type": "let a{n}: Vec<f64> = vec![{n}.5];",
    "`let` without a type": "let b{n} = vec![{n}.5];",
    "`let` of an array with a type": "let c{n}: Array2<f64> = array![[{n}.5]];",
    "`let` of an array without a type": "let d{n} = array![[{n}.5]];",
    "a function": "fn f{n}(x: f64) -> f64 {{ x * {n}.0 }}",
    "a loop": 'let mut sum = 0.0; for i in 0..{n}00 {{ sum += f64::from(i).sqrt(); }} println!("{{sum}}");',
    "a figure": 'Curves::new("{n}").series("y", &[1.0, 2.0]).draw()',
    "a compile error": 'let e: i32 = "{n}";',
}
ASKED = {
    "completion after a dot": ("complete", "b0."),
    "completion of a path": ("complete", "Activation::"),
    "documentation": ("inspect", "Trainer"),
}


class Kernel:
    def __init__(self, name):
        begun = time.monotonic()
        self.manager = KernelManager(kernel_name=name)
        self.manager.start_kernel()
        self.client = self.manager.client()
        self.client.start_channels()
        self.client.wait_for_ready(timeout=TIMEOUT)
        self.ready = time.monotonic() - begun
        self.execute(FIRST)
        self.first = time.monotonic() - begun

    def execute(self, code):
        request = self.client.execute(code)
        while True:
            message = self.client.get_iopub_msg(timeout=TIMEOUT)
            is_ours = message["parent_header"].get("msg_id") == request
            if is_ours and message["content"].get("execution_state") == "idle":
                break
        self.reply(request)

    def ask(self, kind, code):
        request = getattr(self.client, kind)(code, len(code))
        return self.reply(request)

    def reply(self, request):
        while True:
            message = self.client.get_shell_msg(timeout=TIMEOUT)
            if message["parent_header"].get("msg_id") == request:
                return message["content"]

    def family(self):
        """Give the processes of the kernel."""
        children = {}
        for path in glob.glob("/proc/[0-9]*/stat"):
            fields = fields_of(path)
            if fields:
                children.setdefault(int(fields[1]), []).append(int(path.split("/")[2]))
        found, waiting = [], [self.manager.provisioner.process.pid]
        while waiting:
            found.append(waiting.pop())
            waiting += children.get(found[-1], [])
        return found

    def cpu(self):
        """Give the processor time of the kernel and of all that it has started, in seconds."""
        all_fields = [fields_of(f"/proc/{process}/stat") for process in self.family()]
        return sum(sum(map(int, fields[11:15])) for fields in all_fields if fields) / 100

    def memory(self):
        """Give the memory of all its processes in MB; what they share counts once."""
        shares = 0
        for process in self.family():
            with open(f"/proc/{process}/smaps_rollup") as lines:
                shares += sum(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
        return shares / 1000


def fields_of(path):
    try:
        with open(path) as file:
            text = file.read()
    except OSError:
        return None
    return text[text.rindex(")") + 2 :].split()


def measure(kernel, work):
    cpu, begun = kernel.cpu(), time.monotonic()
    work()
    return {"seconds": time.monotonic() - begun, "cpu": kernel.cpu() - cpu}


def main():
    kernel = Kernel(sys.argv[1])
    told = {"ready": kernel.ready, "first": kernel.first, "memory": kernel.memory()}
    cells = {name: [] for name in CELLS}
    for n in range(int(sys.argv[2])):
        for name, code in CELLS.items():
            code = code.replace("{n}", str(n)).replace("{{", "{").replace("}}", "}")
            cells[name].append(measure(kernel, partial(kernel.execute, code)))
    for name, (kind, code) in ASKED.items():
        kernel.ask(kind, code)  # the first makes or reads the tables
        ask = partial(kernel.ask, kind, code)
        cells[name] = [measure(kernel, ask) for _ in range(int(sys.argv[2]))]
    told["cells"] = cells
    kernel.manager.shutdown_kernel()
    print(json.dumps(told))


main()
