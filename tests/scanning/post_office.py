"""Mail servers for tests: a small one of our own, and Dovecot where it is installed."""

import base64
import re
import shutil
import socket
import socketserver
import ssl
import subprocess
import tempfile
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

import pytest

from tests.server import free_port

USER, PASSWORD = "archive@example.com", 'pass "word" \\ 密码'


class PostOffice(Protocol):
    port: int
    certificate: Path

    def deliver(self, letter: bytes) -> None: ...

    def kept(self, folder: str) -> list[set[str]]:
        """The flags of each letter in a folder."""
        ...

    def close(self) -> None: ...


def make_certificate(folder: Path) -> tuple[Path, Path]:
    """A certificate for localhost, signed by itself, and its key."""
    if shutil.which("openssl") is None:
        pytest.skip("openssl is missing, which makes the test server's certificate")
    certificate, key = folder / "server.pem", folder / "server.key"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1",
         "-nodes", "-days", "2", "-subj", "/CN=localhost",
         "-addext", "subjectAltName=DNS:localhost", "-keyout", str(key), "-out", str(certificate)],
        check=True, capture_output=True,
    )  # fmt: skip
    return certificate, key


@dataclass
class Small:
    """A server that speaks as much IMAP as is asked of it here, over TLS.

    `abilities` is what it says it can do; `manners` are its vices: "huge" announces a gigabyte,
    "silent" never answers a fetch, "hangs up" ends the connection there.
    """

    certificate: Path
    key: Path
    abilities: str = "IMAP4rev1 AUTH=PLAIN MOVE UIDPLUS ID"
    manners: str = ""
    is_plain: bool = False
    folders: dict[str, dict[int, tuple[bytes, set[str]]]] = field(
        default_factory=lambda: {"INBOX": {}}
    )
    spoken: list[str] = field(default_factory=list)
    next_uid: int = 1

    def __post_init__(self) -> None:
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain(self.certificate, self.key)
        office = self

        class Handler(socketserver.BaseRequestHandler):
            def handle(self) -> None:
                try:
                    line = self.request
                    if not office.is_plain:
                        line = office.context.wrap_socket(self.request, server_side=True)
                    Talk(office, line).go_on()
                except (OSError, ValueError):
                    return  # The client went, as the tests of bad certificates do.

        self._server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.port = self._server.server_address[1]
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    def deliver(self, letter: bytes) -> None:
        self.folders["INBOX"][self.next_uid] = (letter, set())
        self.next_uid += 1

    def kept(self, folder: str) -> list[set[str]]:
        return [flags for _, flags in self.folders.get(folder, {}).values()]

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


class Talk:
    """One connection to the small server."""

    def __init__(self, office: Small, line: socket.socket) -> None:
        self.office, self.line = office, line
        self.file = line.makefile("rb")
        self.folder: dict[int, tuple[bytes, set[str]]] = {}

    def say(self, text: str | bytes) -> None:
        self.line.sendall((text.encode() if isinstance(text, str) else text) + b"\r\n")

    def go_on(self) -> None:
        self.say("* OK ready")
        while command := self.file.readline().decode():
            tag, _, rest = command.strip().partition(" ")
            self.office.spoken.append(rest)
            verb, _, rest = rest.partition(" ")
            if verb == "UID":
                verb, _, rest = rest.partition(" ")
            if verb == "LOGOUT":
                self.say(f"* BYE\r\n{tag} OK bye")
                return
            if verb == "STARTTLS":
                self.say(f"{tag} OK go on")
                self.line = self.office.context.wrap_socket(self.line, server_side=True)
                self.file = self.line.makefile("rb")
                continue
            self.say(f"{tag} {getattr(self, f'do_{verb.lower()}')(rest)}")

    def do_capability(self, rest: str) -> str:
        self.say(f"* CAPABILITY {self.office.abilities}")
        return "OK done"

    def do_id(self, rest: str) -> str:
        return "OK done"

    def do_authenticate(self, rest: str) -> str:
        self.say("+ ")
        told = base64.b64decode(self.file.readline()).decode()
        return "OK in" if told == f"\0{USER}\0{PASSWORD}" else "NO [AUTHENTICATIONFAILED] wrong"

    def do_login(self, rest: str) -> str:
        return "OK in" if rest == f'"{USER}" "plain"' else "NO wrong"

    def do_select(self, rest: str) -> str:
        if "163" in self.office.manners and not any("ID (" in one for one in self.office.spoken):
            return "NO Unsafe Login. Please contact kefu"
        if named(rest) not in self.office.folders:
            return "NO no such folder"
        self.folder = self.office.folders[named(rest)]
        self.say(f"* {len(self.folder)} EXISTS")
        return "OK [READ-WRITE] done"

    def do_create(self, rest: str) -> str:
        self.office.folders[named(rest)] = {}
        return "OK done"

    def do_search(self, rest: str) -> str:
        unseen = [str(uid) for uid, (_, flags) in self.folder.items() if "Seen" not in flags]
        self.say(f"* SEARCH {' '.join(unseen)}")
        return "OK done"

    def do_fetch(self, rest: str) -> str:
        uid, _, what = rest.partition(" ")
        letter = self.folder.get(int(uid), (b"", set()))[0]
        if not letter:
            return "OK nothing"
        if "RFC822.SIZE" in what:
            # Other people's changes may be told in between.
            self.say(
                f"* 9 FETCH (FLAGS (\\Seen))\r\n* 1 FETCH (UID {uid} RFC822.SIZE {len(letter)})"
            )
            return "OK done"
        if self.office.manners == "silent":
            time.sleep(5)
        if self.office.manners == "hangs up":
            raise OSError
        name = "BODY[]"
        if "HEADER" in what:
            name, letter = "BODY[HEADER]<0>", letter.partition(b"\r\n\r\n")[0][:65_536]
        size = 2_000_000_000 if self.office.manners == "huge" else len(letter)
        self.say(f"* 1 FETCH (UID {uid} {name} {{{size}}}".encode())
        self.line.sendall(letter)
        self.say(")")
        return "OK done"

    def do_store(self, rest: str) -> str:
        uid, _, flags = rest.partition(" ")
        self.folder[int(uid)][1].update(re.findall(r"\\(\w+)", flags))
        return "OK done"

    def do_copy(self, rest: str) -> str:
        uid, _, folder = rest.partition(" ")
        if named(folder) not in self.office.folders:
            return "NO [TRYCREATE] no such folder"
        letter, flags = self.folder[int(uid)]
        self.office.folders[named(folder)][self.office.next_uid] = (letter, set(flags))
        self.office.next_uid += 1
        return "OK done"

    def do_move(self, rest: str) -> str:
        answer = self.do_copy(rest)
        if answer.startswith("OK"):
            del self.folder[int(rest.partition(" ")[0])]
        return answer

    def do_expunge(self, rest: str) -> str:
        if "Deleted" in self.folder[int(rest)][1]:
            del self.folder[int(rest)]
        return "OK done"


