"""How a mailbox's address, servers and folder are written."""

import re

ADDRESS = re.compile(r"[^\s@<>,;:\"]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,200}[A-Za-z0-9])?")
HOST = re.compile(r"(?P<name>[A-Za-z0-9.-]{1,253}|\[[0-9a-f:]+\])(?::(?P<port>\d{1,5}))?")
FOLDER = re.compile(r"[A-Za-z0-9._-]{1,60}")
HIGHEST_PORT = 65_535
# By how the way to the server is kept secret.
PORTS = {
    "imap": {"tls": 993, "starttls": 143, "none": 143},
    "smtp": {"tls": 465, "starttls": 587, "none": 25},
}
