"""What messages of the terminal operating system state of boxes."""
