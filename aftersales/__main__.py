"""`python -m aftersales` is the `aftersales` command."""

import sys

from aftersales.config.cli import main

if __name__ == "__main__":
    sys.exit(main())
