"""What the plugin's options mean, where pytester would be too far away."""

from __future__ import annotations

from pathlib import Path

import pytest

from compliance.pytest_plugin.options import shown


def test_paths_are_shown_as_people_write_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert shown(tmp_path / "specs" / "shop.yaml") == Path("specs/shop.yaml")
    assert shown(Path("/somewhere/else.yaml")) == Path("/somewhere/else.yaml")


def test_settings_come_from_options_and_playwrights(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("COMPLIANCE_BROWSER", "COMPLIANCE_REPORTS"):
        monkeypatch.delenv(name, raising=False)
    pytester.makepyfile(
        """
        from pathlib import Path

        def test_it(compliance_settings, pytestconfig):
            given = compliance_settings
            assert given.headed
            assert given.channel == "chrome"
            assert given.resolve == ("a.test:127.0.0.1", "b.test:127.0.0.2")
            assert given.ignore_tls == ("*.test",)
            assert given.run_root == pytestconfig.invocation_params.dir / "kept"
        """
    )
    plugin = ("-p", "compliance.pytest_plugin", "--headed", "--browser-channel", "chrome")
    pytester.runpytest_subprocess(
        *plugin, "--resolve", "a.test:127.0.0.1", "--resolve", "b.test:127.0.0.2", "--ignore-tls", "*.test",
        "--run-dir", "kept",
    ).assert_outcomes(passed=1)  # fmt: skip


def test_a_wrong_setting_is_a_usage_error(pytester: pytest.Pytester) -> None:
    pytester.makepyprojecttoml('[tool.compliance]\nbrowsr = "x"\n')
    result = pytester.runpytest_subprocess("-p", "compliance.pytest_plugin")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["ERROR: setting browsr: *"])


def test_specs_are_named_relative_to_the_root(pytester: pytest.Pytester) -> None:
    pytester.makeini("[pytest]\ncompliance_specs = /etc/*.yaml")
    (pytester.path / "some.yaml").write_text("a: 1\n")
    result = pytester.runpytest_inprocess("-p", "no:playwright", "-p", "compliance.pytest_plugin")
    result.stdout.fnmatch_lines(["*compliance_specs: '/etc/[*].yaml' is no pattern relative to *"])
