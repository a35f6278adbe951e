"""Finish `miniapp_stub/package-lock.json` after `npm install --package-lock-only`: `python -m scripts.lock_phone`.

Takes out the addresses, so that any registry serves, and adds the optional packages of other platforms that a partial
registry does not list: `npm ci` refuses a lock without them, and skips them on this platform all the same.
"""

import json
import re
from pathlib import Path
from typing import Any

LOCK = Path(__file__).resolve().parents[1] / "miniapp_stub" / "package-lock.json"
CPUS = ("arm64", "x64", "arm", "ia32", "loong64", "ppc64", "riscv64", "s390x")
SYSTEMS = ("android", "darwin", "freebsd", "linux", "openbsd", "openharmony", "win32")
UNWANTED = "none"  # a system nobody has: packages that only call home


def platform_of(name: str) -> dict[str, list[str]]:
    """`os`, `cpu` and `libc` as the names of native packages spell them; nothing of the kind means: on no system."""
    words = re.split(r"[-/]", name.lower())
    system = next((word for word in words if word in SYSTEMS), UNWANTED)
    cpu = next((cpu for cpu in CPUS if cpu in words), None)
    found = {"os": [system], **({"cpu": [cpu]} if cpu else {})}
    last = words[-1]
    if system == "linux" and last.startswith(("gnu", "musl")):
        found["libc"] = ["musl" if last.startswith("musl") else "glibc"]
    return found


def completed(packages: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """The packages without addresses, and with every optional dependency that was left out."""
    whole = {path: {k: v for k, v in entry.items() if k != "resolved"} for path, entry in packages.items()}
    for path, entry in packages.items():
        for name, version in entry.get("optionalDependencies", {}).items():
            plain = version if re.fullmatch(r"\d+\.\d+\.\d+[\w.-]*", version) else "0.0.0"
            top, nested = f"node_modules/{name}", f"{path}/node_modules/{name}"
            if nested in whole or whole.get(top, {}).get("version") == plain:
                continue
            place = nested if top in whole else top
            whole[place] = {"version": plain, "optional": True, **platform_of(name)}
    return dict(sorted(whole.items()))


if __name__ == "__main__":
    lock = json.loads(LOCK.read_text("utf-8"))
    lock["packages"] = completed(lock["packages"])
    LOCK.write_text(json.dumps(lock, indent=2, ensure_ascii=False) + "\n", "utf-8")
