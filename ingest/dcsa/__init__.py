"""Events of boxes in the form of DCSA: made of container events as those change, kept, and published."""
