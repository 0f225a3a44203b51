"""The real bot and the real action server, on free ports, with a store of their own in a temporary folder."""

from __future__ import annotations

import json
import os
import signal
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from casestore import accounts, migrations
from casestore.engine import open_engine
from casestore.flow_record import FlowEventRow
from casestore.keys import keys_from_environment
from casestore.store import CaseStore
from casestore.types import give_keys
from cli.environment import ROOT, serving_environment
from cli.processes import Server, free_port, stop, wait_until_answering
from cli.servers import MODEL, START_SECONDS, Plan, action_server, bot_server, serving
from cli.today import lender_today
from tests.support.handover import HANDOVER_SECRET

DEMO_ACCOUNTS = ROOT / "demo" / "accounts.csv"


class Stack:
    """Everything a conversation needs, running. Use as a context manager, or through the fixture `stack`.

    `store_url` names a database to use instead of a fresh SQLite file, `today` fixes the bot's day,
    `settings` are further environment variables, `credentials` another file of channels.
    """

    def __init__(
        self,
        store_url: str | None = None,
        today: date | None = None,
        settings: dict[str, str] | None = None,
        credentials: Path = ROOT / "credentials.yml",
    ) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="respite-")
        self.folder = Path(self._folder.name)
        self.store_url = store_url or f"sqlite:///{self.folder / 'respite.db'}"
        self.env = self._environment(today, settings or {})
        self.today = lender_today(self.env)
        self.store = CaseStore.open(self.store_url, keys_from_environment(self.env))
        self._credentials = credentials
        self._servers: dict[str, Server] = {}

    @property
    def base_url(self) -> str:
        """Where the bot answers, without a slash at the end."""
        return f"http://127.0.0.1:{self.env['RESPITE_BOT_PORT']}"

    @property
    def action_url(self) -> str:
        """Where the action server answers, without a slash at the end."""
        return f"http://127.0.0.1:{self.env['RESPITE_ACTION_PORT']}"

    @property
    def lenders_origin(self) -> str:
        """The one other origin whose pages may open the chat. Nothing is served there yet."""
        return self.env["RESPITE_ALLOWED_ORIGINS"]

    def process_ids(self) -> list[int]:
        """The process ids of the running servers."""
        return [server.process.pid for server in self._servers.values()]

    def logs(self) -> str:
        """What both servers have logged so far."""
        return "\n".join(
            f"--- {path.name}\n{path.read_text(errors='replace')}"
            for path in sorted(self.folder.glob("*.log"))
        )

    def restart_actions(self) -> None:
        """Stops the action server and starts it again on the same port, as after a crash."""
        stop([self._servers.pop("actions")])
        self._start(actions=action_server(self.env, self.folder))

    @contextmanager
    def without_actions(self) -> Iterator[None]:
        """The action server is killed; started again on the same port at the end."""
        killed = self._servers.pop("actions")
        killed.process.kill()
        killed.process.wait()
        try:
            yield
        finally:
            self._start(actions=action_server(self.env, self.folder))

    def kill_bot(self) -> None:
        """Kills the bot, whatever it is doing."""
        bot = self._servers.pop("bot")
        bot.process.kill()
        bot.process.wait()

    def restart_bot(self) -> None:
        """Starts the bot again on the same port, killed now if it was not before."""
        if "bot" in self._servers:
            self.kill_bot()
        self._start(bot=bot_server(self.env, self.folder, MODEL, self._credentials))

    @contextmanager
    def another_bot(self) -> Iterator[str]:
        """A second bot on the same store; where it answers, without a slash at the end."""
        env = {**self.env, "RESPITE_BOT_PORT": str(free_port())}
        plan = bot_server(env, self.folder / "another", MODEL, self._credentials)
        with serving(plan):
            yield f"http://127.0.0.1:{env['RESPITE_BOT_PORT']}"

    @contextmanager
    def thinking(self) -> Iterator[None]:
        """The action server stands still, and so does every turn; it goes on at the end."""
        actions = self._servers["actions"].process
        actions.send_signal(signal.SIGSTOP)
        try:
            yield
        finally:
            actions.send_signal(signal.SIGCONT)

    def let_pass(self, conversation: str, minutes: int) -> None:
        """Date all that Rasa remembers of a conversation back, as if so much time had passed since."""
        own = FlowEventRow.sender_id == conversation
        with self.flow() as session:
            rows = session.scalars(select(FlowEventRow).where(own).order_by(FlowEventRow.id)).all()
            for row in rows:
                event = json.loads(row.data)
                event["timestamp"] -= minutes * 60
                row.data, row.timestamp = json.dumps(event), event["timestamp"]
            # A last row under another number is how the bot sees that its copy in memory is out of date.
            rows[-1].id = session.scalar(select(func.max(FlowEventRow.id))) + 1

    @contextmanager
    def flow(self) -> Iterator[Session]:
        """Rasa's own record of the conversations, in one transaction."""
        engine = open_engine(self.env["RESPITE_TRACKER_URL"])
        give_keys(engine.dialect, keys_from_environment(self.env))
        with Session(engine) as session, session.begin():
            yield session
        engine.dispose()

    def __enter__(self) -> Stack:
        try:
            _prepare(self.store, self.today)
            self._start(
                actions=action_server(self.env, self.folder),
                bot=bot_server(self.env, self.folder, MODEL, self._credentials),
            )
        except BaseException as error:
            logs = self.logs()
            self.__exit__()
            if isinstance(error, Exception):
                raise RuntimeError(f"The bot did not start: {error}\n{logs}") from error
            raise
        return self

    def __exit__(self, *_: object) -> None:
        stop(list(self._servers.values()))
        self._servers.clear()
        self.store.close()
        self._folder.cleanup()

    def _environment(self, today: date | None, settings: dict[str, str]) -> dict[str, str]:
        base = {name: value for name, value in os.environ.items() if not name.startswith("RESPITE_")}
        base.update(RESPITE_DATABASE_URL=self.store_url)
        base.update(RESPITE_BOT_PORT=str(free_port()), RESPITE_ACTION_PORT=str(free_port()))
        base.update(RESPITE_HANDOVER_SECRET=HANDOVER_SECRET)
        base.update(RESPITE_ALLOWED_ORIGINS=f"http://127.0.0.1:{free_port()}")
        base.update(RESPITE_TRACKER_URL=f"sqlite:///{self.folder / 'conversations.db'}")
        if today is not None:
            base.update(RESPITE_TODAY=today.isoformat())
        base.update(settings)
        return serving_environment(demo=True, base=base, root=self.folder)

    def _start(self, **plans: Plan) -> None:
        started = {name: plan.start() for name, plan in plans.items()}
        self._servers.update(started)
        wait_until_answering({plan.health: started[name] for name, plan in plans.items()}, START_SECONDS)


def _prepare(store: CaseStore, today: date) -> None:
    """Brings the store to its newest schema and loads the demo accounts as of `today`."""
    migrations.migrate(store)
    accounts.import_csv(store, DEMO_ACCOUNTS, shift_to=today)
