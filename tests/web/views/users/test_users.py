"""Who may come in: users, passwords, sessions that end, and a limit to guessing."""

from datetime import timedelta

import pytest

from schemas.users import Role
from store.tables import desk_session, desk_user, invitation
from store.users import users
from tests.audit import audit_lines
from tests.web.studio import PASSWORD, Studio
from web.security import SESSION_COOKIE, cookie_name


def acts(studio: Studio) -> list[tuple[object, object]]:
    return [(audit_line["who"], audit_line["what"]) for audit_line in audit_lines(studio.store)]


def test_the_first_start_gives_one_link_that_makes_one_admin(studio: Studio) -> None:
    """There is no default password: only who started refpad sees the link, and it works once."""
    word = users.first_link(studio.store)
    assert word is not None
    someone = studio.stranger()
    fields = {"name": "Kim", "password": PASSWORD, "again": PASSWORD}
    assert "manage the other users" in someone.get(f"/first/{word}").text
    assert someone.post(f"/first/{word}", fields).headers["location"] == "/"
    [kim] = users.all_users(studio.store)
    assert (kim.name, kim.role, kim.can_sign_in) == ("kim", Role.ADMIN, True)
    assert studio.stranger().post(f"/first/{word}", fields).status_code == 400
    assert users.first_link(studio.store) is None


def test_practice_says_so_before_anybody_signs_in(studio: Studio) -> None:
    """Whoever types a real patient's name, or a password of the real work, must have seen first where they are."""
    addresses = (f"/first/{users.first_link(studio.store)}", "/login")
    assert all("Practice: invented patients" not in studio.stranger().get(address).text for address in addresses)
    studio.settings.saved_file.write_text('{"practice": true}')
    assert all("Practice: invented patients" in studio.stranger().get(address).text for address in addresses)


def test_an_older_first_link_is_worth_nothing(studio: Studio) -> None:
    """Each start prints another; one that was left on a screen must not work for ever."""
    old, new = users.first_link(studio.store), users.first_link(studio.store)
    assert old != new
    assert studio.stranger().get(f"/first/{old}").status_code == 400
    studio.clock.move(timedelta(hours=users.LINK_HOURS, seconds=1))
    assert studio.stranger().get(f"/first/{new}").status_code == 400


def test_a_link_sets_the_password_of_its_user_and_of_no_other(studio: Studio) -> None:
    """The name comes from the link, whatever the form says."""
    studio.add_user("lee")
    word = users.add(studio.store, "kim", Role.REVIEWER, "root")
    fields = {"name": "lee", "password": "another good password", "again": "another good password"}
    assert studio.stranger().post(f"/first/{word}", fields).status_code == 303
    assert studio.stranger().sign_in("kim", "another good password").status_code == 303
    assert studio.stranger().sign_in("lee").status_code == 303


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"name": "kim", "password": "short", "again": "short"}, "12 to 200 characters"),
        ({"name": "kim", "password": "x" * 201, "again": "x" * 201}, "12 to 200 characters"),
        ({"name": "kim", "password": PASSWORD, "again": "another one entirely"}, "not the same"),
        ({"name": "K im!", "password": PASSWORD, "again": PASSWORD}, "begins with a letter"),
        ({"name": "machine", "password": PASSWORD, "again": PASSWORD}, "begins with a letter"),
    ],
)
def test_a_password_or_name_that_will_not_do_is_explained(
    fields: dict[str, object], sentence: str, studio: Studio
) -> None:
    """And the link stays good for the next try."""
    word = users.first_link(studio.store)
    answer = studio.stranger().post(f"/first/{word}", fields)
    assert (answer.status_code, sentence in answer.text) == (400, True)
    assert users.first_link(studio.store) is not None


def test_wrong_name_and_wrong_password_sound_the_same(studio: Studio) -> None:
    """Who guesses must not learn which names there are."""
    studio.add_user("kim")
    answers = [studio.stranger().sign_in(name, "wrong password") for name in ("kim", "nobody")]
    assert [answer.status_code for answer in answers] == [401, 401]
    assert answers[0].text == answers[1].text


