"""The English-speaking clients: yachts, and people who help newcomers settle."""

from balie.demo.trades.trade import Field, Trade, back, told

YACHTS = (
    back("Viewing", "Wants to see the {small}0-foot sloop on {day} at {time}, flying in that morning.",
        "{boss} confirms", 0, 3),
    told("Offer", "Offers {price} for the boat listed as {ref}, subject to survey.", "{boss} calls today", 0.5),
    back("Berth", "Asks for a berth for {small} nights from {day}, 14 metres."),
    back("Engine", "Engine alarm {code} since {day}, moored at {street}.", "Service calls today", 0.3),
    told("Survey", "Surveyor comes {day} at {time}, needs the boat out of the water. Reference {ref}."),
)  # fmt: skip
RELOCATION = (
    back("New arrival", "Family with {small} children moves from {town} next month, needs a flat up to €{small},500 a"
        " month.", "", 0, 4),
    told("Appointment", "Town hall appointment on {day} at {time} must be moved to {day2}, case {ref}."),
    back("Rental contract", "Landlord of {street} asks for two months' deposit, is that allowed?", "", 0.2),
    told("Documents", "Sends the birth certificates for case {ref} today, {small} pages."),
    back("Viewing", "Can see {street} on {day} after {time}, partner joins by video."),
    back("Employer", "HR of the employer asks when case {ref} will be finished."),
)  # fmt: skip
TRADES: dict[str, Trade] = {
    "1029": Trade(
        ("James Harper", "service desk"), "Offers and viewings: put through to {boss}. Never say what others offered.",
        "Taking water or adrift: {boss} mobile. Anything else: a note.",
        "Berths? From €3 per metre a night.\nTrial sail? On Saturdays.",
        YACHTS,
    ),
    "1030": Trade(
        ("Julia Meyer", "case desk"), "Ask for the case number. Landlords and employers: put through to {second}.",
        "A note; locked out or no heating: {boss} mobile.", "Fees? Paid by the employer, mostly.\nHow long? About six"
        " weeks.",
        RELOCATION, (Field("Case", False, "{ref}"),),
    ),
}  # fmt: skip
