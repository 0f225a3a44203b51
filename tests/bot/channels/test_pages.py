"""The plain HTTP side: the page with strict headers, tokens, agreements, and demo data only in demo mode."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import aiohttp
import pytest
import pytest_asyncio

from bot.channels import site
from bot.channels.limits import Limits
from bot.channels.origins import Origins
from bot.channels.site import File
from bot.channels.web import Settings
from casestore import agreement, data_requests, outbox, sessions
from tests.bot.channels.harness import RunningWeb

PARTNER = "https://lender.example"


@pytest.fixture
def settings() -> Settings:
    return Settings(
        limits=Limits(sessions_per_address="20/minute"), origins=Origins(frozenset({PARTNER})), demo=True
    )


@pytest.fixture(autouse=True)
def built_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, File]:
    """Files as the widget's build leaves them, so that no test needs the build."""
    files = {name: replace(file, path=tmp_path / file.path.name) for name, file in site.FILES.items()}
    for name, file in files.items():
        file.path.write_text(f"content of {name or 'the page'}")
    monkeypatch.setattr(site, "FILES", files)
    return files


@pytest_asyncio.fixture
async def http(web: RunningWeb) -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession(web.base_url) as session:
        yield session


async def test_the_page_and_its_files_are_served_with_a_strict_policy(http: aiohttp.ClientSession) -> None:
    for path, kind in (("", "text/html"), ("page.css", "text/css"), ("widget.js", "text/javascript")):
        answer = await http.get(f"/chat/{path}")
        assert (answer.status, answer.content_type) == (200, kind)
        assert answer.headers["Content-Security-Policy"] == (
            "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self' ws: wss:; "
            "img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
        )
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Referrer-Policy"] == "no-referrer"


async def test_the_page_is_asked_for_each_time_and_sent_only_when_it_changed(
    http: aiohttp.ClientSession,
) -> None:
    first = await http.get("/chat/")
    assert first.headers["Cache-Control"] == "no-cache"
    again = await http.get("/chat/", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status, await again.read()) == (304, b"")


async def test_the_address_without_its_slash_leads_to_the_page(http: aiohttp.ClientSession) -> None:
    answer = await http.get("/chat", allow_redirects=False)
    assert (answer.status, answer.headers["Location"]) == (308, "/chat/")


@pytest.mark.parametrize("path", ["package.json", "../web.py", "%2e%2e%2fweb.py", "index.html"])
async def test_nothing_else_is_served(http: aiohttp.ClientSession, path: str) -> None:
    assert (await http.get(f"/chat/{path}")).status == 404


async def test_a_widget_that_is_not_built_says_what_to_do(
    http: aiohttp.ClientSession, built_files: dict[str, File]
) -> None:
    built_files["widget.js"].path.unlink()
    answer = await http.get("/chat/widget.js")
    assert (answer.status, await answer.text()) == (404, "widget.js is not built; run make widget.")


async def test_a_session_begins_without_a_token(http: aiohttp.ClientSession, web: RunningWeb) -> None:
    answer = await http.post("/chat/session")
    assert answer.headers["Cache-Control"] == "no-store"
    assert web.tokens.read((await answer.json())["token"])


async def test_a_token_sent_along_is_renewed(http: aiohttp.ClientSession, web: RunningWeb) -> None:
    token = web.tokens.issue()
    web.clock.forward(hours=1)
    answer = await http.post("/chat/session", headers={"Authorization": f"Bearer {token}"})
    renewed = web.tokens.read((await answer.json())["token"])
    assert renewed.subject == web.tokens.read(token).subject
    assert renewed.expires_at > web.tokens.read(token).expires_at


@pytest.mark.parametrize("header", ["Bearer x.y.z", "Basic abc", "Bearer "])
async def test_a_token_that_is_not_ours_is_refused(http: aiohttp.ClientSession, header: str) -> None:
    answer = await http.post("/chat/session", headers={"Authorization": header})
    assert answer.status == 401
    assert (await answer.json())["reason"] in ("invalid", "missing")


async def test_an_expired_token_is_refused_with_the_reason(
    http: aiohttp.ClientSession, web: RunningWeb
) -> None:
    token = web.tokens.issue()
    web.clock.forward(hours=25)
    answer = await http.post("/chat/session", headers={"Authorization": f"Bearer {token}"})
    assert (answer.status, (await answer.json())["reason"]) == (401, "expired")


async def test_a_foreign_page_gets_no_token(http: aiohttp.ClientSession) -> None:
    answer = await http.post("/chat/session", headers={"Origin": "https://evil.example"})
    assert (answer.status, await answer.json()) == (403, {"reason": "origin"})
    assert "Access-Control-Allow-Origin" not in answer.headers


async def test_a_listed_page_may_read_its_token(http: aiohttp.ClientSession) -> None:
    asked = await http.options(
        "/chat/session",
        headers={
            "Origin": PARTNER,
            "Access-Control-Request-Method": "POST",
            "Access-Control-Request-Headers": "authorization",
        },
    )
    assert "authorization" in asked.headers["Access-Control-Allow-Headers"].lower()
    answer = await http.post("/chat/session", headers={"Origin": PARTNER})
    for each in (asked, answer):
        assert each.headers["Access-Control-Allow-Origin"] == PARTNER
        assert "Access-Control-Allow-Credentials" not in each.headers


async def test_one_address_can_ask_for_so_many_tokens(http: aiohttp.ClientSession) -> None:
    answers = [(await http.post("/chat/session")).status for _ in range(21)]
    assert answers == [200] * 20 + [429]


