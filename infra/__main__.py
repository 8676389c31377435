"""`python -m infra COMMAND` is `quaystream COMMAND` without the console script."""

import sys

from infra.cli import main

if __name__ == "__main__":
    sys.exit(main())
