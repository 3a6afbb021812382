"""Every address of the front desk, and whom it is for. What is not listed here does not exist."""

from starlette.responses import Response

from review import aside, beside, groups, inbox, offices, people, queue, referrals, signing, slip, static
from review.door import FilePage, For, Page
from review.visit import Visit


def home(visit: Visit) -> Response:
    """Where the day begins."""
    return visit.to("/review")


PAGES: tuple[Page | FilePage, ...] = (
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
    Page("GET", "/review", queue.show),
    Page("GET", "/review/next", queue.next_item),
    Page("GET", "/review/{item}", slip.show),
    Page("POST", "/review/{item}/edit", slip.edit),
    Page("POST", "/review/{item}/undo", slip.undo),
    Page("POST", "/review/{item}/accept", slip.accept),
    Page("POST", "/review/{item}/set-aside", slip.set_aside),
    Page("POST", "/review/{item}/here", slip.here),
    Page("GET", "/review/{item}/beside/{other}", beside.show),
    Page("GET", "/slips/{slip}/picture", slip.picture),
    Page("GET", "/files/{file}/pages/{page}", aside.page),
    Page("GET", "/groups", groups.show),
    Page("GET", "/groups/{key}", groups.one),
    Page("POST", "/groups/{key}", groups.settle),
    Page("GET", "/groups/{key}/picture", groups.picture),
    Page("GET", "/quality", groups.quality),
    Page("GET", "/set-aside", aside.show),
    Page("POST", "/set-aside/back", aside.back),
    Page("GET", "/set-aside/{file}", aside.one),
    Page("POST", "/set-aside/{file}/again", aside.again),
    Page("POST", "/set-aside/{file}/settle", aside.settle),
    Page("GET", "/referrals", referrals.show),
    Page("POST", "/referrals", referrals.find),
    Page("GET", "/referrals/{referral}", referrals.one),
    Page("POST", "/slips/{slip}/withdraw", referrals.withdraw),
    Page("GET", "/offices", offices.show),
    Page("POST", "/offices", offices.add),
    Page("GET", "/offices/{office}", offices.one),
    Page("POST", "/offices/{office}/pads", offices.print_pads),
    Page("GET", "/inbox", inbox.show),
    Page("GET", "/inbox/progress", inbox.progress),
    FilePage("/inbox/upload", inbox.upload),
    Page("GET", "/people", people.show, For.ADMIN),
    Page("POST", "/people/add", people.add, For.ADMIN),
    Page("POST", "/people/link", people.link, For.ADMIN),
    Page("POST", "/people/remove", people.remove, For.ADMIN),
)
