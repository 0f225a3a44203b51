"""What happens when servers, databases and connections fail in the middle of things."""
