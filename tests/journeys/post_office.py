"""A post office of our own: Postfix and Dovecot on loopback, in a folder that goes when it closes.

Two domains, and nothing leaves them: the desk's (desk.test) and the people's (home.test).
`gone@home.test` is known to Postfix and not to Dovecot: what is sent there comes back with a
true delivery report.
"""

import base64
import datetime as dt
import imaplib
import shutil
import smtplib
import socket
import ssl
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes
from email.message import EmailMessage
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

DESK = "madoguchi@desk.test"
EMI = "emi@home.test"
GONE = "gone@home.test"
PASSWORD = "loopback only"
# One white pixel.
PICTURE = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGP4DwABAQEAGLzkoAAAAABJRU5ErkJggg=="
)
_NOBODY = 65534
_PATH = "/usr/sbin:/usr/bin:/sbin:/bin"

_DOVECOT = """
base_dir = {home}/run
state_dir = {home}/state
log_path = {home}/dovecot.log
info_log_path = /dev/null
protocols = imap lmtp
listen = 127.0.0.1
auth_mechanisms = plain
disable_plaintext_auth = yes
ssl = required
ssl_cert = <{home}/cert.pem
ssl_key = <{home}/key.pem
ssl_client_ca_file = {home}/cert.pem
mail_location = maildir:~/Maildir
first_valid_uid = 1
mail_max_userip_connections = 100
recipient_delimiter = +
passdb {{
  driver = passwd-file
  args = scheme=PLAIN username_format=%u {home}/passwords
}}
userdb {{
  driver = passwd-file
  args = username_format=%u {home}/passwords
  default_fields = uid={nobody} gid={nobody} home={home}/mail/%u
}}
service imap-login {{
  inet_listener imap {{
    port = 0
  }}
  inet_listener imaps {{
    port = {imap}
    ssl = yes
  }}
}}
service lmtp {{
  inet_listener lmtp {{
    address = 127.0.0.1
    port = {lmtp}
  }}
}}
service auth {{
  inet_listener {{
    address = 127.0.0.1
    port = {auth}
  }}
}}
"""

_POSTFIX = """
compatibility_level = 3.6
queue_directory = {home}/queue
data_directory = {home}/data
command_directory = /usr/sbin
daemon_directory = /usr/lib/postfix/sbin
shlib_directory = /usr/lib/postfix
meta_directory = /etc/postfix
mail_owner = postfix
setgid_group = postdrop
maillog_file = {home}/postfix.log
maillog_file_prefixes = {home}
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
myhostname = mail.desk.test
mydestination =
alias_maps =
alias_database =
local_recipient_maps =
virtual_mailbox_domains = desk.test, home.test
virtual_mailbox_maps = texthash:{home}/known
virtual_transport = lmtp:inet:127.0.0.1:{lmtp}
default_transport = error:nothing leaves this machine
recipient_delimiter = +
smtpd_tls_cert_file = {home}/cert.pem
smtpd_tls_key_file = {home}/key.pem
smtpd_tls_security_level = may
smtpd_sasl_auth_enable = yes
smtpd_sasl_type = dovecot
smtpd_sasl_path = inet:127.0.0.1:{auth}
smtpd_tls_auth_only = yes
mynetworks = 192.0.2.0/32
smtpd_relay_restrictions = permit_sasl_authenticated, reject_unauth_destination
smtp_dns_support_level = disabled
"""

_MASTER = """
{smtp} inet n - n - - smtpd -o smtpd_tls_wrappermode=yes
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
error unix - - n - - error
retry unix - - n - - error
lmtp unix - - n - - lmtp
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
"""


def _free_ports(count: int) -> list[int]:
    doors = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [door.getsockname()[1] for door in doors]
    for door in doors:
        door.close()
    return ports


