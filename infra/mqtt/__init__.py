"""MQTT: paho on the asyncio loop, packets that cost a microsecond."""
