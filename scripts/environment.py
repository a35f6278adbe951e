"""Make `.venv` and install what the lock file says: `python -m scripts.environment [extra…]`.

Runs before anything is installed, so on the standard library alone; does nothing when the environment is up to date.
"""

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
UV_VERSION = "0.13.9"
STAMP = "longtrace.stamp"


class InstallError(Exception):
    """Something could not be installed; the text says what and what to do."""


def fingerprint(root: Path) -> str:
    """What the environment was made from: the lock, the declared dependencies, uv and the Python."""
    digest = hashlib.sha256(f"{UV_VERSION} {sys.version_info[:2]}".encode())
    for name in ("requirements.lock", "pyproject.toml"):
        digest.update((root / name).read_bytes())
    return digest.hexdigest()


def read_stamp(stamp: Path) -> tuple[str, frozenset[str]]:
    """(fingerprint, extras) of what is installed; empty when nothing is."""
    words = stamp.read_text("utf-8").split() if stamp.exists() else []
    return (words[0] if words else ""), frozenset(words[1:])


def write_stamp(stamp: Path, mark: str, extras: frozenset[str]) -> None:
    stamp.write_text(" ".join([mark, *sorted(extras)]) + "\n", "utf-8")


def is_current(stamp: Path, mark: str, extras: frozenset[str]) -> bool:
    """The same sources, and every extra asked for is among those installed."""
    installed_mark, installed = read_stamp(stamp)
    return installed_mark == mark and extras <= installed


def say(text: str) -> None:
    print(f"· {text}", flush=True)


def root_command() -> list[str] | None:
    """What to put before a command to run it as root; None when there is no way."""
    if os.geteuid() == 0:
        return []
    sudo = shutil.which("sudo")
    if sudo and subprocess.run([sudo, "-n", "true"], capture_output=True, check=False).returncode == 0:
        return [sudo, "-n"]
    return None


def apt_install(*packages: str) -> bool:
    """Install Debian packages where the rights allow it; says loudly when they do not."""
    before = root_command()
    if before is None or not shutil.which("apt-get"):
        say(f"CANNOT INSTALL {' '.join(packages)}: needs apt-get and root; please install it yourself")
        return False
    say(f"installing {' '.join(packages)} with apt-get")
    quiet = {"stdout": subprocess.DEVNULL}
    subprocess.run([*before, "apt-get", "update", "-qq"], check=False, **quiet)  # type: ignore[call-overload]
    install = [*before, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "install", "-y", "-qq"]
    done = subprocess.run([*install, "--no-install-recommends", *packages], check=False, **quiet)  # type: ignore[call-overload]
    if done.returncode:
        say(f"CANNOT INSTALL {' '.join(packages)}: apt-get failed, its words are above")
    return bool(done.returncode == 0)


def _works(python: Path) -> bool:
    """A virtual environment whose Python was removed or moved is only a shell."""
    command = [str(python), "-c", "import pip, sys; sys.exit(sys.version_info < (3, 11))"]
    return python.exists() and subprocess.run(command, capture_output=True, check=False).returncode == 0


def _create(venv: Path) -> None:
    shutil.rmtree(venv, ignore_errors=True)
    command = [sys.executable, "-m", "venv", str(venv)]
    if subprocess.run(command, capture_output=True, check=False).returncode == 0:
        return
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    if not (apt_install(f"python{version}-venv") or apt_install("python3-venv")):
        raise InstallError(f"Python {version} has no venv module and it could not be installed")
    shutil.rmtree(venv, ignore_errors=True)
    made = subprocess.run(command, capture_output=True, text=True, check=False)
    if made.returncode:
        raise InstallError(f"python -m venv failed:\n{made.stdout}{made.stderr}")


def _run(command: Sequence[str], what: str) -> None:
    if subprocess.run(command, cwd=ROOT, check=False).returncode:
        raise InstallError(f"{what} failed; the lines above say why. Run the command again when it is mended.")


def install(venv: Path, extras: frozenset[str]) -> None:
    """Bring the environment up to the lock file with these extras and those it already had."""
    stamp = venv / STAMP
    mark = fingerprint(ROOT)
    if is_current(stamp, mark, extras) and _works(venv / "bin" / "python"):
        return
    wanted = extras | read_stamp(stamp)[1]
    if not _works(venv / "bin" / "python"):
        say(f"making .venv with {sys.executable}")
        _create(venv)
    stamp.unlink(missing_ok=True)
    say(f"installing the locked packages ({', '.join(sorted(wanted)) or 'no extras'}); the first time takes a minute")
    python = str(venv / "bin" / "python")
    quietly = ["--quiet", "--disable-pip-version-check", "--no-input"]
    _run([python, "-m", "pip", "install", *quietly, f"uv=={UV_VERSION}"], "installing uv")
    command = [str(venv / "bin" / "uv"), "pip", "install", "--quiet", "--python", python, "-r", "pyproject.toml"]
    named = [word for extra in sorted(wanted) for word in ("--extra", extra)]
    _run([*command, *named, "-c", "requirements.lock"], "installing the locked packages")
    write_stamp(stamp, mark, wanted)


@contextmanager
def _alone() -> Iterator[None]:
    """Two commands started together install one after the other."""
    (ROOT / "var").mkdir(exist_ok=True)
    with (ROOT / "var" / "environment.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def main(extras: Sequence[str]) -> int:
    try:
        with _alone():
            install(ROOT / ".venv", frozenset(extras))
    except InstallError as failed:
        print(f"✗ {failed}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
