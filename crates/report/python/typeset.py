"""Set a document of Typst's as a PDF.

    python -I typeset.py MAIN_TYP OUT_PDF

On stdout stands one JSON object: {"standard": "ua-1"}, or what hinders the standard, and the PDF is
without it: {"standard": null, "message": "…", "missing": "…"}, where `missing` are the signs that no
font has; or what hinders the PDF: {"line": 12, "message": "…"}.
"""

import json
import re
import sys
from pathlib import Path

import typst

NO_FONT = "could not be displayed"


def set_pdf(main, pdf, standards):
    typst.compile(str(main), output=str(pdf), root=str(main.parent), pdf_standards=standards)


def missing_signs(text):
    """Gives the signs that no font has."""
    compiler = typst.Compiler(b"")

    def is_shown(signs):
        quoted = " ".join(signs).replace("\\", "\\\\").replace('"', '\\"')
        document = f'#set document(title: "a")\n#"{quoted}"'
        try:
            compiler.compile(document.encode(), pdf_standards=["ua-1"])
            return True
        except typst.TypstError as error:
            return NO_FONT not in error.message

    return not_shown("".join(sorted({sign for sign in text if ord(sign) > 127})), is_shown)


def not_shown(signs, is_shown):
    """Gives the signs that are not shown, halving what is asked until single ones are found."""
    if not signs or is_shown(signs):
        return ""
    if len(signs) == 1:
        return signs
    half = len(signs) // 2
    return not_shown(signs[:half], is_shown) + not_shown(signs[half:], is_shown)


def line_of(diagnostic, main):
    """Gives the line that hinders the PDF, or that calls for the picture which does."""
    place = re.search(rf"{re.escape(main.name)}:(\d+):", diagnostic)
    if place:
        return int(place.group(1))
    picture = re.search(r"picture-\d+\.\w+", diagnostic)
    if not picture:
        return None
    lines = main.read_text(encoding="utf-8").splitlines()
    calls = (number for number, line in enumerate(lines, 1) if f'"{picture.group()}"' in line)
    return next(calls, None)


def outcome(main, pdf):
    try:
        set_pdf(main, pdf, ["ua-1"])
        return {"standard": "ua-1"}
    except typst.TypstError as error:
        message = error.message
    try:
        set_pdf(main, pdf, [])
    except typst.TypstError as error:
        return {"line": line_of(error.diagnostic, main), "message": error.message}
    missing = ""
    if NO_FONT in message:
        missing = missing_signs(main.read_text(encoding="utf-8"))
        message = "a sign has no font"
    return {"standard": None, "message": message, "missing": missing}


if __name__ == "__main__":
    print(json.dumps(outcome(Path(sys.argv[1]), Path(sys.argv[2]))))
