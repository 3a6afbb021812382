"""What of the settings is set on the front desk's pages: each field with its words, by section."""

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Literal
from zoneinfo import available_timezones

from followup.calendar import known_countries
from schemas.errors import UsageError
from schemas.followup import WEEKDAYS, LetterKind

Kind = Literal["text", "tel", "email", "number", "choice", "checks", "password"]
Choices = tuple[tuple[str, str], ...]  # the value, and what the page calls it

PRINTED = (LetterKind.PAD_COVER, LetterKind.SESSION_LOG)  # made when somebody prints them, and never sent
US_ZONES: Choices = (
    ("America/New_York", "Eastern (New York)"),
    ("America/Detroit", "Michigan (Detroit)"),
    ("America/Indiana/Indianapolis", "Indiana (Indianapolis)"),
    ("America/Chicago", "Central (Chicago)"),
    ("America/Denver", "Mountain (Denver)"),
    ("America/Boise", "Idaho (Boise)"),
    ("America/Phoenix", "Arizona (Phoenix)"),
    ("America/Los_Angeles", "Pacific (Los Angeles)"),
    ("America/Anchorage", "Alaska (Anchorage)"),
    ("Pacific/Honolulu", "Hawaii (Honolulu)"),
    ("America/Puerto_Rico", "Atlantic (Puerto Rico)"),
)


@dataclass(frozen=True)
class SettingField:
    """One setting. `name` is as in the settings file, "studio.name"; a `required` one may not be left empty."""

    name: str
    label: str
    kind: Kind = "text"
    hint: str = ""
    required: bool = False
    choices: Choices = ()

    @property
    def is_secret(self) -> bool:
        return self.kind == "password"


@dataclass(frozen=True)
class Section:
    """Settings that are set together: one card of the page, and mostly one step of the set-up."""

    key: str
    title: str
    about: str
    fields: tuple[SettingField, ...] = ()
    in_setup: bool = True


@cache
def sections() -> tuple[Section, ...]:
    """All sections, in the order of the set-up."""
    return (
        Section("studio", "Studio", "This is printed on every pad and letter.", _STUDIO),
        Section("logo", "Logo", "It is printed beside the studio's name, on pads and letters."),
        Section("calendar", "Days", "By these it is counted when calls, reports and letters are due.", _calendar()),
        Section("policy", "Policy", "What passes without a person, and when what is due.", _POLICY),
        Section("mail", "Email", "Without a mail server every letter is printed.", _MAIL),
        Section(
            "mailbox", "Mailbox", "Scans that offices send by email are fetched from it.", _MAILBOX, in_setup=False
        ),
        Section("backup", "Backup", "One is made each day that refpad runs, after you have made the first.", _BACKUP),
    )


def find_section(key: str) -> Section | None:
    """The section of that key, or None."""
    return next((section for section in sections() if section.key == key), None)


def find_field(name: str) -> SettingField:
    """The field of that name; raises UsageError."""
    for section in sections():
        for field in section.fields:
            if field.name == name:
                return field
    raise UsageError(f'No page has a setting "{name}": `refpad settings show` lists those that one has.')


