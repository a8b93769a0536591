"""Ask Debian's (or Ubuntu's) packages for what a tool needs."""

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence


def install(*packages: str, answers: str = "") -> None:
    """Install `packages`, as root only; `answers` are debconf's. Nothing is started.

    What apt-get says is repeated only where it fails: whoever asks looks then, and says
    what is missing.
    """
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return
    print(f"installing {', '.join(packages)}", flush=True)
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive", "RUNLEVEL": "1"}
    steps: list[tuple[Sequence[str], str]] = [
        (["apt-get", "-q", "update"], ""),
        (["apt-get", "-q", "install", "-y", "--no-install-recommends", *packages], ""),
    ]
    if answers:
        steps.insert(0, (["debconf-set-selections"], answers))
    for words, said in steps:
        told = subprocess.run(
            words, env=quiet, input=said, capture_output=True, text=True, check=False
        )
        if told.returncode:
            print(told.stdout, told.stderr, file=sys.stderr)
