"""All tables, as SQLAlchemy Core; `store/migrations/versions` holds how they came to be."""

from store.tables.appointments import appointment as appointment
from store.tables.audit import audit as audit
from store.tables.changes import change as change
from store.tables.columns import metadata as metadata
from store.tables.directory import office as office
from store.tables.directory import patient as patient
from store.tables.directory import print_batch as print_batch
from store.tables.directory import provider as provider
from store.tables.directory import serial_range as serial_range
from store.tables.followups import follow_up as follow_up
from store.tables.followups import follow_up_event as follow_up_event
from store.tables.followups import outbox as outbox
from store.tables.installation import installation as installation
from store.tables.intake import file as file
from store.tables.intake import occurrence as occurrence
from store.tables.intake import page as page
from store.tables.intake import slip as slip
from store.tables.intake import slip_key as slip_key
from store.tables.purges import legal_hold as legal_hold
from store.tables.purges import purge as purge
from store.tables.purges import purge_rest as purge_rest
from store.tables.purges import purged_item as purged_item
from store.tables.quality import bar_change as bar_change
from store.tables.quality import example as example
from store.tables.referrals import amendment as amendment
from store.tables.referrals import course_entry as course_entry
from store.tables.referrals import referral as referral
from store.tables.referrals import unsaved_entry as unsaved_entry
from store.tables.review import answer_sheet as answer_sheet
from store.tables.review import correction as correction
from store.tables.review import crop_look as crop_look
from store.tables.review import duplicate_decision as duplicate_decision
from store.tables.review import second_look as second_look
from store.tables.review import settled_file as settled_file
from store.tables.review import slip_code as slip_code
from store.tables.search import search_hit as search_hit
from store.tables.search import search_word as search_word
from store.tables.users import api_token as api_token
from store.tables.users import calendar_address as calendar_address
from store.tables.users import desk_session as desk_session
from store.tables.users import desk_user as desk_user
from store.tables.users import invitation as invitation
from store.tables.users import login_device as login_device

REVISION = "0038"  # the newest migration; a test holds the two together
