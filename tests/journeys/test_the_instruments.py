"""The browser and axe themselves: a finder that finds nothing proves nothing."""

import pytest


def test_axe_finds_a_picture_that_says_nothing(person, faults_of):
    person.set_content('<html lang="ja"><title>x</title><main><h1>見出し</h1><img src="data:,">')
    assert [fault.split(":")[0] for fault in faults_of(person)] == ["image-alt"]


@pytest.mark.on_both_databases
def test_the_browser_reaches_the_server_of_the_test(person, desk):
    answer = person.goto("/no-such-page/")
    assert answer.status == 404
