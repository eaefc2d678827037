from tests.stores import file_system, s3, s3_endpoint, store

__all__ = ["file_system", "s3", "s3_endpoint", "store"]
