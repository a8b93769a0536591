"""`madoguchi serve`: answer on an address, with what is installed and nothing in front.

One worker runs beside it, unless told otherwise: see docs/decisions/0041.
"""

import gc
import logging
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from typing import Any

import click

from madoguchi.cli.presence import be_here
from madoguchi.cli.setting import missing_database, set_up

logger = logging.getLogger(__name__)

_NOT_READY = (
    "データベースの準備ができていないか、前の版のままです。"
    "控えをとってから、madoguchi migrate を実行してください。"
)
_NOT_THERE = "データベースにつながりません。DATABASE_URL を確かめてください。"
_NO_KEY = (
    "相談の言葉に封をする鍵がありません。MADOGUCHI_KEY か MADOGUCHI_KEY_PATH を設定してください。"
)
_TAKEN = (
    "{host}:{port} を使えません。"
    "ほかのプログラムが使っていないか確かめるか、--port で別の番号を指定してください。"
)


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to answer on.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@click.option("--workers", default=2, show_default=True, type=click.IntRange(1))
@click.option("--threads", default=4, show_default=True, type=click.IntRange(1))
@click.option(
    "--worker/--no-worker",
    "has_worker",
    default=True,
    show_default=True,
    help="Do the jobs beside the pages; without, `madoguchi worker` runs by itself.",
)
def serve(*, host: str, port: int, workers: int, threads: int, has_worker: bool) -> None:
    """Serve the pages until stopped."""
    set_up()
    check_ready()
    _check_free(host, port)
    named = f"[{host}]" if ":" in host else host
    click.echo(f"案内と相談のページ: http://{named}:{port}/")
    click.echo(f"相談デスク: http://{named}:{port}/desk/")
    _run(
        {
            "bind": f"{named}:{port}",
            "worker_class": "gthread",
            "workers": workers,
            "threads": threads,
            "preload_app": True,  # the apps are loaded already; workers start at once
            "accesslog": None,  # who asked for what is nobody's business
            "loglevel": "warning",
            "control_socket_disable": True,
            "post_worker_init": lambda _worker: threading.Thread(
                target=_read_ahead, name="read-ahead", daemon=True
            ).start(),
        },
        _Worker() if has_worker else None,
    )


def check_ready() -> None:
    """Refuse where database or key are absent, and make nothing beside what is not ours.

    From then on nobody restores a backup before this process has ended.
    """
    from django.conf import settings

    if missing := missing_database():
        raise click.ClickException(missing)
    if settings.EMBEDDED:  # its key may be made: only once the database is known to be ours
        _check_database()
        _check_key()
    else:
        _check_key()
        _check_database()
    be_here()


def _check_key() -> None:
    """Refuse to serve without the key: nothing that people write could be sealed."""
    from madoguchi.vault.keys import KeyMissingError, master_keys

    try:
        master_keys()
    except (KeyMissingError, OSError):
        raise click.ClickException(_NO_KEY) from None


def _check_database() -> None:
    """Refuse to serve from a database that is absent or of another version."""
    from django.db import DatabaseError, connection, connections
    from django.db.migrations.executor import MigrationExecutor

    try:
        executor = MigrationExecutor(connection)
        pending = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError:
        raise click.ClickException(_NOT_THERE) from None
    finally:
        connections.close_all()  # no connection may be shared with the workers
    if pending:
        raise click.ClickException(_NOT_READY)


def _check_free(host: str, port: int) -> None:
    """Refuse at once, and in one sentence, where the address is taken."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        socket.create_server((host, port), family=family).close()
    except OSError:
        raise click.ClickException(_TAKEN.format(host=host, port=port)) from None


class _Worker:
    """`madoguchi worker` as a child of the server: begun again when it ends, ended with it."""

    _AGAIN = 5.0  # seconds, so that one that cannot start does not take the machine

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._not_before = 0.0

    def keep(self) -> None:
        """See that it runs."""
        is_there = self._process is not None and self._process.poll() is None
        if not is_there and time.monotonic() >= self._not_before:
            words = ["-m", "madoguchi.cli", "worker", "--beside", str(os.getpid())]
            self._process = subprocess.Popen([sys.executable, *words], stdout=sys.stderr)  # noqa: S603 (ourselves)
            self._not_before = time.monotonic() + self._AGAIN

    def tell_to_stop(self) -> None:
        """Let it end the job it is at. It does not outlive us by more than that."""
        if self._process is not None and self._process.poll() is None:
            self._process.terminate()


# Two thirds of the time a core is left to who asks for a page; seconds between looks at the ledger.
_SHARE, _BETWEEN_LOOKS, _AFTER_TROUBLE = 2, 5.0, 60.0


def _read_ahead() -> None:
    """Open what searches will go through, beside the threads that answer, as long as they do."""
    from django.db import DatabaseError, close_old_connections

    from madoguchi.consultations.queries.shelf import read_ahead
    from madoguchi.vault.sealing import SealBrokenError

    while True:
        began, pause = time.monotonic(), _BETWEEN_LOOKS
        try:
            if read_ahead():
                pause = (time.monotonic() - began) * _SHARE
        except (DatabaseError, SealBrokenError) as error:
            logger.warning("さがす準備ができませんでした（%s）。", type(error).__name__)
            pause = _AFTER_TROUBLE
        close_old_connections()
        time.sleep(pause)


def _application() -> Callable[..., Any]:
    """Load every page before the workers part, and let no collection of garbage look at it again.

    Each full one went through all of Django, while nobody was answered: a tenth of a second.
    """
    from django.core.wsgi import get_wsgi_application
    from django.urls import get_resolver

    application = get_wsgi_application()
    get_resolver().url_patterns  # noqa: B018 (asking loads them)
    gc.collect()
    gc.freeze()
    return application


def _run(options: dict[str, Any], worker: _Worker | None) -> None:
    """Hand over to gunicorn; comes back when it is stopped."""
    from gunicorn.app.base import BaseApplication
    from gunicorn.arbiter import Arbiter

    class Server(BaseApplication):
        """gunicorn, set up from here and not from files of its own."""

        def load_config(self) -> None:
            for name, value in options.items():
                self.cfg.set(name, value)

        def load(self) -> Callable[..., Any]:
            return _application()

    class Master(Arbiter):
        """gunicorn's master, which also sees to the worker: it looks after its own each second."""

        def manage_workers(self) -> None:
            super().manage_workers()
            if worker:
                worker.keep()

        def stop(self, graceful: bool = True) -> None:  # noqa: FBT001, FBT002 (gunicorn's signature)
            if worker:
                worker.tell_to_stop()
            super().stop(graceful)

    Master(Server()).run()
