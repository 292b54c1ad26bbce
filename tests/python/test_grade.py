"""What the program that drives a box makes of outputs, replies and processes, without a box."""

import json
import os
import subprocess
import unittest

import folders  # noqa: F401 (where the program is)
from outputs import Outputs
from processes import below, process, processes_below, strangers
from replies import costs_all, status_of

LOSSES = {"Ended": "", "Stopped": "all is lost"}


def figure(text, place=None):
    return {"data": {"text/plain": text}, "transient": {"display_id": place} if place else {}}


def texts(outputs):
    return [output["data"]["text/plain"] for output in outputs.list]


class WhatACellShows(unittest.TestCase):
    def test_outputs_are_kept_as_nbformat_has_them(self):
        outputs = Outputs(10_000)
        outputs.take("stream", {"name": "stdout", "text": "a", "other": 1})
        outputs.take("error", {"ename": "Panic", "evalue": "no", "traceback": ["no"]})
        outputs.take("status", {"execution_state": "busy"})
        expected = [
            {"output_type": "stream", "name": "stdout", "text": "a"},
            {"output_type": "error", "ename": "Panic", "evalue": "no", "traceback": ["no"]},
        ]
        self.assertEqual(outputs.list, expected)
        self.assertFalse(outputs.cut)

    def test_a_field_that_is_missing_is_none(self):
        outputs = Outputs(10_000)
        outputs.take("stream", {"text": "a"})
        self.assertEqual(outputs.list, [{"output_type": "stream", "name": None, "text": "a"}])

    def test_what_is_beyond_the_limit_is_cut_and_what_fits_after_it_is_kept(self):
        size = len(json.dumps({"data": {"text/plain": "1"}}))
        outputs = Outputs(2 * size)
        for text in ("1", "far too long", "2", "3"):
            outputs.take("display_data", figure(text))
        self.assertEqual(texts(outputs), ["1", "2"])
        self.assertTrue(outputs.cut)

    def test_a_figure_that_changes_counts_once(self):
        size = len(json.dumps({"data": {"text/plain": "1"}}))
        outputs = Outputs(size)
        outputs.take("display_data", figure("1", "p"))
        for text in "23456":
            outputs.take("update_display_data", figure(text, "p"))
        self.assertEqual(texts(outputs), ["6"])
        self.assertFalse(outputs.cut)

    def test_a_change_that_is_too_large_leaves_the_figure_as_it_was(self):
        size = len(json.dumps({"data": {"text/plain": "1"}}))
        outputs = Outputs(size)
        outputs.take("display_data", figure("1", "p"))
        outputs.take("update_display_data", figure("longer", "p"))
        self.assertEqual(texts(outputs), ["1"])
        self.assertTrue(outputs.cut)

    def test_a_change_of_no_figure_is_none(self):
        outputs = Outputs(10_000)
        outputs.take("update_display_data", figure("1", "p"))
        self.assertEqual(outputs.list, [])

    def test_what_is_cleared_leaves_its_room(self):
        size = len(json.dumps({"data": {"text/plain": "1"}}))
        outputs = Outputs(size)
        outputs.take("display_data", figure("1"))
        outputs.take("clear_output", {})
        outputs.take("display_data", figure("2"))
        self.assertEqual(texts(outputs), ["2"])
        self.assertFalse(outputs.cut)


class Replies(unittest.TestCase):
    def test_a_cell_is_ok_where_its_reply_says_so(self):
        self.assertEqual(status_of({"status": "ok"}, stopped=False), "ok")
        self.assertEqual(status_of({"status": "error"}, stopped=False), "error")
        self.assertEqual(status_of({}, stopped=False), "error")
        self.assertEqual(status_of(None, stopped=False), "error")

    def test_a_cell_that_was_stopped_took_too_long_whatever_it_says(self):
        self.assertEqual(status_of({"status": "ok"}, stopped=True), "timeout")

    def test_all_is_lost_by_the_errors_name_and_its_words(self):
        lost = [
            {"ename": "Ended", "evalue": "by itself"},
            {"ename": "Stopped", "evalue": "so all is lost: again"},
        ]
        for reply in lost:
            self.assertTrue(costs_all(reply, LOSSES), reply)
        kept = [
            {"ename": "Stopped", "evalue": "before it ran"},
            {"ename": "Panic", "evalue": "all is lost"},
            {"ename": "Stopped"},
            {},
            None,
        ]
        for reply in kept:
            self.assertFalse(costs_all(reply, LOSSES), reply)


def a_process(pid, parent, program="kernel", threads=1):
    status = {"Name": f"p{pid}", "PPid": parent, "Threads": threads, "RssAnon": "12 kB"}
    text = "\n".join(f"{key}:\t{value}" for key, value in status.items())
    return process(str(pid), text + "\n", f"/bin/{program}")


# A box whose first process, 2, has started two of a kernel's.
KERNEL = [a_process(3, 2), a_process(4, 3)]


class Processes(unittest.TestCase):
    def test_a_process_is_read(self):
        expected = {
            "pid": 7,
            "name": "p7",
            "parent": 2,
            "threads": 3,
            "memory": 12 * 1024,
            "program": "/bin/kernel",
        }
        self.assertEqual(a_process(7, 2, threads=3), expected)

    def test_one_that_has_ended_has_no_memory(self):
        with self.assertRaises(KeyError):
            process("7", "Name:\tp7\nPPid:\t2\nThreads:\t1\n", "/bin/kernel")

    def test_no_name_makes_a_second_line(self):
        text = "Name:\ta\x0cPPid:\t9\nPPid:\t2\nThreads:\t1\nRssAnon:\t1 kB\n"
        self.assertEqual(process("7", text, "/bin/a")["parent"], 2)

    def test_below_one_are_its_children_and_theirs(self):
        processes = [a_process(1, 0), a_process(5, 4), *KERNEL, a_process(9, 1)]
        self.assertEqual([one["pid"] for one in below(processes, 2)], [3, 4, 5])

    def test_a_kernels_own_are_no_strangers(self):
        self.assertEqual(strangers(KERNEL, 2, 2), [])

    def test_what_else_runs_is_named(self):
        beside, started = a_process(5, 2, "sleep"), a_process(6, 4, "sh")
        self.assertEqual(strangers([*KERNEL, beside, started], 2, 2), ["p5", "p6"])

    def test_a_program_of_another_name_takes_no_place_of_the_kernels(self):
        self.assertEqual(strangers([a_process(3, 2), a_process(4, 3, "sh")], 2, 2), ["p4"])

    def test_a_thread_of_the_last_is_named(self):
        processes = [a_process(3, 2, threads=9), a_process(4, 3, threads=2)]
        self.assertEqual(strangers(processes, 2, 2), ["a thread of the notebook's process"])

    @unittest.skipUnless(os.path.isdir("/proc/self"), "this system has no /proc")
    def test_a_process_that_was_started_here_is_found(self):
        with subprocess.Popen(["sleep", "60"]) as child:
            try:
                found = [one for one in processes_below(os.getpid()) if one["pid"] == child.pid]
            finally:
                child.kill()
        self.assertEqual([one["parent"] for one in found], [os.getpid()])


if __name__ == "__main__":
    unittest.main()
