"""Files: chosen, dropped or pasted, with words for whatever goes wrong."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from respite.support.attachments import LARGEST_FILE
from tests.channels.servers import Server
from tests.web.stand_in import StandIn
from tests.web.talking import expect_delivery

PDF = b"%PDF-1.7 a payslip"
HAND_OVER = """(it, [event, name, type]) => {
  const files = new DataTransfer();
  files.items.add(new File(["%PDF-1.7"], name, { type }));
  const init = { bubbles: true, cancelable: true, dataTransfer: files, clipboardData: files };
  it.dispatchEvent(event === "paste" ? new ClipboardEvent(event, init) : new DragEvent(event, init));
}"""


@pytest.fixture
def payslip(tmp_path: Path) -> Path:
    path = tmp_path / "工资单 November.pdf"
    path.write_bytes(PDF)
    return path


def choose(page: Page, path: Path) -> None:
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Attach a file").click()
    chooser.value.set_files(path)


def test_a_chosen_file_is_sent_and_stands_in_the_chat(
    open_page: Callable[[], Page], hub: StandIn, payslip: Path
) -> None:
    page = open_page()
    choose(page, payslip)

    expect(page.locator("#entries .entry.borrower a.file")).to_contain_text("工资单 November.pdf")
    expect(page.locator("#sending .entry")).to_have_count(0)
    assert hub.files == {"工资单 November.pdf": PDF}


@pytest.mark.parametrize("event", ["drop", "paste"])
def test_a_file_may_be_dropped_or_pasted(open_page: Callable[[], Page], hub: StandIn, event: str) -> None:
    page = open_page()
    page.locator("#draft").evaluate(HAND_OVER, [event, "photo.pdf", "application/pdf"])

    expect(page.locator("#entries .entry.borrower")).to_have_count(1)
    assert list(hub.files) == ["photo.pdf"]


def test_of_many_files_one_is_sent_after_the_other(open_page: Callable[[], Page], hub: StandIn, tmp_path: Path) -> None:
    photos = [tmp_path / f"payslip {month}.pdf" for month in range(1, 7)]
    for photo in photos:
        photo.write_bytes(PDF)
    page = open_page()
    page.locator("#file").set_input_files(photos)

    expect(page.locator("#entries .entry.borrower a.file")).to_have_count(6)
    expect(page.locator("#sending .entry")).to_have_count(0)
    assert list(hub.files) == [photo.name for photo in photos]
    assert hub.most_files_at_once == 1


def test_where_a_file_may_be_dropped_is_shown(open_page: Callable[[], Page]) -> None:
    page = open_page()
    page.locator("#draft").evaluate(HAND_OVER, ["dragover", "photo.pdf", "application/pdf"])
    expect(page.get_by_text("Drop the file here to send it")).to_be_visible()
    page.locator("#draft").evaluate(HAND_OVER, ["dragleave", "photo.pdf", "application/pdf"])

    expect(page.get_by_text("Drop the file here to send it")).to_be_hidden()


def test_a_file_that_is_too_large_is_refused_in_words_and_not_sent(
    open_page: Callable[[], Page], hub: StandIn, tmp_path: Path
) -> None:
    large = tmp_path / "scan.pdf"
    large.write_bytes(bytes(LARGEST_FILE + 1))
    page = open_page()
    choose(page, large)
    bubble = page.locator("#sending .entry")

    expect_delivery(bubble, "larger than 10 MB")
    expect(page.locator("#delivery")).to_contain_text("larger than 10 MB")
    bubble.get_by_role("button", name="Remove").click()
    expect(bubble).to_have_count(0)
    assert hub.files == {}


def test_a_file_of_an_unknown_kind_is_refused_in_words(open_page: Callable[[], Page], hub: StandIn) -> None:
    page = open_page()
    page.locator("#draft").evaluate(HAND_OVER, ["drop", "virus.exe", "application/x-msdownload"])

    expect_delivery(page.locator("#sending .entry"), "photos (JPEG, PNG, WebP) and PDF")
    assert hub.files == {}


def test_a_file_that_failed_is_sent_again_on_request(
    open_page: Callable[[], Page], hub: StandIn, payslip: Path
) -> None:
    hub.answers_files_with = 503
    page = open_page()
    choose(page, payslip)
    bubble = page.locator("#sending .entry")
    expect_delivery(bubble, "Not sent.")
    hub.answers_files_with = 202
    bubble.get_by_role("button", name="Try again").click()

    expect(page.locator("#entries .entry.borrower a.file")).to_be_visible()
    expect(bubble).to_have_count(0)


def test_without_a_connection_a_file_waits(open_page: Callable[[], Page], server: Server, payslip: Path) -> None:
    page = open_page()
    with page.expect_response("**/files.js"):
        page.locator("#draft").focus()
    server.stop()
    expect(page.locator("#chat")).to_have_attribute("data-connection", "offline")
    choose(page, payslip)
    expect_delivery(page.locator("#sending .entry"), "Kept, not sent yet")
    server.start()
    page.locator("#reconnect button").dispatch_event("click")

    expect(page.locator("#entries .entry.borrower a.file")).to_be_visible()
    expect(page.locator("#sending .entry")).to_have_count(0)


def test_a_file_that_is_chosen_before_anything_else_without_a_connection_is_not_lost(
    open_page: Callable[[], Page], server: Server, payslip: Path
) -> None:
    page = open_page()
    server.stop()
    expect(page.locator("#chat")).to_have_attribute("data-connection", "offline")
    choose(page, payslip)
    server.start()
    page.locator("#reconnect button").dispatch_event("click")

    expect(page.locator("#entries .entry.borrower a.file")).to_be_visible()
