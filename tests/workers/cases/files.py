"""Tasks of core.files."""

from django.utils import timezone

from core.files import actions as files
from core.files.acceptance import check_upload
from core.files.models import Purpose, StoredFile
from tests.cast import make_user
from tests.samples import pdf, upload
from tests.workers.cases import LONG_AGO, Cases, Params


def pending_file() -> Params:
    checked = check_upload(upload("a.pdf", pdf()), Purpose.PROFILE_ATTACHMENT)
    stored_file = files.store_upload(owner=make_user(), upload=checked)
    files.attach_files([stored_file])
    return {"file_id": stored_file.id}


def old_file() -> Params:
    pending_file()
    past = timezone.now() - LONG_AGO
    StoredFile.objects.update(created_at=past, attached_at=past)
    return {}


def condemned_file() -> Params:
    pending_file()
    StoredFile.objects.update(condemned_at=timezone.now())
    return {}


def processed_file() -> Params:
    files.process_file(**pending_file())  # type: ignore[arg-type]
    return {}


CASES: Cases = {
    "files.process_file": pending_file,
    "files.condemn_unreferenced_files": old_file,
    "files.delete_condemned_files": condemned_file,
    "files.delete_incoming_files": processed_file,
    "files.reject_stuck_files": old_file,
}