def test_wrong_passwords_lock_nobody_out(studio: Studio) -> None:
    """Fifty wrong tries at any names; then the right one of each user gets in."""
    for name in ("kim", "lee"):
        studio.add_user(name)
    for number in range(50):
        studio.stranger().sign_in("kim" if number % 2 else f"name{number}", "Spring2026")
    assert studio.stranger().sign_in("lee").status_code == 303


def test_too_many_tries_at_once_are_told_the_same_for_every_name(studio: Studio) -> None:
    """A sentence with the time to wait; it tells nothing of which names there are."""
    studio.add_user("kim")
    answers = {
        name: [studio.stranger().sign_in(name, "wrong password") for _ in range(12)][-1] for name in ("kim", "nobody")
    }
    assert {answer.status_code for answer in answers.values()} == {429}
    assert len({answer.text for answer in answers.values()}) == 1
    assert "wait 30 seconds" in answers["kim"].text


def test_a_browser_that_was_signed_in_before_does_not_wait_for_strangers(studio: Studio) -> None:
    """Whoever tries at a name cannot keep its owner out."""
    kim = studio.person("kim")
    kim.post("/logout")
    for _ in range(12):
        studio.stranger().sign_in("kim", "wrong password")
    assert studio.stranger().sign_in("kim").status_code == 429
    assert kim.sign_in("kim").status_code == 303


def test_the_database_holds_no_secret_that_lets_one_in(studio: Studio) -> None:
    """Whoever reads a backup has neither passwords nor live sessions nor open links."""
    kim = studio.person()
    word = users.add(studio.store, "lee", Role.REVIEWER, "root")
    cookie = kim.client.cookies[cookie_name(SESSION_COOKIE, studio.store)]
    with studio.store.read() as connection:
        rows = [
            str(row) for table in (desk_user, desk_session, invitation) for row in connection.execute(table.select())
        ]
    assert [secret for secret in (PASSWORD, cookie, word) if any(secret in row for row in rows)] == []
    assert "$argon2id$" in str(rows)


def test_the_session_cookie_is_for_this_server_alone(studio: Studio) -> None:
    """Scripts cannot read it, other sites cannot send it."""
    studio.add_user("kim")
    cookie = studio.stranger().sign_in("kim").headers["set-cookie"]
    assert {"HttpOnly", "SameSite=strict", "Path=/"} <= set(cookie.split("; "))


def test_a_session_ends_when_nobody_is_there(studio: Studio) -> None:
    """45 CFR 164.312(a)(2)(iii), automatic log-off; what only a script asks for is no sign of a person."""
    kim = studio.person()
    studio.clock.move(timedelta(minutes=14))
    assert kim.get("/me").status_code == 200
    studio.clock.move(timedelta(minutes=14))
    assert kim.get("/me", **{"X-Refpad-Poll": "1"}).status_code == 200
    studio.clock.move(timedelta(minutes=2))
    assert kim.get("/me").headers["location"] == "/login"
    assert ("kim", "timeout") in acts(studio)


def test_an_open_slip_keeps_nobody_signed_in(studio: Studio) -> None:
    """Its page says every half minute that it is open; that is the script's word and not a person's."""
    kim = studio.person()
    for _ in range(31):
        studio.clock.move(timedelta(seconds=30))
        answer = kim.post("/review/s1/here", **{"X-Refpad-Poll": "1"})
    assert answer.status_code == 401


def test_a_session_ends_after_half_a_day_however_busy(studio: Studio) -> None:
    """A cookie that was taken is worth something for that long at most."""
    kim = studio.person()
    for _ in range(12 * 6):
        studio.clock.move(timedelta(minutes=10))
        kim.get("/me")
    studio.clock.move(timedelta(minutes=1))
    assert kim.get("/me").status_code == 303


def test_signing_out_ends_the_session_on_the_server(studio: Studio) -> None:
    """A cookie that was copied before is worth nothing afterwards."""
    kim = studio.person()
    cookie = kim.client.cookies[cookie_name(SESSION_COOKIE, studio.store)]
    assert kim.post("/logout").headers["location"] == "/login"
    kim.client.cookies.set(cookie_name(SESSION_COOKIE, studio.store), cookie)
    assert kim.get("/me").status_code == 303
    assert acts(studio)[-2:] == [("kim", "login"), ("kim", "logout")]


