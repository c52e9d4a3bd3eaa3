"""The demo city's file: a whole configuration, with what the outside relies on."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from contactcenter import demo
from contactcenter.configuration import document, filing
from contactcenter.queue.hours import Calendar, read_hours

LANGUAGES = {"fi", "sv", "en"}


@pytest.fixture
def city() -> document.Document:
    """The file, read as any city's configuration is."""
    made = demo.city()
    assert made.pop("password") == "mikkeli-demo"
    return filing.load(made)


def test_it_is_a_configuration_like_any_other(city: document.Document) -> None:
    assert filing.read(filing.write(city)) == filing.tidy_all(city)
    assert len(city.organisation) == 6
    assert len(city.queue) == 12
    assert len([user for user in city.user if user.role == "agent"]) == 10
    assert {user.role for user in city.user} == {"agent", "supervisor", "admin"}


def test_the_general_queue_is_always_there_and_everybody_serves_it(
    city: document.Document,
) -> None:
    (general,) = [queue for queue in city.queue if queue.key == "general"]
    assert general.always_open
    assert {"chat", "mail", "callback"} <= set(general.channels)
    for user in city.user:
        if user.organisation == "mikkeli" and user.role == "agent":
            (skill,) = [skill for skill in user.skills if skill.task == "general"]
            assert set(skill.languages) == LANGUAGES


def test_skills_lie_within_the_scope_and_every_queue_is_served(city: document.Document) -> None:
    can = set()
    for user in city.user:
        assert user.organisation in user.organisations
        assert {skill.organisation for skill in user.skills} <= set(user.organisations)
        can |= {(s.organisation, s.task, lang) for s in user.skills for lang in s.languages}
    for queue in city.queue:
        assert {(queue.organisation, queue.task, lang) for lang in queue.languages} <= can


def test_names_are_in_three_languages_and_ways_are_negative(city: document.Document) -> None:
    names = [
        *(organisation.name for organisation in city.organisation),
        *(queue.name for queue in city.queue),
        *(disposition.name for disposition in city.disposition),
        *(template.name for template in city.template),
    ]
    assert all(set(name) == LANGUAGES for name in names)
    assert all(set(template.text) == LANGUAGES for template in city.template)
    assert {queue.service_level.way for queue in city.queue} == {"negative"}


def test_topics_are_words_for_queues_of_the_city(city: document.Document) -> None:
    queues = {queue.key: queue.organisation for queue in city.queue}
    for topic in city.topic:
        assert queues[topic.queue] == topic.organisation == "mikkeli"
        assert set(topic.name) == set(topic.hint) == LANGUAGES
    assert {topic.queue for topic in city.topic} == {
        key for key, organisation in queues.items() if organisation == "mikkeli"
    }


def test_offices_are_open_by_day_and_closed_at_night(city: document.Document) -> None:
    for queue in demo.city()["queue"]:
        calendar = Calendar(read_hours(queue["hours"]), "Europe/Helsinki")
        assert calendar.is_open(datetime(2026, 11, 26, 9, 30, tzinfo=UTC))  # Thursday 11:30
        assert not calendar.is_open(datetime(2026, 11, 26, 20, tzinfo=UTC))
        assert not calendar.is_open(datetime(2026, 12, 24, 9, 30, tzinfo=UTC))
