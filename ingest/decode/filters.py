"""MQTT topic filters."""


def matches(topic_filter: str, topic: str) -> bool:
    """Whether a filter covers a topic. Source: MQTT 5.0, 4.7."""
    levels = topic.split("/")
    if topic.startswith("$") and topic_filter[:1] in ("+", "#"):
        return False
    parts = topic_filter.split("/")
    for i, part in enumerate(parts):
        if part == "#":
            return True
        if i >= len(levels) or part not in ("+", levels[i]):
            return False
    return len(parts) == len(levels)
