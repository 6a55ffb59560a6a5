"""What law and texts ask for, decided without the library."""
