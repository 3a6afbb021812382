"""The support bundle, for admins: what a bug report needs, in one file that names nobody."""

import secrets

from starlette.responses import Response

from refpad.ops.support.bundle import file_name, make_bundle
from web.context import RequestContext
from web.downloads import download


def bundle(context: RequestContext) -> Response:
    """Make one and send it, as `refpad support-bundle` does without a slip; that it was made is in the audit."""
    made = make_bundle(context.services.settings, context.user, seed=secrets.randbits(32))
    return download(made.content, file_name(context.store.clock.now()), "application/zip")
