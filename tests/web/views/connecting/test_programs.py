"""The page *Other programs*: webhooks entered, mended and ended by an admin."""

import re

from schemas.users import Role
from schemas.webhook import MessageState, WebhookContent, WebhookEvent
from store.tables import webhook
from store.webhooks.messages import messages_of, plan_messages
from store.webhooks.webhooks import find_webhook, webhooks
from tests.letter_life import accepted
from tests.web.studio import Studio

URL = "https://registry.example/hook"
FORM = {"url": URL, "event": "referral.accepted"}


def test_a_webhook_is_entered_with_numbers_unless_more_is_chosen_and_its_secret_is_shown_once(studio: Studio) -> None:
    """What is not ticked is not sent; a wrong address is said in a sentence, and stays in its field."""
    ada = studio.person("ada", Role.ADMIN)
    secret = re.findall(r"whsec_[\w+/=]+", ada.post("/programs/webhooks", FORM).text)
    assert len(secret) == 1
    page = ada.get("/programs").text
    assert URL in page
    assert secret[0] not in page
    [entered] = webhooks(studio.store)
    assert (entered.events, entered.content) == ((WebhookEvent.ACCEPTED,), WebhookContent.NUMBERS)
    assert not entered.in_local_network
    ada.post("/programs/webhooks", FORM | {"content": "records", "local": "1"})
    assert find_webhook(studio.store, 2).content is WebhookContent.RECORDS
    own = {"url": "https://192.168.1.20/hook"}
    for wrong in ({"url": "http://registry.example/"}, {"event": "all"}, {"content": "everything"}, own):
        answer = ada.post("/programs/webhooks", FORM | wrong)
        assert answer.status_code == 400
    assert "say that it may lead into the studio&#39;s own network" in answer.text
    assert (
        "http://registry.example/" in ada.post("/programs/webhooks", {**FORM, "url": "http://registry.example/"}).text
    )
    assert len(webhooks(studio.store)) == 2


def test_a_webhook_that_stopped_is_set_going_message_by_message(studio: Studio) -> None:
    """The page shows why, and each button does what it says."""
    ada = studio.person("ada", Role.ADMIN)
    ada.post("/programs/webhooks", FORM)
    accepted(studio.store, studio.settings, serial=7, signed_on=studio.clock.today().isoformat())
    plan_messages(studio.store)
    with studio.store.write() as connection:
        connection.execute(webhook.update().values(disabled_at=studio.clock.now(), problem="It answered 500."))
    assert "disabled</span> It answered 500." in ada.get("/programs").text
    act = "/programs/webhooks/1"
    assert ada.post(act, {"act": "enable"}).status_code == 303
    assert find_webhook(studio.store, 1).disabled_at is None
    for acted, state in (("skip", MessageState.SKIPPED), ("again", MessageState.WAITING)):
        assert ada.post(act, {"act": acted, "message": "1"}).status_code == 303
        assert [one.state for one in messages_of(studio.store, 1)] == [state]
    assert re.search(r"whsec_[\w+/=]+", ada.post(act, {"act": "rotate"}).text)
    for wrong in ({"act": "skip", "message": "x"}, {"act": "other"}, {}):
        assert ada.post(act, wrong).status_code == 400
    assert ada.post(act, {"act": "skip", "message": "9"}).status_code == 404
    assert ada.post(act, {"act": "remove"}).status_code == 303
    assert webhooks(studio.store) == []
