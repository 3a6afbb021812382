"""What the lines say."""

import random

from training.text.lines.phrases import Kind, phrase_for


def test_every_phrase_can_be_written_on_a_slip() -> None:
    """The network's characters are those of a keyboard, and an empty line says nothing."""
    kinds: tuple[Kind, ...] = ("text", "name", "provider")
    rng = random.Random(3)  # noqa: S311
    for phrase in (phrase_for(kind, rng) for kind in kinds for _ in range(150)):
        assert phrase.strip() == phrase != ""
        assert all(" " <= letter <= "~" for letter in phrase)


def test_a_seed_gives_the_same_phrases_and_another_one_others() -> None:
    """Who trains anew must get the same lines."""
    first, again, other = ([phrase_for("text", rng) for _ in range(30)] for rng in map(random.Random, (1, 1, 2)))
    assert first == again
    assert first != other


def test_providers_have_titles_and_patients_none() -> None:
    """Where a name ends and its title begins is read from the letters alone."""
    rng = random.Random(5)  # noqa: S311
    titled = [
        ", " in name or name.lower().startswith("dr.") for name in (phrase_for("provider", rng) for _ in range(60))
    ]
    assert all(titled)
    assert not any("dr." in phrase_for("name", rng).lower() for _ in range(60))
