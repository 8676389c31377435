"""Parameters of the gate. Where published figures exist they are in docs/sources.md; the others are assumed."""

from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class GateParameters:
    """How trucks come, how lanes read them, and what goes wrong; shares are probabilities.

    Attributes:
        fleet: trucks that come again and again, as a multiple of the arrivals of an average hour.
        lane_use: lanes are opened so that each is in use for such a share of the time, as far as there are any.
        stay_median_min, stay_sigma: from the inbound to the outbound lane, lognormal. [min]
        dual_share: trucks that drop a box and pick another one; they stay `dual_longer` times as long.
        two_box_share: loads of two boxes of 20 ft.
        returned_share: trucks that leave with the box that they brought.
        appointment_share, in_window_share: trucks with an appointment, and those that keep it.
        ocr_right: readings of a plate, or of a box, that are right.
        ocr_missed: the part of the others that is absent; the rest is misread by one character.
        rfid_duplicates: further reads of a tag in one passage, at most.
        rfid_missed: passages in which no tag is read.
        rfid_neighbour: passages in which the next lane reads the tag too.
        visit_absent, visit_stale: passages whose visit number is not reported, or is that of the truck before.
        bounce_share: passages in which a loop switches twice, because of the gap before the trailer.
        trouble_share, trouble_misread: passages that go to the trouble desk; and of those with a reading missed.
        trouble_s: how long that takes. [s]
        tailgate_share: of the trucks that wait behind another one, those that follow it through the open barrier.
        reverse_share, again_share: trucks that back out of a lane, and those of them that queue once more.
        cancel_share: inbound trucks that are sent away at the kiosk.
        unseen_share: trucks that leave where no lane sees them.
    """

    fleet: float = 25.0
    lane_use: float = 0.85
    stay_median_min: float = 33.0
    stay_sigma: float = 0.35
    dual_share: float = 0.2
    dual_longer: float = 1.4
    two_box_share: float = 0.08
    returned_share: float = 0.01
    appointment_share: float = 0.85
    in_window_share: float = 0.8
    ocr_right: float = 0.98
    ocr_missed: float = 0.4
    rfid_duplicates: int = 4
    rfid_missed: float = 0.02
    rfid_neighbour: float = 0.005
    visit_absent: float = 0.1
    visit_stale: float = 0.005
    bounce_share: float = 0.05
    trouble_share: float = 0.03
    trouble_misread: float = 0.25
    trouble_s: tuple[float, float] = (60.0, 200.0)
    tailgate_share: float = 0.03
    reverse_share: float = 0.005
    again_share: float = 0.7
    cancel_share: float = 0.004
    unseen_share: float = 0.001


GATE = GateParameters()
FLAWLESS = replace(
    GATE,
    ocr_right=1.0,
    rfid_missed=0.0,
    rfid_neighbour=0.0,
    visit_absent=0.0,
    visit_stale=0.0,
    bounce_share=0.0,
    tailgate_share=0.0,
    reverse_share=0.0,
    cancel_share=0.0,
    unseen_share=0.0,
)
"""A gate at which nothing is misread, and all trucks keep the order."""
