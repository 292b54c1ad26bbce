"""Set a document of Typst's as a PDF.

    python -I typeset.py MAIN_TYP OUT_PDF

On stdout stands one JSON object: {"standard": "ua-1"}, or what hinders the standard, and the PDF is
without it: {"standard": null, "message": "…"}, or what hinders the PDF: {"line": 12, "message": "…"}.
"""

import json
import re
import sys
from pathlib import Path

import typst


def set_pdf(main, pdf, standards):
    typst.compile(str(main), output=str(pdf), root=str(main.parent), pdf_standards=standards)


def outcome(main, pdf):
    try:
        set_pdf(main, pdf, ["ua-1"])
        return {"standard": "ua-1"}
    except typst.TypstError as error:
        message = error.message
    try:
        set_pdf(main, pdf, [])
        return {"standard": None, "message": message}
    except typst.TypstError as error:
        place = re.search(rf"{re.escape(main.name)}:(\d+):", error.diagnostic)
        return {"line": int(place.group(1)) if place else None, "message": error.message}


if __name__ == "__main__":
    print(json.dumps(outcome(Path(sys.argv[1]), Path(sys.argv[2]))))
