"""What happened to boxes, in the form of DCSA."""
