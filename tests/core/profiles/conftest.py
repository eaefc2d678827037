from tests.stores import file_system

__all__ = ["file_system"]