def test_changing_the_password_ends_every_session(studio: Studio) -> None:
    """Whoever else was signed in under the name is out."""
    kim, elsewhere = studio.person(), studio.person()
    other = "an even better password"
    assert kim.post("/me", {"old": "wrong", "password": other, "again": other}).status_code == 400
    assert kim.post("/me", {"old": PASSWORD, "password": other, "again": other}).status_code == 303
    assert elsewhere.get("/me").status_code == 303
    assert studio.stranger().sign_in("kim", other).status_code == 303


def test_an_admin_adds_and_disables_users(studio: Studio) -> None:
    """Enter, link, remove; each is on record, and who is removed is out at once."""
    admin = studio.person("ada", Role.ADMIN)
    page = admin.post("/people/add", {"name": "Lee", "role": "reviewer"}).text
    assert "http://127.0.0.1:4180/first/" in page
    lee = studio.person("kim")
    assert admin.post("/people/remove", {"name": "kim"}).status_code == 303
    assert lee.get("/me").status_code == 303
    assert "/first/" in admin.post("/people/link", {"name": "kim"}).text
    assert admin.post("/people/remove", {"name": "ada"}).status_code == 400
    assert [what for who, what in acts(studio) if who == "ada"][2:] == ["add", "remove", "link"]


def test_a_link_that_opens_at_this_computer_only_says_so(studio: Studio) -> None:
    """Somebody would try it on a telephone, and find nothing there."""
    page = studio.person("ada", Role.ADMIN).post("/people/add", {"name": "lee", "role": "reviewer"}).text
    assert "It opens on this computer only" in page
    assert "<svg" not in page


@pytest.mark.parametrize("others", [0, 1])
def test_ones_own_link_and_that_of_the_only_admin_take_a_second_act(others: int, studio: Studio) -> None:
    """One wrong click ended session and password of the only one who could have mended it."""
    ada = studio.person("ada", Role.ADMIN)
    for _ in range(others):
        studio.person("bea", Role.ADMIN)
    asked = ada.post("/people/link", {"name": "ada"})
    assert "/first/" not in asked.text
    assert "Your own password ends at once" in asked.text
    assert ada.get("/people").status_code == 200
    assert studio.stranger().sign_in("ada").status_code == 303
    told = ada.post("/people/link", {"name": "ada", "sure": "ada"})
    assert "use it now" in told.text
    assert studio.stranger().sign_in("ada").status_code == 401


def test_a_link_for_another_is_made_with_one_click(studio: Studio) -> None:
    """They stand there without their password; the admin who makes it can still make another."""
    ada = studio.person("ada", Role.ADMIN)
    studio.person("bea", Role.ADMIN)
    studio.person("kim")
    for name in ("kim", "bea"):
        assert "/first/" in ada.post("/people/link", {"name": name}).text


def test_the_only_admin_who_can_sign_in_is_not_removed_by_mistake(studio: Studio) -> None:
    """One who was invited and has no password yet is none; who means it says so."""
    studio.person("ada", Role.ADMIN)
    users.add(studio.store, "bea", Role.ADMIN, "root")
    with pytest.raises(users.LastAdminError, match="the only admin who can sign in"):
        users.remove(studio.store, "ada", "root")
    assert studio.stranger().sign_in("ada").status_code == 303
    users.remove(studio.store, "ada", "root", even_last=True)
    assert users.first_link(studio.store) is not None


def test_a_user_who_cannot_be_added_is_said_with_what_was_typed(studio: Studio) -> None:
    """The role, too: whoever sets it right adds no reviewer in place of an admin."""
    ada = studio.person("ada", Role.ADMIN)
    answer = ada.post("/people/add", {"name": "ada", "role": "admin"})
    assert answer.status_code == 400
    assert 'name="name" value="ada"' in answer.text
    assert '<option value="admin" selected>' in answer.text
