"""What somebody searched for is found again by them, and by nobody else."""

from web.services.searches import KEPT_MOST, Searches


def test_a_search_is_found_by_its_owner_alone_until_others_push_it_out() -> None:
    """The word is in an address, which somebody else might open; memory is bounded."""
    searches = Searches()
    word = searches.keep("kim", "ada quill")
    assert "quill" not in word
    assert searches.find("kim", word) == "ada quill"
    assert searches.find("lee", word) is searches.find("kim", "guessed") is None
    for number in range(KEPT_MOST):
        searches.keep("lee", str(number))
    assert searches.find("kim", word) is None
