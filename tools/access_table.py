"""Write tests/architecture/access.csv anew: every address asked as a person of every duty. Read the diff before you commit it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def main() -> int:
    """Let the test that compares the table write it."""
    tests = ["tests/architecture/test_access.py", "-q", "-p", "no:xdist", "--show-capture=no"]
    environment = os.environ | {"UPDATE_ACCESS_TABLE": "1"}
    return subprocess.run([sys.executable, "-m", "pytest", *tests], cwd=ROOT, env=environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
