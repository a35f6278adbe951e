"""The command `python -m scripts.audit`: exit status 0 when nothing was found, 1 for findings, 2 for bad arguments."""

import argparse
import json
import sys
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path

from cryptography import x509

from scripts.audit import copies, documents, reading, register, timestamps
from scripts.audit.findings import Report
from scripts.audit.sources import REGISTER, Database, Dump, Source, Web, write_dump


def parse(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m scripts.audit", description=__doc__)
    where = parser.add_mutually_exclusive_group(required=True)
    where.add_argument("--uri", help="a MongoDB, read only")
    where.add_argument("--dump", type=Path, help="a directory of {collection}.jsonl in Extended JSON")
    where.add_argument("--url", help="a running platform's address: the register alone, no documents")
    parser.add_argument(
        "--keys", type=Path, help="a key list saved from /api/v1/keys, trusted instead of the data's own"
    )
    parser.add_argument(
        "--kept", type=Path, nargs="*", default=[], help="checkpoints kept before: files or directories"
    )
    parser.add_argument(
        "--timestamp-certs", type=Path, help="PEM file of the roots that timestamps must lead to; wants timestamps"
    )
    parser.add_argument("--keep", type=Path, help="a directory for the newest checkpoint, when nothing was found")
    parser.add_argument("--write-dump", type=Path, help="also write what is audited as a dump into this directory")
    parser.add_argument("--json", action="store_true", help="a report for machines")
    return parser.parse_args(arguments)


def source_of(chosen: argparse.Namespace) -> Source:
    if chosen.uri:
        return Database(chosen.uri)
    return Dump(chosen.dump) if chosen.dump else Web(chosen.url)


def kept_notes(paths: Iterable[Path]) -> Iterable[tuple[str, str]]:
    for path in paths:
        files = sorted(path.glob("*.txt")) if path.is_dir() else [path]
        yield from ((file.name, file.read_text("utf-8")) for file in files)


def audit(
    source: Source,
    *,
    keys: dict[str, object] | None,
    kept: Iterable[tuple[str, str]],
    progress: Callable[[str], None],
    roots: Sequence[x509.Certificate] = (),
    now: datetime | None = None,
) -> Report:
    """Everything that can be checked there. `roots` are those of timestamps, `now` is the auditor's own clock."""
    report = Report()
    progress("evidence_leaves, evidence_checkpoints")
    trusted = reading.trust(source, keys)
    seen = reading.read(source, report)
    progress("tree, chain, signatures")
    register.check(source, seen, trusted, report)
    copies.check(seen, trusted.kids, report, whole=source.documents)
    register.check_kept(kept, seen, trusted, report)
    since = [number for number, _ in seen.since]
    timestamps.check(source, seen.checkpoints, roots, now or datetime.now(UTC), report, since=since)
    if source.documents:
        _documents(source, seen, report, progress)
    else:
        report.notes.append(
            "未核对记录内容和批次数量：公开接口只有哈希"
            " · documents and quantities were not seen, for hashes alone are public"
        )
    return report


def _documents(source: Source, seen: reading.Seen, report: Report, progress: Callable[[str], None]) -> None:
    """What is written between one reading and the next looks as if it were unregistered, or registered and gone. On a
    platform that goes on, only what is found a second time is a finding."""
    looked = Report()
    documents.check(source, seen, looked, progress)
    if looked.findings and source.live:
        progress("second look")
        first = {(one.code, one.subject) for one in looked.findings}
        looked = Report()
        documents.check(source, reading.read(source, Report()), looked, progress)
        looked.findings = [one for one in looked.findings if (one.code, one.subject) in first]
    report.add(looked)


def main(arguments: list[str] | None = None) -> int:
    chosen = parse(arguments)
    source = source_of(chosen)

    def progress(what: str) -> None:
        print(f"… {what}", file=sys.stderr, flush=True)

    if chosen.write_dump:
        write_dump(source, sorted({*REGISTER, *documents.collections()}), chosen.write_dump)
    keys = json.loads(chosen.keys.read_text("utf-8")) if chosen.keys else None
    roots = x509.load_pem_x509_certificates(chosen.timestamp_certs.read_bytes()) if chosen.timestamp_certs else ()
    report = audit(source, keys=keys, kept=kept_notes(chosen.kept), progress=progress, roots=roots)
    print(report.as_json() if chosen.json else report.as_text())
    if chosen.keep and report.good and report.newest:
        _keep(chosen.keep, report)
    return 0 if report.good else 1


def _keep(directory: Path, report: Report) -> None:
    directory.mkdir(parents=True, exist_ok=True)
    size = report.newest.split("\n")[1]
    (directory / f"{int(size):012d}.txt").write_text(report.newest, "utf-8")


if __name__ == "__main__":
    sys.exit(main())
