"""Find the mail servers of the journeys (Postfix, Dovecot), or install them where that is allowed.

Prints nothing where all is well; one sentence and exit code 1 where they are missing. They
are never started as services: a journey runs its own, on loopback, in a folder of its own.
`MAILSERVER=0 make test` leaves those journeys out and says so.
"""

import os
import sys

from tools import debian

PROGRAMS = (
    "/usr/sbin/postfix",
    "/usr/sbin/dovecot",
    "/usr/lib/dovecot/lmtp",
    "/usr/lib/dovecot/imap",
)
PACKAGES = ("postfix", "dovecot-imapd", "dovecot-lmtpd")
UNSET = "postfix postfix/main_mailer_type select No configuration\n"
NEEDED = (
    "The e-mail journeys need Postfix and Dovecot, and root to run them. Install them (on Debian: "
    "apt-get install postfix dovecot-imapd dovecot-lmtpd), or leave those journeys out: "
    "make test MAILSERVER=0"
)


def found() -> bool:
    """Tell whether both servers are on this machine and may be run."""
    return os.geteuid() == 0 and all(os.access(it, os.X_OK) for it in PROGRAMS)


def main() -> int:
    """See to it that there are mail servers."""
    if not found():
        debian.install(*PACKAGES, answers=UNSET)
    if found():
        return 0
    print(NEEDED, file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
