"""What the program that sets PDFs makes of a document and of what hinders it."""

import tempfile
import unittest
from pathlib import Path

import folders  # noqa: F401 (where the program is)
from typeset import line_of, missing_signs, not_shown, outcome


class Document(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.main = Path(folder.name) / "main.typ"
        self.pdf = Path(folder.name) / "main.pdf"

    def write(self, text):
        self.main.write_text(text, encoding="utf-8")


class LineOf(Document):
    def test_the_place_that_typst_names(self):
        self.write("one\ntwo\n")
        self.assertEqual(line_of("error: no\n ┌─ main.typ:2:5\n", self.main), 2)

    def test_the_line_that_calls_for_the_picture(self):
        self.write('= Title\n#image("picture-1.png")\n#image("picture-12.png")\n')
        self.assertEqual(line_of("failed to decode picture-12.png", self.main), 3)

    def test_none_where_nothing_is_named(self):
        self.write("= Title\n")
        self.assertIsNone(line_of("out of memory", self.main))
        self.assertIsNone(line_of("failed to decode picture-3.png", self.main))


class Signs(unittest.TestCase):
    def test_single_signs_are_found_by_halving(self):
        asked = []

        def is_shown(signs):
            asked.append(signs)
            return not set(signs) & set("dx")

        self.assertEqual(not_shown("abcdefghijklmnopqrstuvwx", is_shown), "dx")
        self.assertLess(len(asked), 24)

    def test_nothing_is_asked_of_no_signs(self):
        self.assertEqual(not_shown("", lambda signs: self.fail(signs)), "")

    def test_fonts_show_greek_and_no_unassigned_sign(self):
        self.assertEqual(missing_signs('a αβ \u0378 \\ "'), "\u0378")


class Outcome(Document):
    def test_a_document_with_a_title_keeps_to_the_standard(self):
        self.write('#set document(title: "a")\nwords\n')
        self.assertEqual(outcome(self.main, self.pdf), {"standard": "ua-1"})
        self.assertTrue(self.pdf.read_bytes().startswith(b"%PDF"))

    def test_without_a_title_there_is_a_pdf_and_the_reason(self):
        self.write("words\n")
        found = outcome(self.main, self.pdf)
        self.assertIsNone(found["standard"])
        self.assertIn("title", found["message"])
        self.assertEqual(found["missing"], "")
        self.assertTrue(self.pdf.is_file())

    def test_an_error_is_told_with_its_line(self):
        self.write("words\n\n#no-such-function()\n")
        found = outcome(self.main, self.pdf)
        self.assertEqual(found["line"], 3)
        self.assertIn("no-such-function", found["message"])


if __name__ == "__main__":
    unittest.main()
