"""The background: what is queued, what a job does, what is taken up after a worker was killed."""

import asyncio
from types import SimpleNamespace

import pytest
from django.core.management import CommandError, call_command
from procrastinate import testing
from procrastinate.contrib.django import procrastinate_app

from tests.loads.conftest import GOOD, book, consented, judged, received
from umeed.core import jobs
from umeed.core.loads import progress
from umeed.core.loads.models import Load, LoadRow
from umeed.places.models import PlaceTag

pytestmark = pytest.mark.django_db


@pytest.fixture
def queue():
    """The jobs that were queued, in memory."""
    kept = testing.InMemoryConnector()
    with procrastinate_app.current_app.replace_connector(kept):
        yield kept


def run(load, attempts=0):
    context = SimpleNamespace(job=SimpleNamespace(attempts=attempts))
    jobs.go_on_with_load.func(context, load_id=str(load.pk))
    load.refresh_from_db()
    return load


def test_a_job_names_a_load_and_waits_once(officer, queue):
    load = received(officer, book(*GOOD))
    jobs.go_on_later(load)
    jobs.go_on_later(load)
    (job,) = queue.jobs.values()
    assert (job["queue_name"], job["args"]) == ("loads", {"load_id": str(load.pk)})
    assert job["lock"] == job["queueing_lock"] == f"load-{load.pk}"


def test_the_queue_is_part_of_the_transaction_and_refuses_the_second_without_spoiling_it(officer):
    from procrastinate.contrib.django.models import ProcrastinateJob

    load = received(officer, book(*GOOD))
    jobs.go_on_later(load)
    jobs.go_on_later(load)
    assert ProcrastinateJob.objects.filter(args__load_id=str(load.pk)).count() == 1


def test_a_job_does_what_the_load_waits_for_and_nothing_twice(officer):
    load = run(received(officer, book(*GOOD)))
    assert load.state == "judged"
    assert run(load).state == "judged"
    assert LoadRow.objects.filter(load=load).count() == 2


def test_after_several_broken_attempts_a_person_decides(officer):
    load = run(received(officer, book(*GOOD)), attempts=jobs.MOST_ATTEMPTS)
    assert (load.state, load.refusals[0]["code"]) == ("failed", "broke")


def test_what_a_killed_worker_left_is_queued_again():
    retried = []

    class Manager:
        async def get_stalled_jobs(self):
            return [SimpleNamespace(id=7, task_name="go_on_with_load")]

        async def retry_job(self, job):
            retried.append(job.id)

    context = SimpleNamespace(app=SimpleNamespace(job_manager=Manager()))
    asyncio.run(jobs.take_up_stalled.func(context, timestamp=0))
    assert retried == [7]


def test_every_task_is_known_to_the_worker():
    known = procrastinate_app.current_app.tasks
    assert {"go_on_with_load", "take_up_stalled", "sweep_loads"} <= set(known)


def test_progress_never_waits_for_the_work_itself(officer):
    """The work's own transaction holds the row: telling gives up instead of standing still."""
    load = received(officer, book(*GOOD))
    Load.objects.filter(pk=load.pk).update(progress_words="")
    with progress.Told(load.pk) as told:
        told(1, 2, "Loading")
        told(2, 2, "Loading")


def test_resume_goes_on_with_what_was_broken_off(officer, capsys):
    load = received(officer, book(*GOOD))
    call_command("loads_resume")
    load.refresh_from_db()
    assert load.state == "judged"
    call_command("loads_resume")
    assert "No load waits for work." in capsys.readouterr().out


def test_a_shell_checks_and_loads(officer, tmp_path, capsys):
    path = tmp_path / "tags.xlsx"
    path.write_bytes(book(*GOOD))
    given = ["load_file", str(path), "--as", officer.username]
    call_command(*given)
    told = capsys.readouterr().out
    assert "PROGRESS 0 Checking the rows" in told
    assert "2 new" in told
    assert not PlaceTag.objects.exists()
    call_command(*given, "--apply")
    assert "Loaded: 2 rows." in capsys.readouterr().out
    assert PlaceTag.objects.count() == 2


def test_a_shell_refuses_plainly(officer, scene, tmp_path):
    path = tmp_path / "tags.xlsx"
    path.write_bytes(book(*GOOD, ("Elsewhere", "covered", "01-04-2024")))
    given = ["load_file", str(path), "--as", officer.username]
    with pytest.raises(CommandError, match="One row is refused"):
        call_command(*given, "--apply")
    assert not PlaceTag.objects.exists()
    call_command(*given, "--apply", "--good")
    assert PlaceTag.objects.count() == 2
    with pytest.raises(CommandError, match="Nobody signs in as stranger"):
        call_command("load_file", str(path), "--as", "stranger")
    with pytest.raises(CommandError, match="may not load spreadsheets"):
        call_command("load_file", str(path), "--as", scene.people["partner"].username)
    with pytest.raises(CommandError, match="There is no file"):
        call_command("load_file", str(tmp_path / "none.xlsx"), "--as", officer.username)
    with pytest.raises(CommandError, match="may load"):
        call_command(*given, "--layout", "something")
    path.write_bytes(b"%PDF-1.7")
    with pytest.raises(CommandError, match="This is a PDF"):
        call_command(*given)


def test_a_shell_answers_what_a_layout_asks(officer, tmp_path):
    path = tmp_path / "dated.xlsx"
    path.write_bytes(book(*GOOD))
    given = ["load_file", str(path), "--as", officer.username, "--layout", "village-tags-from-a-day"]
    with pytest.raises(CommandError, match="--option KEY=VALUE for: on, trial"):
        call_command(*given)
    call_command(*given, "--option", "on=01-04-2020", "--apply")
    assert PlaceTag.objects.count() == 2


def test_twice_in_a_row_by_job_writes_once(officer):
    load = consented(officer, judged(officer, book(*GOOD)))
    assert run(load).state == "applied"
    assert PlaceTag.objects.count() == 2
