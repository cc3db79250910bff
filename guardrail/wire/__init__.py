"""Bytes: headers, JSON documents, stream frames, the upstream client. Knows no rail and no provider."""
