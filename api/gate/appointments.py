"""What is answered about appointments of trucks."""

from api.facts.answers import FactAnswer, answers
from processing.gates.appointments import TRUCK_APPOINTMENT


@answers(TRUCK_APPOINTMENT)
class TruckAppointment(FactAnswer, frozen=True):
    """An appointment and what became of it."""