async def test_a_copy_of_ones_data_is_a_file_behind_its_link_and_kept_nowhere(
    http: aiohttp.ClientSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(data_requests, "copy_behind", lambda store, token: {"mine": "数据"}.get(token))
    answer = await http.get("/chat/data/mine")
    assert (answer.status, answer.content_type, await answer.text()) == (200, "text/plain", "数据")
    assert answer.headers["Cache-Control"] == "no-store"
    assert "attachment" in answer.headers["Content-Disposition"]
    assert (await http.get("/chat/data/guessed")).status == 404


PAGE = '<!DOCTYPE html>\n<html lang="en">\n<head>\n</head>\n<body>\n<h1>Agreement</h1>\n</body>\n</html>\n'


@pytest.fixture
def kept(monkeypatch: pytest.MonkeyPatch) -> dict[str, bytes]:
    """One agreement behind "the-token"; what a test puts in is its PDF."""
    pdfs: dict[str, bytes] = {}
    monkeypatch.setattr(agreement, "document", lambda store, token: {"the-token": PAGE}.get(token))
    monkeypatch.setattr(agreement, "document_pdf", lambda store, token: pdfs.get(token))
    return pdfs


async def test_an_agreement_is_shown_behind_its_link_and_kept_nowhere(
    http: aiohttp.ClientSession, kept: dict[str, bytes]
) -> None:
    answer = await http.get("/chat/documents/the-token")
    assert (answer.status, await answer.text()) == (200, PAGE)
    assert answer.headers["Cache-Control"] == "no-store"
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'; style-src 'unsafe-inline';" in policy
    assert "script-src" not in policy


async def test_the_page_leads_to_its_pdf_and_is_otherwise_as_recorded(
    http: aiohttp.ClientSession, kept: dict[str, bytes]
) -> None:
    kept["the-token"] = b"%PDF-1.7 the agreement"
    shown = await (await http.get("/chat/documents/the-token")).text()
    link = '<nav class="download"><a href="the-token.pdf" download>Download as PDF</a></nav>'
    assert link in shown and shown.replace(link, "") == PAGE


async def test_the_pdf_is_a_file_to_keep_that_no_cache_keeps(
    http: aiohttp.ClientSession, kept: dict[str, bytes]
) -> None:
    kept["the-token"] = b"%PDF-1.7 the agreement"
    answer = await http.get("/chat/documents/the-token.pdf")
    assert (answer.status, answer.content_type) == (200, "application/pdf")
    assert await answer.read() == kept["the-token"]
    assert answer.headers["Content-Disposition"] == 'attachment; filename="agreement.pdf"'
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


async def test_an_agreement_made_without_pdf_has_none(
    http: aiohttp.ClientSession, kept: dict[str, bytes]
) -> None:
    assert (await http.get("/chat/documents/the-token.pdf")).status == 404


@pytest.mark.parametrize("link", ["guess", "guess.pdf", ".pdf", "guess.html"])
async def test_a_guessed_link_shows_nothing(http: aiohttp.ClientSession, link: str) -> None:
    assert (await http.get(f"/chat/documents/{link}")).status == 404


@pytest.mark.parametrize("ending", ["", ".pdf"])
async def test_links_cannot_be_guessed_at_speed(http: aiohttp.ClientSession, ending: str) -> None:
    answers = [(await http.get(f"/chat/documents/guess-{n}{ending}")).status for n in range(21)]
    assert answers == [404] * 20 + [429]


async def test_the_demo_shows_invented_people_and_their_codes(
    http: aiohttp.ClientSession, web: RunningWeb, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RESPITE_DEMO", "1")
    outbox.put(web.store, "+8613800138000", "123456", "en")
    (code,) = await (await http.get("/chat/demo/outbox")).json()
    assert (code["phone"], code["code"]) == ("+8613800138000", "123456")


async def test_health_says_yes_when_the_store_answers(http: aiohttp.ClientSession) -> None:
    assert (await http.get("/chat/health")).status == 200


async def test_health_says_no_when_the_store_does_not(
    http: aiohttp.ClientSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise OSError("no database")

    monkeypatch.setattr(sessions, "get", broken)
    assert (await http.get("/chat/health")).status == 503


def test_a_demo_identity_names_what_is_needed_to_try_it(tmp_path: Path) -> None:
    accounts = tmp_path / "accounts.csv"
    accounts.write_text(
        "name,phone,id_number,loan_number,as_of,overdue_since,handler\n"
        "Lin,13800138000,110101199003078515,LN20260001,2026-11-24,2026-10-25,\n"
        "Wang,13800138001,11010119900307002X,LN20260002,2026-11-24,,Agency\n",
        encoding="utf-8",
    )
    overdue, current = site.demo_identities(accounts)
    assert overdue == {
        "name": "Lin",
        "phone": "13800138000",
        "last_four": "8515",
        "loan_number": "LN20260001",
        "days_overdue": 30,
        "handler": None,
    }
    assert (current["last_four"], current["days_overdue"], current["handler"]) == ("002X", 0, "Agency")


class TestOutsideDemoMode:
    """Demo data does not exist there."""

    @pytest.fixture
    def settings(self) -> Settings:
        return Settings(frame_ancestors=("'self'", PARTNER))

    @pytest.mark.parametrize("path", ["identities", "outbox"])
    async def test_there_is_no_demo_data(self, http: aiohttp.ClientSession, path: str) -> None:
        assert (await http.get(f"/chat/demo/{path}")).status == 404

    async def test_the_page_may_be_framed_by_those_who_are_listed(self, http: aiohttp.ClientSession) -> None:
        policy = (await http.get("/chat/")).headers["Content-Security-Policy"]
        assert policy.endswith(f"frame-ancestors 'self' {PARTNER}")
