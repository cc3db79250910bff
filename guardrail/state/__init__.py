"""What outlives an exchange: the placeholders of conversations that the provider keeps, encrypted and for a time."""
