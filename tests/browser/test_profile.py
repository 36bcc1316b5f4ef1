import json

import pytest

from compliance.browser.profile import prepare_profile


def test_a_fresh_folder_gets_preferences_that_accept_third_party_cookies(tmp_path):
    folder = prepare_profile(tmp_path / "a profile")
    written = json.loads((folder / "Default" / "Preferences").read_text())
    assert written["profile"]["cookie_controls_mode"] == 0


def test_a_profile_that_exists_is_not_overwritten(tmp_path):
    prepare_profile(tmp_path)
    preferences = tmp_path / "Default" / "Preferences"
    preferences.write_text("mine")
    with pytest.raises(FileExistsError):
        prepare_profile(tmp_path)
    assert preferences.read_text() == "mine"
