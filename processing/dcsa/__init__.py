"""Container events in the form of DCSA's Track & Trace and reefer standards."""
