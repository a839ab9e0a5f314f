"""Who may listen: tickets good once, places counted, rights looked at again, strange pages kept out."""

import socket as sockets
import subprocess
import sys
from contextlib import closing
from datetime import timedelta

import httpx2
import psutil

from core import redis
from core.clock import utc_now
from core.platform import keys
from core.platform.servers.embedded import Urls
from core.platform.streams.places import Places
from tests.integration.streams.conftest import CONNECTIONS, WEB, World
from tests.streaming import Socket
from tests.waiting import eventually


def refusal(socket: Socket) -> dict[str, object]:
    (word,) = list(socket)
    assert word["type"] == "stream.refused"
    return word


def test_a_ticket_is_good_once(world: World) -> None:
    ticket = world.ticket(world.principal(), "queues")
    assert world.socket(ticket).until("queues.state")
    again = world.socket(ticket)
    assert refusal(again)["code"] == "ticket_invalid"
    assert again.closed_with == 1008


def test_a_ticket_is_good_for_half_a_minute(world: World) -> None:
    who = world.principal()
    late = world.socket(world.ticket(who, "queues", now=lambda: utc_now() - timedelta(seconds=31)))
    assert (refusal(late)["code"], late.closed_with) == ("ticket_invalid", 1008)
    early = world.socket(world.ticket(who, "queues", now=lambda: utc_now() - timedelta(seconds=20)))
    assert early.until("queues.state")


def test_nobody_writes_tickets_but_the_platform(world: World) -> None:
    good = world.ticket(world.principal(), "queues")
    head, _, signature = good.rpartition(".")
    for forged in (f"{head}.{signature[::-1]}", "", "nonsense"):
        assert refusal(world.socket(forged))["code"] == "ticket_invalid"
    answer = httpx2.get(world.sse("nonsense"), trust_env=False)
    assert (answer.status_code, answer.json()["code"]) == (401, "ticket_invalid")
    assert answer.json()["poll"]["mode"] == "poll"


def test_a_client_holds_five_streams_and_no_sixth(world: World) -> None:
    who = world.principal()
    five = [world.listen(who, "queues") for _ in range(5)]
    assert all(socket.until("queues.state") for socket in five)
    sixth = world.listen(who, "queues", "alerts")
    word = refusal(sixth)
    assert sixth.closed_with == 1008
    assert (word["code"], word["mode"], word["url"]) == ("streams_of_client", "poll", f"{WEB}/api/v1/queues")
    assert word["urls"] == {"queues": f"{WEB}/api/v1/queues", "alerts": f"{WEB}/api/v1/alerts"}
    answer = httpx2.get(world.sse(world.ticket(who, "queues")), trust_env=False)
    assert (answer.status_code, answer.json()["code"]) == (429, "streams_of_client")
    assert answer.json()["poll"]["url"] == f"{WEB}/api/v1/queues"
    assert "Retry-After" in answer.headers
    five[0].close()
    assert eventually(lambda: next(iter(world.listen(who, "queues")))["type"] == "queues.state")


def test_the_platform_holds_as_many_streams_as_it_is_told_to(world: World) -> None:
    for _ in range(CONNECTIONS // 4):
        who = world.principal()
        assert all(world.listen(who, "queues").until("queues.state") for _ in range(4))
    one_more = world.listen(world.principal(), "queues")
    word = refusal(one_more)
    assert (one_more.closed_with, word["code"], word["url"]) == (1013, "streams_full", f"{WEB}/api/v1/queues")
    answer = httpx2.get(world.sse(world.ticket(world.principal(), "queues")), trust_env=False)
    assert (answer.status_code, answer.json()["code"]) == (503, "streams_full")


def test_a_revoked_key_ends_its_streams(world: World) -> None:
    who, other = world.principal(), world.principal()
    socket, kept = world.listen(who, "queues"), world.listen(other, "queues")
    socket.until("queues.state")
    with world.database.transaction() as session:
        keys.revoke(session, who.tenant_id, who.id)
    assert socket.until("stream.lapsed")
    assert list(socket) == []
    assert socket.closed_with == 1008
    world.submit(other)
    assert kept.until("queues.state")
    assert kept.closed_with is None


def test_pages_of_strange_origins_are_kept_out(world: World) -> None:
    def opened_from(origin: str) -> Socket:
        return world.socket(world.ticket(world.principal(), "queues"), origin=origin)

    assert opened_from("https://evil.example").rejected_with == 403
    assert opened_from("https://friend.example").rejected_with is None
    assert opened_from("http://127.0.0.1:8000").until("queues.state")
    headers = {"Origin": "https://evil.example"}
    answer = httpx2.get(world.sse(world.ticket(world.principal(), "queues")), headers=headers, trust_env=False)
    assert (answer.status_code, answer.json()["code"]) == (403, "origin_refused")


def test_a_client_that_says_too_much_is_cut_off(world: World) -> None:
    socket = world.listen(world.principal(), "queues")
    socket.send("x" * 4096)
    socket.until("queues.state")
    socket.send("x" * 4097)
    list(socket)
    assert socket.closed_with == 1009


def test_a_dead_process_whose_end_nobody_fetched_holds_nothing(servers: Urls) -> None:
    ended = subprocess.Popen([sys.executable, "-c", ""])
    born = psutil.Process(ended.pid).create_time()
    eventually(lambda: psutil.Process(ended.pid).status() == psutil.STATUS_ZOMBIE)
    with closing(redis.connect(servers.redis)) as client:
        places = Places(client, in_all=1, for_each_client=1)
        places.owner = f"{sockets.gethostname()}|{ended.pid}|{born:.2f}"
        assert places.take("somebody")[0] == "taken"
        successor = Places(client, in_all=1, for_each_client=1)
        assert successor.open() == 1
        verdict, place = successor.take("somebody")
        assert verdict == "taken"
        successor.give_back([place])
    ended.wait()
