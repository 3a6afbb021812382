"""A file's name stays one value of one header, whatever it holds."""

from hypothesis import given
from hypothesis import strategies as st

from web.downloads import attachment, download


def test_a_plain_name_is_written_as_it_is() -> None:
    """As every browser has known it for ever."""
    answer = download(b"%PDF", "letter-7.pdf")
    assert answer.headers["content-disposition"] == 'attachment; filename="letter-7.pdf"'
    assert answer.media_type == "application/pdf"


@given(st.text(max_size=60))
def test_no_name_ends_the_header_or_its_value(name: str) -> None:
    """Quotes, line ends, semicolons and other alphabets are percent-encoded (RFC 8187)."""
    name = name.encode("utf-8", "replace").decode()
    value = attachment(name)
    value.encode("latin-1")
    assert "\r" not in value
    assert "\n" not in value
    assert value.count('"') in {0, 2}
    assert value.count(";") == 1
