"""Power and silence of reefers."""
