"""The cells of a job, and what is told of them."""

import json
import time

from box import Box, Lost


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
