"""The 20 referral slips of the two months. Everybody is invented."""

from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from pathlib import Path

import numpy as np
from PIL import Image

from pads.simulate.pen.fill import fill
from pads.simulate.printed_slips import numbered_slip
from pads.simulate.truth import SlipTruth
from schemas.studio import Studio as Printed
from tests.web.simulated_slips import Doubts, design_of, picture_of, reading_of, record_readings, truth_of
from tests.web.studio import Studio

STUDIO = Printed(
    name="Harborview Medical Exercise",
    specialist="Robin Castell, MES",
    address="3 Quay Street, Anytown, NY 10001",
    phone="(646) 555-0160",
    email="desk@harborview.example",
    fax="",
)


@dataclass(frozen=True)
class Slip:
    """One slip: who was referred by whom, with which number of whose pad, and what the machine was not sure of."""

    serial: int
    name: str
    provider: str
    diagnosis: str
    phone: str
    on: date
    doubts: Doubts = field(default_factory=Doubts)
    next_visit_on: str = ""
    typed: bool = False
    signed: bool = True

    @cached_property
    def truth(self) -> SlipTruth:
        text = {
            "patient_name": self.name,
            "provider_name": self.provider,
            "diagnosis": self.diagnosis,
            "patient_phone": f"+1212555{self.phone}",
            "signed_on": self.on.isoformat(),
        }
        if self.next_visit_on:
            text["next_visit_on"] = self.next_visit_on
        truth = truth_of(self.serial, on=self.on, **text)
        return truth.model_copy(update={"signed": self.signed, **({"hand": "typed"} if self.typed else {})})

    def written(self, name: str) -> str:
        """What the paper says in that field."""
        return self.truth.text.get(name, "")


def arrive(studio: Studio, slip: Slip) -> None:
    """The slip comes in as a scan of its own, and is read as its doubts say."""
    reading = reading_of(slip.truth, slip.doubts, on=studio.clock.today())
    record_readings(studio, [reading], [picture_of(slip.truth, STUDIO)])


def scan(slip: Slip, folder: Path) -> Path:
    """The slip on a sheet of paper, scanned at 300 dpi, for the real reader."""
    design = design_of()
    filled = fill(numbered_slip(design, slip.serial, STUDIO), design, slip.truth, np.random.default_rng(slip.serial))
    page = Image.new("RGB", (2550, 3300), "white")
    page.paste(Image.fromarray(filled), (200, 200))
    path = folder / f"scan-{slip.serial}.png"
    page.save(path, dpi=(300, 300))
    return path


TUESDAY = date(2026, 11, 24)
ROSENTHAL, IVERSON = "N. Rosenthal, MD", "A. Iverson, DO"  # Riverside, numbers 1 to 100; Northside, 101 to 200
KOWALCZYK = "S. Kowalczyk, DC"  # slips with numbers that were never printed here
ADA = Slip(1, "Ada Quill", ROSENTHAL, "knee osteoarthritis", "0141", TUESDAY, typed=True, next_visit_on="2027-01-25")
BEN = Slip(101, "Ben Hartwell", IVERSON, "low back pain", "0142", TUESDAY, typed=True, signed=False)
CARLA = Slip(2, "Carla Mendez", ROSENTHAL, "shoulder impingement", "0143", TUESDAY)
DEV = Slip(
    3,
    "Dev Raman",
    ROSENTHAL,
    "B/L knee OA, BMI 31",
    "0144",
    TUESDAY,
    Doubts(text={"diagnosis": ("B/L knee 0A, BMI 31", "B/L knee OA, BMI 31")}, boxes=("arthritis",), signature=True),
)
ESTHER = Slip(9001, "Esther Whitlow", KOWALCZYK, "chronic neck pain", "0145", TUESDAY)
FRANK = Slip(9002, "Frank Osei", KOWALCZYK, "lumbar disc disease", "0146", TUESDAY)
BEN_ANSWER = replace(BEN, signed=True)
SECOND, THIRD, FOURTH, JANUARY = date(2026, 11, 30), date(2026, 12, 7), date(2026, 12, 16), date(2027, 1, 4)
FENN = "L. Fenn, MD"
GRACE = Slip(4, "Grace Lin", ROSENTHAL, "osteoporosis", "0147", SECOND)
HUGO = Slip(102, "Hugo Lindgrem", IVERSON, "hip osteoarthritis", "0148", SECOND)
IRIS = Slip(9003, "Iris Novak", FENN, "rotator cuff repair", "0149", SECOND)
JONAS = Slip(9004, "Jonas Weber", FENN, "ankle instability", "0150", SECOND)
KIRA = Slip(103, "Kira Sato", IVERSON, "type 2 diabetes", "0151", THIRD)
LIAM = Slip(104, "Liam Foster", IVERSON, "hypertension", "0152", THIRD)
MONA = Slip(5, "Mona Haddad", ROSENTHAL, "lumbar stenosis", "0153", THIRD)
NORA = Slip(6, "Nora Jensen", ROSENTHAL, "balance disorder", "0154", THIRD)
OMAR = Slip(7, "Omar Haile", ROSENTHAL, "obesity, BMI 34", "0155", FOURTH)
PRIYA = Slip(105, "Priya Nair", IVERSON, "fibromyalgia", "0156", FOURTH)
QUINN = Slip(106, "Quinn Avery", IVERSON, "patellofemoral pain", "0157", FOURTH)
ROSA = Slip(8, "Rosa Pemberton", ROSENTHAL, "knee osteoarthritis", "0158", JANUARY)
SAM = Slip(9, "Sam Ortiz", ROSENTHAL, "shoulder stiffness", "0159", JANUARY)
TESS = Slip(107, "Tess Moran", IVERSON, "post-stroke gait training", "0160", JANUARY)
