"""Where the programs are that the tests import."""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LAB = ROOT / "crates/lab/python"
GRADE = LAB / "grade"
REPORT = ROOT / "crates/report/python"

for folder in (LAB, GRADE, REPORT):
    sys.path.insert(0, str(folder))
