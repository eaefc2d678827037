"""The writes of chat: a module a use case."""