def named(quoted: str) -> str:
    return quoted.strip('"')


DOVECOT = """
base_dir = {run}
log_path = {home}/log
protocols = imap
listen = 127.0.0.1
ssl = required
ssl_cert = <{certificate}
ssl_key = <{key}
auth_mechanisms = plain
mail_location = maildir:{home}/mail
mailbox_list_index = no
service imap-login {{
  inet_listener imap {{
    port = 0
  }}
  inet_listener imaps {{
    port = {port}
    ssl = yes
  }}
}}
passdb {{
  driver = passwd-file
  args = {home}/users
}}
userdb {{
  driver = static
  args = uid=nobody gid=nogroup home={home}
}}
"""
FLAGS = {"S": "Seen", "F": "Flagged", "T": "Deleted"}


class Dovecot:
    """The real thing, on a port of its own, with one mailbox. It changes its user: needs root."""

    @staticmethod
    def version() -> str:
        told = subprocess.run(["dovecot", "--version"], capture_output=True, check=True, text=True)
        return told.stdout

    def __init__(self, certificate: Path, key: Path) -> None:
        # Below /tmp itself, where its processes of other users may go.
        self._folder = tempfile.TemporaryDirectory(prefix="dovecot")
        home = Path(self._folder.name)
        home.chmod(0o777)
        self.port = free_port()
        self.certificate = certificate
        self._inbox = home / "mail"
        (home / "users").write_text(f"{USER}:{{PLAIN}}{PASSWORD}\n")
        told: dict[str, Any] = {"certificate": certificate, "key": key, "port": self.port}
        (home / "conf").write_text(DOVECOT.format(home=home, run=home / "run", **told))
        self._process = subprocess.Popen(["dovecot", "-F", "-c", str(home / "conf")])
        self._wait()
        self._delivered = 0

    def clear(self) -> None:
        """Empty the mailbox, when nobody looks into it."""
        shutil.rmtree(self._inbox, ignore_errors=True)
        for folder in ("cur", "new", "tmp"):
            (self._inbox / folder).mkdir(parents=True)
        subprocess.run(["chown", "-R", "nobody:nogroup", str(self._inbox)], check=True)

    def _wait(self) -> None:
        for _ in range(100):
            with socket.socket() as line:
                if line.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            time.sleep(0.05)
        raise AssertionError("Dovecot does not start")

    def deliver(self, letter: bytes) -> None:
        self._delivered += 1
        file = self._inbox / "tmp" / f"{self._delivered}.test"
        file.write_bytes(letter)
        shutil.chown(file, "nobody", "nogroup")
        file.rename(self._inbox / "new" / file.name)

    def kept(self, folder: str) -> list[set[str]]:
        where = self._inbox if folder == "INBOX" else self._inbox / f".{folder}"
        names = [path.name for place in ("cur", "new") for path in (where / place).glob("*")]
        return [{FLAGS[sign] for sign in name.partition(":2,")[2]} for name in names]

    def close(self) -> None:
        self._process.terminate()
        self._process.wait(10)
        self._folder.cleanup()
