"""What Rasa writes down of a conversation, for tests of how that is kept."""

from __future__ import annotations

import json
from datetime import datetime

from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from casestore.flow_record import FlowEventRow


def say(flow: Engine, sender: str, words: str, at: datetime) -> None:
    event = {"event": "user", "text": words}
    with Session(flow) as session, session.begin():
        session.add(
            FlowEventRow(sender_id=sender, type_name="user", timestamp=at.timestamp(), data=json.dumps(event))
        )
