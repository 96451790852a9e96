"""What arrives from a learning management system and what goes back to it. The gradebook is reached through `nbgrader_plugins` only."""
