"""Published weaknesses of what is pinned: found by the real tools, lived with only for a reason."""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from tests.infra.advisory_sources import Sources, sources

ROOT = Path(__file__).resolve().parents[2]
TODAY = date(2026, 11, 25)

# As OSV publishes one: https://ossf.github.io/osv-schema/.
OSV_RECORD = {
    "id": "GHSA-aaaa-bbbb-cccc",
    "aliases": ["CVE-2099-1"],
    "summary": "Reads what it should not",
    "details": "Reads what it should not.",
    "modified": "2026-01-01T00:00:00Z",
    "affected": [
        {
            "package": {"name": "left", "ecosystem": "PyPI"},
            "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "1.1"}]}],
        }
    ],
}
# As npm's registry publishes one.
NPM_ADVISORY = {
    "id": 1099999,
    "url": "https://github.com/advisories/GHSA-dddd-eeee-ffff",
    "title": "Runs what it should not",
    "severity": "high",
    "vulnerable_versions": "<2.0.0",
    "cwe": ["CWE-94"],
    "cvss": {"score": 8.1, "vectorString": "CVSS:3.1/AV:N/AC:H/PR:N/UI:N/S:U/C:H/I:H/A:H"},
}


@pytest.fixture(scope="module")
def audit() -> ModuleType:
    """scripts/audit.py as a module, with the tools it runs."""
    subprocess.run([ROOT / "scripts" / "audit.sh", "--prepare"], check=True)
    spec = importlib.util.spec_from_file_location("audit_script", ROOT / "scripts" / "audit.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def pinned(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A lock with two packages, and a folder whose package-lock.json has one."""
    folder = tmp_path_factory.mktemp("pinned")
    lock = folder / "some.lock"
    lock.write_text("".join(f"{name}==1.0 \\\n    --hash=sha256:{'0' * 64}\n" for name in ("left", "right")))
    wanted = {"name": "page", "version": "1.0.0", "dependencies": {"up": "1.0.0"}}
    found = {"version": "1.0.0", "integrity": "sha512-AAAA"}
    packages = {"name": "page", "lockfileVersion": 3, "packages": {"": wanted, "node_modules/up": found}}
    (folder / "package.json").write_text(json.dumps(wanted))
    (folder / "package-lock.json").write_text(json.dumps(packages))
    return lock, folder


@contextmanager
def standing(status: int = 200) -> Iterator[Sources]:
    with sources() as published, pytest.MonkeyPatch.context() as patch:
        patch.setenv("npm_config_registry", published.url)
        patch.setenv("npm_config_fetch_retries", "0")
        published.osv["left"], published.npm["up"] = [OSV_RECORD], [NPM_ADVISORY]
        published.status = status
        yield published


@pytest.fixture(scope="module")
def found(audit: ModuleType, pinned: tuple[Path, Path]) -> list[Any]:
    """What pip-audit and npm make of what is published; both have asked."""
    lock, folder = pinned
    with standing() as published:
        weaknesses, unasked = audit.ask((lock,), (folder,), published.osv_url)
    assert unasked == [] and published.asked.count("/v1/query") == 2
    assert "/-/npm/v1/security/advisories/bulk" in published.asked
    return list(weaknesses)


def known(audit: ModuleType, number: str, package: str) -> object:
    return audit.Exemption(number, package, "not reached", TODAY)


def test_a_weakness_is_found_in_either_world_and_fails(audit: ModuleType, found: list[Any]) -> None:
    report = audit.judge(found, [], [], TODAY)
    assert [str(each) for each in report.open] == [
        "left 1.0: CVE-2099-1, GHSA-aaaa-bbbb-cccc: Reads what it should not (mended in 1.1)",
        "up 1.0.0: GHSA-dddd-eeee-ffff: Runs what it should not",
    ]
    assert report.fails(required=False) and audit.told(report, False).count("KNOWN WEAKNESS") == 2


def test_an_exception_lets_one_pass_under_any_of_its_numbers_until_its_day(
    audit: ModuleType, found: list[Any]
) -> None:
    lived_with = [known(audit, "CVE-2099-1", "left"), known(audit, "GHSA-dddd-eeee-ffff", "up")]
    report = audit.judge(found, [], lived_with, TODAY)
    assert not report.fails(required=True) and len(report.exempt) == 2
    ended = audit.judge(found, [], lived_with, TODAY + timedelta(days=1))
    assert ended.fails(required=False) and "EXCEPTION ENDED CVE-2099-1 (left)" in audit.told(ended, False)


def test_an_exception_is_for_one_package_and_one_that_is_not_needed_is_told(
    audit: ModuleType, found: list[Any]
) -> None:
    report = audit.judge(found, [], [known(audit, "CVE-2099-1", "right")], TODAY)
    assert len(report.open) == 2
    assert "not needed      CVE-2099-1 (right)" in audit.told(report, False)


def test_nothing_published_passes(audit: ModuleType) -> None:
    report = audit.judge([], [], [], TODAY)
    assert not report.fails(required=True) and audit.told(report, True) == "0 open, 0 lived with for a reason"


def test_a_source_that_cannot_be_asked_is_no_silent_pass(
    audit: ModuleType, pinned: tuple[Path, Path]
) -> None:
    """As behind a mirror that serves packages and no advisories: here it warns; where required, it fails."""
    lock, folder = pinned
    with standing(status=405) as published:
        weaknesses, unasked = audit.ask((lock,), (folder,), published.osv_url)
    report = audit.judge(weaknesses, unasked, [known(audit, "CVE-2099-1", "left")], TODAY)
    assert len(report.unasked) == 2 and not report.needless
    assert "NOBODY HAS LOOKED" in audit.told(report, False) and "is NO pass" in audit.told(report, False)
    assert not report.fails(required=False) and report.fails(required=True)


@pytest.mark.parametrize(
    "lines",
    [
        "{id: CVE-2099-1, package: left, until: 2027-01-01}",
        "{id: CVE-2099-1, package: left, reason: '', until: 2027-01-01}",
        "{id: CVE-2099-1, package: left, reason: not reached, until: 2028-01-01}",
        "{id: CVE-2099-1, package: left, reason: not reached, until: soon}",
    ],
)
def test_an_exception_needs_a_reason_and_a_day_within_a_year(
    audit: ModuleType, tmp_path: Path, lines: str
) -> None:
    (tmp_path / "advisories.yml").write_text(f"- {lines}\n")
    with pytest.raises(audit.BadException, match="CVE-2099-1"):
        audit.exemptions(tmp_path / "advisories.yml", TODAY)


def test_our_own_exceptions_are_in_order_and_of_packages_that_are_pinned(audit: ModuleType) -> None:
    pinned = "".join(each.read_text(encoding="utf-8") for each in audit.LOCKS)
    for each in audit.exemptions(audit.ADVISORIES, TODAY):
        assert f"\n{each.package}==" in pinned and audit.PUBLIC_ID.fullmatch(each.number), each