def _certify(home: Path) -> None:
    """Write a certificate for localhost that vouches for itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = dt.datetime.now(dt.UTC)
    cert = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(hours=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    (home / "cert.pem").write_bytes(cert.public_bytes(serialization.Encoding.PEM))
    (home / "key.pem").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    (home / "key.pem").chmod(0o600)


class PostOffice:
    """The running servers, and what a person's mail program does with them."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.imap_port, self.smtp_port, self._lmtp, self._auth = _free_ports(4)
        self.ca_file = str(home / "cert.pem")
        self._write_down()
        self._context = ssl.create_default_context(cafile=self.ca_file)

    def _write_down(self) -> None:
        """Lay out the folder."""
        home = self.home
        home.chmod(0o755)
        for name in ("conf", "queue", "data", "mail", "run", "state"):
            (home / name).mkdir()
        shutil.chown(home / "data", "postfix")
        shutil.chown(home / "mail", _NOBODY, _NOBODY)
        _certify(home)
        said = {
            "home": home,
            "imap": self.imap_port,
            "smtp": self.smtp_port,
            "lmtp": self._lmtp,
            "auth": self._auth,
            "nobody": _NOBODY,
        }
        (home / "passwords").write_text(
            "".join(f"{who}:{{PLAIN}}{PASSWORD}::::::\n" for who in (DESK, EMI))
        )
        (home / "known").write_text("".join(f"{who} x\n" for who in (DESK, EMI, GONE)))
        (home / "dovecot.conf").write_text(_DOVECOT.format(**said))
        (home / "conf" / "main.cf").write_text(_POSTFIX.format(**said))
        (home / "conf" / "master.cf").write_text(_MASTER.format(**said))

    def is_open(self) -> bool:
        """Tell whether both answer."""
        try:
            with self._imap(EMI), self._smtp():
                return True
        except (OSError, imaplib.IMAP4.error, smtplib.SMTPException):
            return False

    def said(self) -> str:
        """Return what the servers wrote down, for whoever looks why something failed."""
        logs = (self.home / "dovecot.log", self.home / "postfix.log")
        return "\n".join(it.read_text() for it in logs if it.exists())

    def _imap(self, who: str) -> imaplib.IMAP4_SSL:
        imap = imaplib.IMAP4_SSL("localhost", self.imap_port, ssl_context=self._context)
        imap.login(who, PASSWORD)
        imap.select("INBOX")
        return imap

    def _smtp(self) -> smtplib.SMTP_SSL:
        return smtplib.SMTP_SSL(
            "localhost", self.smtp_port, local_hostname="home.test", context=self._context
        )

    def post(self, raw: bytes, *, to: str = DESK, sender: str = EMI) -> None:
        """Send a mail as a person's mail program does."""
        with self._smtp() as smtp:
            smtp.sendmail(sender, [to], raw)

    def folder_of(self, who: str, folder: str = "INBOX") -> list[bytes]:
        """Return the mails in a folder, oldest first; none where there is no such folder."""
        with self._imap(who) as imap:
            if imap.select(folder, readonly=True)[0] != "OK":
                return []
            numbers = imap.search(None, "ALL")[1][0].split()
            return [imap.fetch(it.decode(), "(BODY.PEEK[])")[1][0][1] for it in numbers]

    def empty(self) -> None:
        """Empty every folder of everybody."""
        for who in (DESK, EMI):
            with self._imap(who) as imap:
                for folder in ("INBOX", "Madoguchi"):
                    code, number = imap.select(folder)
                    if code == "OK" and int(number[0]):
                        imap.store("1:*", "+FLAGS", r"(\Deleted)")
                        imap.expunge()

    def answer(self, raw: bytes, words: str) -> None:
        """Answer a mail of ours as Emi's mail program does: to Reply-To, quoting it below."""
        ours = message_from_bytes(raw)
        quoted = ours.get_payload(decode=True).decode().replace("\r", "")
        below = "\n".join(f"> {line}" for line in quoted.splitlines())
        mail = EmailMessage()
        mail["From"], mail["To"] = EMI, ours["Reply-To"]
        mail["Subject"] = "Re: お知らせがあります"
        mail["Message-ID"] = f"<{time.monotonic_ns()}@home.test>"
        mail["In-Reply-To"] = mail["References"] = ours["Message-ID"]
        mail.set_content(f"{words}\n\n2026年11月22日(日) 12:00 <{DESK}>:\n\n{below}\n")
        self.post(mail.as_bytes(), to=ours["Reply-To"])

    def wait_for(self, who: str, count: int) -> list[bytes]:
        """Return the mails of an inbox once there are so many."""
        ends = time.monotonic() + 20
        while len(mails := self.folder_of(who)) < count:
            assert time.monotonic() < ends, self.said()
            time.sleep(0.05)
        return mails


@contextmanager
def opened() -> Iterator[PostOffice]:
    """Open a post office; close it, and leave nothing, at the end."""
    home = Path(tempfile.mkdtemp(prefix="post-"))
    office = PostOffice(home)
    servers = [
        subprocess.Popen(
            words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env={"PATH": _PATH}
        )
        for words in (
            ["/usr/sbin/dovecot", "-F", "-c", str(home / "dovecot.conf")],
            ["/usr/sbin/postfix", "-c", str(home / "conf"), "start-fg"],
        )
    ]
    try:
        ends = time.monotonic() + 30
        while not office.is_open():
            assert time.monotonic() < ends, office.said()
            time.sleep(0.05)
        yield office
    finally:
        servers[0].terminate()
        # Postfix's first process is not the one that goes on: it is asked to stop by name.
        stop = ["/usr/sbin/postfix", "-c", str(home / "conf"), "stop"]
        subprocess.run(stop, env={"PATH": _PATH}, capture_output=True, timeout=30, check=False)
        for server in servers:
            server.wait(timeout=20)
        shutil.rmtree(home, ignore_errors=True)


def letter(
    words: str,
    *,
    subject: str = "相談です",
    sender: str = EMI,
    picture: bytes = b"",
    headers: dict[str, str] | None = None,
) -> bytes:
    """Return a mail as a person's mail program writes it."""
    mail = EmailMessage()
    mail["From"] = f"えみ <{sender}>"
    mail["To"] = DESK
    mail["Subject"] = subject
    mail["Message-ID"] = f"<{time.monotonic_ns()}@home.test>"
    for name, said in (headers or {}).items():
        mail[name] = said
    mail.set_content(words, charset="utf-8")
    if picture:
        mail.add_attachment(picture, maintype="image", subtype="png", filename="画面.png")
    return mail.as_bytes()
