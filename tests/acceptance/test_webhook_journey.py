"""Webhooks on a whole platform, by client and command, as far as no receiver is needed."""

import json

from click.testing import CliRunner

from tests.platforms import Platform
from tests.waiting import eventually
from webapp.cli import main


def test_a_webhook_whose_receiver_is_private_is_made_tried_and_deleted(platform: Platform) -> None:
    where = ("--data-dir", str(platform.data_dir), "--json")

    def said(*words: str) -> object:
        ended = CliRunner().invoke(main, ["webhooks", *words, *where])
        assert ended.exit_code == 0, ended.output
        return json.loads(ended.stdout)

    said("add", f"{platform.url}/", "--event", "job.failed", "--kind", "platform.fail")
    webhooks = platform.client.webhooks
    (webhook,) = [each for each in webhooks if each.url == f"{platform.url}/"]
    assert (webhook.events, webhook.active, webhook.secret) == (["job.failed"], True, None)
    assert webhooks.rotate(webhook.id).secret is not None
    said("test", webhook.id)
    (tried,) = eventually(lambda: [one for one in webhooks.deliveries(webhook.id) if one.log])
    assert (tried.state, tried.event) == ("pending", "webhook.test")
    assert tried.log[0]["error"].startswith("address_forbidden")
    said("replay", webhook.id, tried.id)
    assert said("deliveries", webhook.id)
    assert said("enable", webhook.id)
    said("delete", webhook.id)
    assert webhook.id not in [each.id for each in webhooks]