_STUDIO = (
    SettingField("studio.name", "Studio name", required=True),
    SettingField("studio.specialist", "Specialist and credentials", hint="Such as Robin Castell, MES.", required=True),
    SettingField("studio.address", "Address", hint="On one line, as on an envelope.", required=True),
    SettingField("studio.phone", "Phone", "tel", required=True),
    SettingField("studio.fax", "Fax", "tel", hint="Leave it empty if there is none."),
    SettingField("studio.email", "Email", "email"),
)
_POLICY = (
    SettingField(
        "policy.typed_signature",
        "A typed or stamped name for a signature",
        "choice",
        choices=(("ask", "ask a person"), ("accept", "accept it"), ("refuse", "take it for no signature")),
    ),
    SettingField(
        "delivery.unreleased",
        "Letters that go without anybody's release",
        "checks",
        hint="All others wait until somebody has read and released them.",
        choices=tuple((kind.value, kind.value.replace("_", " ")) for kind in LetterKind if kind not in PRINTED),
    ),
    SettingField("policy.signed_within_days", "Days for which a signature is good", "number"),
    SettingField("follow_ups.contact_business_days", "Business days until the patient is called", "number"),
    SettingField("follow_ups.book_within_days", "Days until the assessment is booked", "number"),
    SettingField("follow_ups.assess_within_days", "Days from the booking to the assessment", "number"),
    SettingField("follow_ups.summary_within_days", "Days from the assessment to its summary", "number"),
    SettingField("follow_ups.report_every_days", "Days from one progress report to the next", "number"),
    SettingField("follow_ups.office_quiet_days", "Days without a referral until an office is contacted", "number"),
    SettingField(
        "retention.referrals_years",
        "Years for which referrals are kept after their end",
        "number",
        hint="Empty: for ever. Nothing goes by itself: an admin purges on the page Retention.",
    ),
    SettingField(
        "retention.rejected_years",
        "Years for which scans without a referral are kept",
        "number",
        hint="Rejected slips and files set aside; empty: for ever.",
    ),
    SettingField("front_desk.idle_minutes", "Minutes without activity until somebody is signed out", "number"),
)
_MAIL = (
    SettingField("delivery.smtp_host", "Mail server", hint="Such as smtp.example.com; empty: letters are printed."),
    SettingField("delivery.smtp_port", "Port", "number"),
    SettingField(
        "delivery.smtp_security",
        "Encryption",
        "choice",
        choices=(("starttls", "STARTTLS, usually port 587"), ("tls", "TLS, usually port 465")),
    ),
    SettingField("delivery.smtp_user", "User name there"),
    SettingField("delivery.smtp_password", "Password there", "password", hint="It is never shown again."),
    SettingField("delivery.sender", "Sender's address", "email", hint="Empty: the studio's email."),
    SettingField(
        "delivery.fax_address",
        "Address of a fax gateway",
        hint="Such as {fax}@fax.example, with {fax} for the number: letters to offices that prefer fax then go by "
        "themselves. Empty: they are printed.",
    ),
)
_MAILBOX = (
    SettingField("mailbox.host", "Mailbox's server", hint="Such as imap.example.com; empty: nothing is fetched."),
    SettingField("mailbox.port", "Port of the mailbox", "number"),
    SettingField(
        "mailbox.security",
        "Encryption of the mailbox",
        "choice",
        choices=(("tls", "TLS, usually port 993"), ("starttls", "STARTTLS, usually port 143")),
    ),
    SettingField("mailbox.user", "User name of the mailbox"),
    SettingField("mailbox.password", "Password of the mailbox", "password", hint="It is never shown again."),
    SettingField("mailbox.folder", "Folder that is looked into"),
    SettingField(
        "mailbox.done_folder",
        "Folder for what was taken in",
        hint="Such as refpad; empty: messages stay and are marked as read.",
    ),
    SettingField(
        "mailbox.senders",
        "Senders whose scans are taken in",
        hint="Addresses, or @domains: desk@northside.example, @harbor.example. All others stay in the mailbox.",
    ),
    SettingField("mailbox.every_minutes", "Minutes from one look to the next", "number"),
)
_BACKUP = (
    SettingField(
        "backup.folder",
        "Folder of the backups",
        hint="The whole path of a folder of this computer, on another disk, best an encrypted one: such as "
        "/media/backup/refpad. Empty: no backup is made.",
    ),
    SettingField("backup.keep", "How many are kept", "number"),
)


def _calendar() -> tuple[SettingField, ...]:
    zones = {value for value, _ in US_ZONES}
    others = tuple(
        (zone, _zone_name(zone)) for zone in sorted(available_timezones()) if zone not in zones and "/" in zone
    )
    named = sorted((_country_names().get(code, code), code) for code in known_countries() if code != "US")
    countries = (("US", "United States"), *((code, name) for name, code in named))
    return (
        SettingField("time_zone", "Time zone", "choice", choices=US_ZONES + others),
        SettingField(
            "follow_ups.working_days", "Working days", "checks", choices=tuple((day, day) for day in WEEKDAYS)
        ),
        SettingField("follow_ups.holidays", "Public holidays of", "choice", choices=countries),
    )


def _zone_name(zone: str) -> str:
    """ "America: Argentina, Buenos Aires" of "America/Argentina/Buenos_Aires"."""
    region, *places = zone.replace("_", " ").split("/")
    return f"{region}: {', '.join(places)}"


@cache
def _country_names() -> dict[str, str]:
    """The countries' English names by code: the time zone database carries them, beside its zones."""
    table = (files("tzdata") / "zoneinfo" / "iso3166.tab").read_text("utf-8")
    named = dict(line.split("\t") for line in table.splitlines() if not line.startswith("#"))
    return {**named, "XK": "Kosovo"}  # ISO 3166 has no code for it; holidays and telephone numbers use this one
