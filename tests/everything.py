"""Run every check there is, one after another, and end with one line for each that failed or could not run.

`make test` calls this. Nothing is skipped silently: a check that cannot run here says why at the end, and a test that
pytest skips is listed with its reason. Chromium is installed from the system's packages when it is missing and can be.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
TRIED_AGAIN = 3
CHROMIUM_PACKAGES = ("chromium", "fonts-noto-cjk")


def run(name: str, *command: str, cwd: Path = ROOT) -> str:
    """Run one check; empty when it passed, otherwise what to say at the end."""
    print(f"\n── {name}: {' '.join(command)}", flush=True)
    begin_s = time.monotonic()
    code = subprocess.run(command, cwd=cwd, check=False).returncode
    print(
        f"── {name}: {'passed' if code == 0 else f'FAILED ({code})'} in {time.monotonic() - begin_s:.0f} s", flush=True
    )
    return f"FAILED  {name}: exit status {code}" if code else ""


def browser() -> str:
    """Make sure that there is a Chromium; empty when there is."""
    if shutil.which("chromium"):
        return ""
    if not (shutil.which("apt-get") and os.geteuid() == 0):
        return "NOT RUN browser tests: no chromium on PATH, and it cannot be installed here (needs apt-get and root)"
    quiet = {"check": False, "stdout": subprocess.DEVNULL, "env": {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}}
    subprocess.run(["apt-get", "update", "-qq"], **quiet)  # type: ignore[call-overload]
    subprocess.run(["apt-get", "install", "-y", "-qq", *CHROMIUM_PACKAGES], **quiet)  # type: ignore[call-overload]
    return "" if shutil.which("chromium") else "NOT RUN browser tests: chromium could not be installed"


def scripts() -> list[str]:
    """The widget's own checks, in Node."""
    if not (shutil.which("node") and shutil.which("npm")):
        return ["NOT RUN widget's types and unit tests: no node and npm on PATH"]
    web = ROOT / "web"
    lock = (web / "package-lock.json").stat().st_mtime
    installed = web / "node_modules" / ".package-lock.json"
    problems = []
    if not installed.exists() or installed.stat().st_mtime < lock:
        problems.append(run("widget's tools", "npm", "ci", "--silent", "--no-audit", "--no-fund", cwd=web))
    problems.append(run("widget's types", "npx", "--no-install", "tsc", "--noEmit", "-p", "jsconfig.json", cwd=web))
    problems.append(run("widget's unit tests", "npm", "test", "--silent", cwd=web))
    return problems


def tests() -> list[str]:
    """pytest; a few that fail get one more try alone, as real processes on a busy machine may, and are named."""
    with tempfile.TemporaryDirectory() as folder:
        kept = ("-o", f"cache_dir={folder}")
        failed = run("tests", str(BIN / "pytest"), "-rs", *kept, *sys.argv[1:])
        names = _failed(Path(folder)) if failed else []
    if not 0 < len(names) <= TRIED_AGAIN:
        return [failed]
    again = run("tests that failed", str(BIN / "pytest"), "--tb=native", *names)
    said = "FAILED  twice" if again else "UNSTEADY, passed when tried alone"
    return [f"{said}: {name}" for name in names]


def _failed(cache: Path) -> list[str]:
    """Names of the tests that failed, as pytest keeps them."""
    kept = cache / "v" / "cache" / "lastfailed"
    return sorted(json.loads(kept.read_text("utf-8"))) if kept.exists() else []


def main() -> int:
    """Run everything; 1 when something failed."""
    problems = [
        run("lint", str(BIN / "ruff"), "check", "."),
        run("format", str(BIN / "ruff"), "format", "--check", "."),
        run("types", str(BIN / "mypy")),
        run("import contracts", str(BIN / "lint-imports"), "--no-cache"),
        *scripts(),
        browser(),
        *tests(),
    ]
    said = [problem for problem in problems if problem]
    print("\n" + "\n".join(said or ["everything ran and passed"]))
    return int(any(problem.startswith("FAILED") for problem in said))


if __name__ == "__main__":
    raise SystemExit(main())
