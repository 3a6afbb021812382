"""Words for invented slips. Nobody here exists; telephone numbers lie in the range kept free for fiction."""

FIRST_NAMES = (
    "Ada", "Alma", "Amir", "Bea", "Boris", "Carmen", "Cyrus", "Dana", "Devon", "Edith", "Elio", "Farah", "Felix",
    "Greta", "Hank", "Ines", "Ivan", "Jonas", "Joyce", "Karim", "Lena", "Leroy", "Mabel", "Milo", "Nadia", "Nestor",
    "Olive", "Omar", "Pearl", "Quinn", "Rosa", "Rufus", "Sanjay", "Selma", "Tomas", "Uma", "Vera", "Walter", "Yusuf",
)  # fmt: skip
LAST_NAMES = (
    "Abernathy", "Baptiste", "Castellano", "Delgado", "Eastman", "Fairbanks", "Goldfarb", "Hathaway", "Iverson",
    "Jablonski", "Kowalczyk", "Lindqvist", "Marchetti", "Nakamura", "Okonkwo", "O'Rourke", "Pemberton", "Quintero",
    "Rosenthal", "Santangelo", "Thornbury", "Underhill", "Vasquez", "Whitlock", "Yamada", "Zielinski", "Cho", "Ng",
)  # fmt: skip
PROVIDER_TITLES = ("MD", "DO", "DC", "DPT", "PA-C", "NP")

# Real area codes; 555-0100 to 555-0199 are never given out (North American Numbering Plan).
AREA_CODES = ("201", "203", "212", "312", "347", "415", "516", "617", "646", "718", "860", "914", "917", "973")

SIDES = ("L", "R", "B/L")
DIAGNOSES = (
    "s/p {side} TKA {past}",
    "s/p {side} THA {past}, WBAT",
    "LBP, lumbar DDD",
    "LBP x {weeks} wks, no radiculopathy",
    "{side} RTC repair {weeks} wks post-op",
    "Chronic LBP, L4-5 disc bulge",
    "{side} knee OA, BMI 31",
    "Cervicalgia, poor posture",
    "{side} adhesive capsulitis",
    "s/p ACL recon {side} {past}",
    "Lumbar stenosis, fall risk",
    "Osteoporosis, T-score -2.7",
    "T2DM, deconditioned, A1c 7.8",
    "Parkinson's, H&Y stage 2",
    "HTN, obesity, sedentary",
    "{side} hip OA, weak glutes",
    "Fibromyalgia, low endurance",
    "s/p lumbar fusion L5-S1 {past}",
    "{side} ankle sprain gr II, {weeks} wks",
    "Post CVA, mild {side} weakness",
    "Scoliosis, mid back pain",
    "{side} plantar fasciitis",
    "Balance deficit, 2 falls this yr",
    "Post cardiac rehab, EF 50%",
)
GOALS = (
    "increase core strength",
    "improve gait and balance",
    "return to tennis",
    "walk 30 min without pain",
    "lift grandchild safely",
    "restore knee ROM 0-120",
    "stairs without rail",
    "HEP for low back",
    "build LE strength",
    "lose 15 lbs",
    "improve posture at desk",
    "return to work full duty",
    "prevent falls",
    "better shoulder ROM",
    "increase endurance",
    "garden without pain",
    "sit to stand x 10",
    "maintain gains from PT",
)
PRECAUTIONS = (
    "no overhead lifting",
    "fall risk",
    "no lifting > 10 lbs",
    "avoid flexion/rotation",
    "HR < 120",
    "hip precautions",
    "monitor BP",
    "no impact",
    "check glucose before ex",
    "avoid kneeling",
    "pacemaker",
)
OTHERS = (
    "gait training",
    "hand weakness",
    "yoga",
    "work hardening",
    "long COVID",
    "vertigo",
    "aquatic ex",
    "golf fitness",
)
