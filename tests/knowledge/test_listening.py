"""Who listens to a whole page, and who does so as recorders do."""

from compliance.knowledge.listening import as_recorders_do, listeners
from compliance.testing import api_call

APP = "https://shop.test/app.js"
CHANGES = api_call("watch.document", "childList", "attributes characterData")


def watch(*what, script=APP):
    return tuple(api_call(f"watch.{one}", script=script) for one in what)


def test_much_is_three_groups_or_keys_or_the_mouse_and_changes():
    assert listeners(watch("scroll", "resize")) == {}
    assert listeners(watch("document", "click")) == {}
    assert listeners(watch("scroll", "resize", "click")) == {APP: {"scroll", "resize", "click"}}
    assert listeners(watch("keys")) == {APP: {"keys"}}
    assert listeners(watch("document", "move")) == {APP: {"document", "move"}}
    assert listeners((api_call("channel.webrtc"),)) == {}


def test_a_recorder_hears_of_everything_by_one_script():
    assert as_recorders_do((CHANGES, *watch("move", "click", "keys"))) == [APP]
    assert as_recorders_do((CHANGES, *watch("move", "click"))) == []
    assert as_recorders_do((api_call("watch.document", "childList"), *watch("move", "click", "keys"))) == []
    other = "https://vendor.test/o.js"
    assert as_recorders_do((CHANGES, *watch("move", "click", "keys", script=other))) == []
