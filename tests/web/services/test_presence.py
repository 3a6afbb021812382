"""Who has a slip open just now."""

from web.services.presence import HERE_S, Presence


class Now:
    """A clock in seconds that stands still until it is moved."""

    at_s = 0.0

    def __call__(self) -> float:
        return self.at_s


def test_who_comes_second_is_told_of_the_first() -> None:
    """Two people would do the same work, and one of them for nothing."""
    presence = Presence(Now())
    assert presence.note("s1", "kim") == []
    assert presence.note("s1", "lee") == ["kim"]
    assert presence.note("s1", "kim") == ["lee"]
    assert presence.note("s2", "lee") == []


def test_whoever_leaves_or_is_silent_is_forgotten() -> None:
    """A browser that was closed says nothing; its slip must not look taken for ever."""
    now = Now()
    presence = Presence(now)
    presence.note("s1", "kim")
    presence.note("s1", "ann")
    presence.leave("s1", "ann")
    presence.leave("s1", "nobody")
    assert presence.note("s1", "lee") == ["kim"]
    now.at_s += HERE_S
    assert presence.note("s1", "ann") == []
