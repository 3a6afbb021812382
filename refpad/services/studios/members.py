"""Who of one studio may enter another: an account of theirs there, into which they come without a password."""

from contextlib import closing

from refpad.services.studios.registry import Member, changing, keep_registry, settings_of
from refpad.services.wiring import open_record
from refpad.settings import Settings
from schemas.errors import UsageError
from schemas.users import Role
from store.users import guests, users


def let_in(settings: Settings, member: Member, role: Role, who: str) -> None:
    """Have somebody of one studio enter another too; `settings` are the first one's.

    The account is there before it is listed; one that a crash left unlisted, to which nobody can sign in, is taken up.
    """
    if member.home == member.studio:
        raise UsageError("A user of a studio is in it already: name two studios.")
    with changing(settings) as registry:
        home, studio = registry.find(member.home), registry.find(member.studio)
        if registry.member(member.home, member.home_user) is not None:
            raise UsageError(f"{member.home_user} comes to {member.home} from elsewhere: name where they sign in.")
        if registry.member(member.studio, member.user) not in (None, member):
            raise UsageError(f"{member.user} at {member.studio} is somebody else: choose another name with --as.")
        with closing(open_record(settings_of(settings, home))) as store:
            if not any(user.name == member.home_user and user.can_sign_in for user in users.all_users(store)):
                raise UsageError(f'No user "{member.home_user}" can sign in at {member.home}: see `refpad users list`.')
        with closing(open_record(settings_of(settings, studio))) as store:
            if not guests.is_guest(store, member.user):
                guests.add_guest(store, member.user, role, who)
        listed = (*(known for known in registry.members if known != member), member)
        keep_registry(settings, registry.model_copy(update={"members": listed}))
