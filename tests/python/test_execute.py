"""What the program that executes notebooks makes of cells and outputs, without a kernel."""

import tempfile
import unittest
from pathlib import Path

import folders  # noqa: F401 (where the program is)
from execute import data_named_in, failure_in, first_line, title_of, write_whole
from nbformat import v4


def code(source="1 + 1", outputs=(), tags=()):
    cell = v4.new_code_cell(source, outputs=list(outputs))
    cell.metadata["tags"] = list(tags)
    return cell


def error(**fields):
    return v4.new_output("error", **fields)


class FirstLine(unittest.TestCase):
    def test_comments_and_blank_lines_are_passed_over(self):
        self.assertEqual(
            first_line("\n// Load the data.\n\n  let a = 1;\nlet b = 2;"), "let a = 1;"
        )

    def test_a_cell_of_comments_alone_is_named_by_the_first(self):
        self.assertEqual(first_line("\n  // One\n// Two"), "// One")

    def test_an_empty_cell_has_none(self):
        self.assertEqual(first_line(" \n\t\n"), "")


class FailureIn(unittest.TestCase):
    def test_an_error_gives_its_name_and_its_traceback_without_colours(self):
        traceback = ["\x1b[31mPanic: no\x1b[0m", "  in cell [1], line 2:"]
        failure = failure_in(code(outputs=[error(ename="Panic", evalue="no", traceback=traceback)]))
        self.assertEqual(failure.kind, "Panic")
        self.assertEqual(failure.message, "Panic: no\n  in cell [1], line 2:")

    def test_an_error_without_a_traceback_gives_its_value(self):
        failure = failure_in(code(outputs=[error(ename="Error", evalue="no", traceback=[])]))
        self.assertEqual((failure.kind, failure.message), ("Error", "no"))

    def test_other_outputs_are_no_failure(self):
        stream = v4.new_output("stream", name="stderr", text="error: no\n")
        self.assertIsNone(failure_in(code(outputs=[stream])))

    def test_a_cell_that_is_meant_to_fail_does_not(self):
        outputs = [error(ename="Panic", evalue="no", traceback=[])]
        self.assertIsNone(failure_in(code(outputs=outputs, tags=["raises-exception"])))


class WhatANotebookSays(unittest.TestCase):
    def test_its_title_is_its_first_heading(self):
        cells = [code("# no heading"), v4.new_markdown_cell("words\n\n## Depth  \n# Later")]
        notebook = v4.new_notebook(cells=cells)
        self.assertEqual(title_of(notebook, "07-depth"), "Depth")

    def test_without_a_heading_its_files_name_is_its_title(self):
        notebook = v4.new_notebook(cells=[v4.new_markdown_cell("#no heading")])
        self.assertEqual(title_of(notebook, "07-depth"), "07-depth")

    def test_data_are_those_that_outputs_name_and_no_source_does(self):
        shown = v4.new_output("display_data", data={"text/plain": "Losses (built-in digits)"})
        notebook = v4.new_notebook(cells=[code("// MNIST"), code(outputs=[shown])])
        self.assertEqual(data_named_in(notebook), ["built-in digits"])


class WriteWhole(unittest.TestCase):
    def test_a_file_is_replaced_and_nothing_else_is_left(self):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "a.ipynb"
            write_whole(path, "old")
            write_whole(path, "ä new one")
            self.assertEqual(path.read_text(encoding="utf-8"), "ä new one")
            self.assertEqual(path.stat().st_mode & 0o777, 0o644)
            self.assertEqual(list(Path(folder).iterdir()), [path])


if __name__ == "__main__":
    unittest.main()
