"""Find the browser of the journeys, or install it where that is allowed.

Prints nothing where all is well; one sentence and exit code 1 where there is none.
`BROWSER=0 make test` leaves the journeys out; `CHROMIUM=/path` names a browser.
"""

import os
import shutil
import sys

from tools import debian

NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
# The browser, and a font so that the pages in it are Japanese and not boxes.
PACKAGES = ("chromium", "fonts-morisawa-bizud-gothic")


def found() -> str | None:
    """Return the path of a Chromium on this machine, if there is one."""
    if named := os.environ.get("CHROMIUM"):
        return named if os.access(named, os.X_OK) else None
    return next((path for name in NAMES if (path := shutil.which(name))), None)


def main() -> int:
    """See to it that there is a browser."""
    if not found():
        debian.install(*PACKAGES)
    if found():
        return 0
    print(
        "No browser for the journeys. Install Chromium (on Debian: apt-get install chromium), "
        "name one (CHROMIUM=/path), or leave the journeys out: make test BROWSER=0",
        file=sys.stderr,
    )
    return 1


if __name__ == "__main__":
    sys.exit(main())
