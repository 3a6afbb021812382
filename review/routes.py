"""Every address of the front desk, and whom it is for. What is not listed here does not exist."""

from starlette.responses import Response

from review import people, signing, static
from review.door import For, Page
from review.visit import Visit


def home(visit: Visit) -> Response:
    """Where the day begins."""
    return visit.to("/me")


PAGES: tuple[Page, ...] = (
    Page("GET", "/static/{mark}/{name}", static.show, For.ANYBODY),
    Page("GET", "/login", signing.form, For.ANYBODY),
    Page("POST", "/login", signing.sign_in, For.ANYBODY),
    Page("GET", "/first/{word}", signing.link, For.ANYBODY),
    Page("POST", "/first/{word}", signing.redeem, For.ANYBODY),
    Page("POST", "/logout", signing.sign_out),
    Page("POST", "/stay", signing.stay),
    Page("GET", "/me", signing.me),
    Page("POST", "/me", signing.change),
    Page("GET", "/", home),
    Page("GET", "/people", people.show, For.ADMIN),
    Page("POST", "/people/add", people.add, For.ADMIN),
    Page("POST", "/people/link", people.link, For.ADMIN),
    Page("POST", "/people/remove", people.remove, For.ADMIN),
)
