"""A PostgreSQL of the tests' own: made when they begin, gone when they end."""

import os
import pwd
import shutil
import subprocess
import tempfile
from pathlib import Path

from tests.server import free_port

BINARIES = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
# Nothing of the tests is worth keeping through a crash of the machine.
SPEED = "-c fsync=off -c synchronous_commit=off -c full_page_writes=off -c max_connections=300"


class Cluster:
    """One server, reached by a socket in its own folder."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="juanzong-pg-"))
        self._bin = BINARIES[-1]
        # PostgreSQL refuses to run as root: Debian's package made an account for it.
        self._user = "postgres" if os.getuid() == 0 else pwd.getpwuid(os.getuid()).pw_name
        if os.getuid() == 0:
            shutil.chown(self.folder, "postgres")
        self.port = free_port()

    def start(self) -> str:
        """Start it and give the URL of its first database."""
        self._run("initdb", "-D", self._data, "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8")
        where = f"-k {self.folder} -p {self.port} -c listen_addresses="
        self._run("pg_ctl", "-D", self._data, "-w", "-l", self.folder / "log",
                  "-o", f"{where} {SPEED}", "start")  # fmt: skip
        return f"postgresql+psycopg://{self._user}@/postgres?host={self.folder}&port={self.port}"

    def stop(self) -> None:
        self._run("pg_ctl", "-D", self._data, "-m", "immediate", "stop")
        shutil.rmtree(self.folder)

    @property
    def _data(self) -> Path:
        return self.folder / "data"

    def _run(self, program: str, *arguments: str | Path) -> None:
        call = [str(self._bin / program), *map(str, arguments)]
        as_user = ["runuser", "-u", "postgres", "--"] if os.getuid() == 0 else []
        done = subprocess.run(
            [*as_user, *call], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
            cwd=self.folder, check=False,
        )  # fmt: skip
        if done.returncode:
            raise RuntimeError(f"{program}: {done.stdout}")


def is_installed() -> bool:
    return bool(BINARIES)
