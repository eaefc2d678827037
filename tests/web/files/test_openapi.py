"""The document tells the truth about bodies that may hold files."""

from typing import Any

import pytest

from web.api import api as product

BODIES = [
    ("/profiles/me/", "patch", {"profile_picture", "upload_files"}),
    ("/services/create/", "post", {"upload_files"}),
    ("/services/{service_id}/update/", "put", {"upload_files"}),
]


@pytest.mark.parametrize(("path", "method", "files"), BODIES)
def test_files_are_in_multipart_bodies_alone(path: str, method: str, files: set[str]) -> None:
    document: dict[str, Any] = product.get_openapi_schema()
    content = document["paths"][path][method]["requestBody"]["content"]

    def taking_files(media_type: str) -> set[str]:
        name = content[media_type]["schema"]["$ref"].rpartition("/")[2]
        fields = document["components"]["schemas"][name]["properties"]
        return {field for field, shape in fields.items() if "binary" in str(shape)}

    assert taking_files("multipart/form-data") == files
    assert taking_files("application/json") == set()
    assert taking_files("application/x-www-form-urlencoded") == set()
