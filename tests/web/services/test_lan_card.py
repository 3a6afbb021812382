"""The card by which a telephone finds the front desk."""

import re
from pathlib import Path

import numpy as np
import zxingcpp

from refpad.services.lan.certificate import certificate_of
from refpad.settings import Settings
from schemas.front_desk import FrontDeskSettings
from web.services.lan_card import code_of, lan_card


def photographed(svg: str) -> str:
    """What a telephone reads of the code: its rows of dark squares, drawn at 4 pixels a square."""
    side = int(re.findall(r'width="(\d+)"', svg)[0])
    dark = np.full((side // 4, side // 4), 255, np.uint8)
    x, y = 0, 0.0
    for command, numbers in re.findall(r"([Mmh])([-\d. ]+)", re.findall(r' d="(M[^"]*h1[^"]*)"', svg)[-1]):
        first, *rest = (float(number) for number in numbers.split())
        if command == "h":
            dark[int(y), x : x + int(first)] = 0
            x += int(first)
        else:
            x, y = (int(first), rest[0]) if command == "M" else (x + int(first), y + rest[0])
    return str(zxingcpp.read_barcodes(dark.repeat(4, 0).repeat(4, 1))[0].text)


def test_a_telephone_reads_the_address(tmp_path: Path) -> None:
    """Nobody types a link of 60 characters."""
    for address in ("https://192.168.178.20:4443", "https://192.168.178.20:4443/first/" + "aB3-_" * 9):
        assert photographed(code_of(address)) == address


def test_the_card_has_what_is_compared_and_is_not_there_without_the_network(tmp_path: Path) -> None:
    """The fingerprint on the page is that of the certificate in use."""
    desk = FrontDeskSettings(lan=True, lan_address="127.0.0.2", lan_names=("desk", "desk.local"))
    settings = Settings(folder=tmp_path, front_desk=desk)
    card = lan_card(settings)
    assert card is not None
    assert (card.url, card.names) == ("https://127.0.0.2:4443", ("desk", "desk.local"))
    assert card.fingerprint == certificate_of(settings).rows
    assert lan_card(Settings(folder=tmp_path)) is None
