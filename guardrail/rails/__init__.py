"""Rails: words in, findings out. A rail knows no provider, no policy and no wire format."""
