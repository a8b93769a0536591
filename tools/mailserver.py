"""Find the mail servers of the journeys (Postfix, Dovecot), or install them where that is allowed.

Prints nothing where all is well; one sentence and exit code 1 where they are missing. They
are never started as services: a journey runs its own, on loopback, in a folder of its own.
`MAILSERVER=0 make test` leaves those journeys out and says so.
"""

import os
import shutil
import subprocess
import sys

PROGRAMS = (
    "/usr/sbin/postfix",
    "/usr/sbin/dovecot",
    "/usr/lib/dovecot/lmtp",
    "/usr/lib/dovecot/imap",
)
PACKAGES = ("postfix", "dovecot-imapd", "dovecot-lmtpd")
NEEDED = (
    "The e-mail journeys need Postfix and Dovecot, and root to run them. Install them (on Debian: "
    "apt-get install postfix dovecot-imapd dovecot-lmtpd), or leave those journeys out: "
    "make test MAILSERVER=0"
)


def found() -> bool:
    """Tell whether both servers are on this machine and may be run."""
    return os.geteuid() == 0 and all(os.access(it, os.X_OK) for it in PROGRAMS)


def install() -> None:
    """Ask Debian's (or Ubuntu's) packages for them, as root only. Nothing is started."""
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return
    print("installing Postfix and Dovecot for the e-mail journeys", flush=True)
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive", "RUNLEVEL": "1"}
    unset = "postfix postfix/main_mailer_type select No configuration\n"
    for words, said in (
        (["debconf-set-selections"], unset),
        (["apt-get", "-q", "update"], ""),
        (["apt-get", "-q", "install", "-y", "--no-install-recommends", *PACKAGES], ""),
    ):
        told = subprocess.run(
            words, env=quiet, input=said, capture_output=True, text=True, check=False
        )
        if told.returncode:
            print(told.stdout, told.stderr, file=sys.stderr)


def main() -> int:
    """See to it that there are mail servers."""
    if not found():
        install()
    if found():
        return 0
    print(NEEDED, file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
