"""Who an access token of an identity provider belongs to: network calls only, no database."""
