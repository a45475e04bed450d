"""Makes .venv as the locks say: with Python 3.11 or newer and pip, nothing else. Run by `make`.

    python3 tools/environment.py runtime    what Balie needs
    python3 tools/environment.py dev        that, and what its tests and checks need

Does nothing when .venv is already so. The first lines must be readable by any Python 3: an old one is told so.
"""

import sys

if sys.version_info < (3, 11):  # noqa: UP036 - the one file an older Python gets to read
    version = ".".join(map(str, sys.version_info[:2]))
    sys.exit(f"Balie needs Python 3.11 or newer; this is {version}. Name another one: make setup PYTHON=python3.12")

import hashlib
import os
import shutil
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin/python"
LOCKS = {"runtime": "requirements.lock", "dev": "requirements-dev.lock"}
STAMP = VENV / "installed"
# A .venv works only where it was made, with the Python that made it.
ORIGIN = VENV / "made"
HERE = f"{sys.version_info[0]}.{sys.version_info[1]} {ROOT}"


def wanted(kind: str) -> str:
    """What the stamp says once this kind is installed: another lock, project file, place or Python makes another."""
    told = [
        f"{sys.version_info[:2]} {ROOT}".encode(),
        *((ROOT / name).read_bytes() for name in (LOCKS[kind], "pyproject.toml")),
    ]
    return f"{kind} {hashlib.sha256(b''.join(told)).hexdigest()}"


def installed() -> set[str]:
    return set(STAMP.read_text().splitlines()) if STAMP.exists() and (VENV / "bin/balie").exists() else set()


def run(*command: str | Path) -> None:
    done = subprocess.run([str(word) for word in command], cwd=ROOT)
    if done.returncode:
        sys.exit(done.returncode)


def make_venv() -> list[str | Path]:
    """Makes .venv where there is none; the pip that fills it.

    Debian keeps what gives a new environment its pip in a package of its own (python3-venv); without it the pip
    beside this Python does the work from outside.
    """
    if fits():
        return [PYTHON, "-m", "pip"]
    shutil.rmtree(VENV, ignore_errors=True)
    made = subprocess.run([sys.executable, "-m", "venv", VENV], capture_output=True)
    pip: list[str | Path] = [PYTHON, "-m", "pip"]
    if made.returncode:
        run(sys.executable, "-m", "venv", "--without-pip", "--clear", VENV)
        pip = [sys.executable, "-m", "pip", "--python", PYTHON]
    ORIGIN.write_text(HERE)
    return pip


def fits() -> bool:
    """Whether the .venv that is there can be used; one made by hand is taken as it is."""
    if ORIGIN.exists() and ORIGIN.read_text() != HERE:
        return False
    return PYTHON.exists() and (VENV / "bin/pip").exists()


def install(kind: str) -> None:
    """The lock with its hashes, then Balie itself as a link to this folder."""
    print(f"Installing {LOCKS[kind]} into .venv …", file=sys.stderr, flush=True)
    pip = [*make_venv(), "--disable-pip-version-check", "--quiet"]
    STAMP.unlink(missing_ok=True)
    # What is used of it is compiled by tools.warm: most of what the packages bring never is.
    run(*pip, "install", "--no-deps", "--no-compile", "--require-hashes", "-r", LOCKS[kind])
    run(*pip, "install", "--no-deps", "--no-build-isolation", "--editable", ".")
    run(PYTHON, "-m", "tools.warm")
    kinds = ("runtime", "dev") if kind == "dev" else ("runtime",)
    STAMP.write_text("".join(f"{wanted(each)}\n" for each in kinds))


def texts_changed() -> bool:
    """Whether a catalogue is newer than what was compiled from it."""
    pairs = ((source, source.with_suffix(".mo")) for source in (ROOT / "balie/locale").glob("*/*/*.po"))
    return any(not made.exists() or made.stat().st_mtime < source.stat().st_mtime for source, made in pairs)


def main() -> None:
    kind = " ".join(sys.argv[1:])
    if kind not in LOCKS:
        sys.exit(__doc__)
    if wanted(kind) not in installed():
        install(kind)
    if texts_changed():
        run(PYTHON, "-m", "tools.messages", "compile")


if __name__ == "__main__":
    os.environ.pop("PYTHONHOME", None)
    main()
