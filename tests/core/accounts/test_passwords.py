"""Which passwords are too weak, and how they are kept."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, strategies as st

from core.accounts import passwords


@pytest.mark.parametrize(
    "password",
    [
        "short-1",
        "onlyletters",
        "8273645190",
        "x" * 120 + "1" * 9,
        "my-OFFICER-1",
        "Arabic-digits-\u0661\u0662\u0663",
        "full-width-\uff11\uff12\uff13",
        "superscript-\u00b2",
        "lone-\udcff-surrogate-7391",
        "with-\x00-nul-7391",
        "zero\u200bwidth-7391-marks",
        "two\nlines-7391-here",
    ],
)
def test_a_password_has_visible_letters_and_ascii_digits(password: str) -> None:
    with pytest.raises(passwords.WeakPassword) as refused:
        passwords.check(password, "officer")
    assert type(refused.value) is passwords.WeakPassword


@pytest.mark.parametrize(
    "password",
    [
        "password1",
        "P@ssw0rd123",
        "a1234567",
        "qwertyuiop1",
        "1q2w3e4r",
        "abcd1234",
        "aaaaaaaa1",
        "zhangsan1990",
        "lisi19900101",
        "regdesk2026",
        "regdesk1",
        "x1" * 60,
    ],
)
def test_what_is_guessed_early_is_refused(password: str) -> None:
    with pytest.raises(passwords.GuessablePassword):
        passwords.check(password, "officer", ["zhangsan", "lisi"])
    passwords.check(password, "officer", rated=False)


@pytest.mark.parametrize(
    "password", ["Practice-2026", "long-enough-9", "施工图审查要用心9", "correct horse battery 4"]
)
def test_a_password_nobody_guesses_is_taken(password: str) -> None:
    passwords.check(password, "officer", ["王芳"])


@given(st.text(max_size=200), st.text(max_size=60), st.text(max_size=60))
def test_any_text_is_taken_or_refused_in_words(password: str, username: str, name: str) -> None:
    try:
        passwords.check(password, username, [name])
    except passwords.WeakPassword:
        return
    assert re.search("[0-9]", password)
    assert 8 <= len(password) <= 128


@pytest.mark.parametrize("guess", ["", "x", "\x00", "\udcff", "密码" * 1000])
def test_no_guess_fits_where_there_is_no_account(guess: str) -> None:
    assert not passwords.matches(None, guess)
    assert not passwords.matches("", guess)
    assert not passwords.matches("junk", guess)


def test_a_name_without_an_account_is_compared_at_the_same_cost() -> None:
    def cost(stored: str) -> list[str]:
        return stored.split("$")[1:4]

    assert cost(passwords._NOBODYS_HASH) == cost(passwords.hashed("Practice-2026"))
    assert not passwords._hasher.check_needs_rehash(passwords._NOBODYS_HASH)
