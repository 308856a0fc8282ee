"""Install hashed requirements into this environment, quickly where possible.

    .venv/bin/python tools/install.py requirements/base.txt

uv does it in seconds but reads no pip configuration; so what pip is told (a mirror, a directory of wheels, a certificate)
is handed on to uv, and where uv cannot manage all the same, pip does it. The product itself is then linked in.
"""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
HANDED_ON = {
    "INDEX_URL": "UV_DEFAULT_INDEX",
    "EXTRA_INDEX_URL": "UV_INDEX",
    "FIND_LINKS": "UV_FIND_LINKS",
    "CERT": "SSL_CERT_FILE",
}
"""What pip is told, named as in its environment, and where uv looks for the same."""
COMMA_SEPARATED = {"UV_FIND_LINKS"}


def pip(*arguments: str) -> int:
    """Run pip in this environment."""
    return subprocess.run([sys.executable, "-m", "pip", *arguments], cwd=ROOT, check=False).returncode


def handed_on(listing: str) -> dict[str, str]:
    """What `pip config list` says, in uv's words; what stands later there is stronger in pip, too."""
    found: dict[str, str] = {}
    lines = [line for line in listing.splitlines() if "=" in line]
    for line in sorted(lines, key=lambda line: line.startswith(":env:")):
        name, _, value = line.partition("=")
        variable = HANDED_ON.get(name.rpartition(".")[2].replace("-", "_").upper())
        if variable:
            words = str(ast.literal_eval(value)).split()
            found[variable] = ("," if variable in COMMA_SEPARATED else " ").join(words)
    return found


def environment_for_uv() -> dict[str, str]:
    """The present environment, with pip's configuration added where uv was told nothing itself."""
    listing = subprocess.run(
        [sys.executable, "-m", "pip", "config", "list"], capture_output=True, text=True, check=False
    ).stdout
    # pip takes all its indexes as equals; the hashes keep strangers out.
    return {"UV_INDEX_STRATEGY": "unsafe-best-match", **handed_on(listing), **os.environ}


def install(requirements: str) -> int:
    """Bring in everything the file names, each with a matching hash."""
    hashed = ["install", "--quiet", "--require-hashes", "-r", requirements]
    by_uv = [sys.executable, "-m", "uv", "pip", *hashed, "--python", sys.executable]
    if subprocess.run(by_uv, cwd=ROOT, env=environment_for_uv(), check=False).returncode == 0:
        return 0
    print("uv could not install everything; trying the same with pip, which takes longer.", file=sys.stderr)
    return pip(*hashed)


def main() -> int:
    """Install the files named on the command line, then link the product."""
    for requirements in sys.argv[1:]:
        if install(requirements):
            print(
                f"Not everything in {requirements} could be installed; the reason stands above. "
                "Behind a slow or closed network set a mirror in pip's configuration.",
                file=sys.stderr,
            )
            return 1
    return pip("install", "--quiet", "--no-deps", "--no-build-isolation", "--no-index", "--editable", ".")


if __name__ == "__main__":
    sys.exit(main())
