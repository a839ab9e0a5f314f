"""A job followed live through the whole platform, and what the platform tells of its streams."""

import httpx2

from tests.platforms import Platform


def test_a_job_is_followed_live_from_a_ticket_to_its_end(platform: Platform) -> None:
    handle = platform.client.submit("platform.sleep", {"seconds": 1, "steps": 2})
    heard = []
    for news in platform.client.stream(f"job:{handle.id}", "queues"):
        heard.append(news)
        if news.type == "job.succeeded":
            break
    told = [news for news in heard if news.topic == f"job:{handle.id}"]
    assert [news.type for news in told if news.type != "job.progress"] == [
        "job.submitted",
        "job.queued",
        "job.claimed",
        "job.succeeded",
    ]
    assert [news.seq for news in told] == sorted({news.seq for news in told})
    assert told[-1].data == {**told[-1].data, "seq": told[-1].seq, "type": "job.succeeded"}
    assert any(news.type == "queues.state" for news in heard)


def test_figures_of_the_streams_are_among_the_metrics(platform: Platform) -> None:
    listening = platform.client.stream("queues")
    next(listening)
    headers = {"Authorization": f"Bearer {platform.api_key}"}
    while True:  # each process tells its figures each few seconds
        text = httpx2.get(f"{platform.url}/api/v1/metrics", headers=headers, timeout=30).text
        lines = [line for line in text.splitlines() if line.startswith("penstock_stream_sockets{")]
        if sum(float(line.split()[-1]) for line in lines if 'transport="sse"' in line) >= 1:
            return
