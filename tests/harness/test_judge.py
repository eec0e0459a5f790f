"""The judge sees what is wrong: a calm run is good, and every single thing that is spoilt afterwards is found."""

import json
from dataclasses import replace
from pathlib import Path

from sqlalchemy import update

from pim_bot.storage.engine import make_engine
from pim_bot.storage.tables.flow import notification
from tests.engines import SQLiteEngines
from tests.harness.judge import NOTHING, judged
from tests.harness.slack_file import SlackFile
from tests.harness.storm import Weather, storm


async def test_whatever_is_lost_doubled_swapped_or_left_is_found(sqlite: SQLiteEngines) -> None:
    passed = await storm(sqlite, Weather(kills=0, messages=20, members=8, seed=1, chance=0))
    assert passed.judgement.wrong == NOTHING
    assert (passed.judgement.intended, passed.judgement.standing, passed.judgement.acts) == (21, 21, 2)

    file, url = SlackFile(Path(sqlite.folder) / "slack.db"), sqlite.database_url
    one, other = [row for row in file.standing() if row.channel == "D0003"]
    ((body,),) = file.rows("SELECT body FROM message WHERE channel = ? AND ts = ?", one.channel, one.ts)

    file.keep_deletion(one.channel, one.ts)
    gone = (await judged(file, url)).wrong
    assert (len(gone.lost), len(gone.seen_otherwise)) == (1, 1)
    assert replace(gone, lost=(), seen_otherwise=()) == NOTHING
    assert "invitation" in gone.lost[0]
    file.rows("UPDATE message SET deleted = 0")

    copy = json.dumps(json.loads(body) | {"ts": "9999999999.000001"})
    insert = "INSERT INTO message (channel, ts, key, body) VALUES (?, '9999999999.000001', ?, ?)"
    file.rows(insert, one.channel, one.key, copy)
    twice = (await judged(file, url)).wrong
    assert (len(twice.doubled), len(twice.seen_otherwise)) == (1, 1)
    assert (twice.lost, twice.stuck) == ((), ())

    stranger = json.dumps(json.loads(copy) | {"metadata": {"event_type": "x", "event_payload": {"key": "k"}}})
    file.rows("UPDATE message SET key = 'k', body = ? WHERE ts = '9999999999.000001'", stranger)
    foreign = (await judged(file, url)).wrong
    assert (len(foreign.not_ours), foreign.doubled, len(foreign.seen_otherwise)) == (1, (), 1)
    file.rows("DELETE FROM message WHERE ts = '9999999999.000001'")
    assert (await judged(file, url)).wrong == NOTHING

    swapped = json.dumps(json.loads(body) | {"ts": f"{float(other.ts) + 1:.6f}"})
    file.rows("UPDATE message SET body = ? WHERE channel = ? AND ts = ?", swapped, one.channel, one.ts)
    order = (await judged(file, url)).wrong
    assert (len(order.out_of_order), replace(order, out_of_order=())) == (1, NOTHING)
    file.rows("UPDATE message SET body = ? WHERE channel = ? AND ts = ?", body, one.channel, one.ts)

    file.rows("INSERT INTO act (at, user, what, acknowledged) VALUES ('', 'U', 'Akt 09999', 1)")
    engine = make_engine(url)
    async with engine.begin() as connection:
        which = notification.c.key == one.key
        await connection.execute(update(notification).where(which).values(state="doubtful"))
    await engine.dispose()
    left = (await judged(file, url)).wrong
    assert (left.acts_lost, len(left.stuck), replace(left, acts_lost=(), stuck=())) == (("Akt 09999",), 1, NOTHING)
    file.close()
