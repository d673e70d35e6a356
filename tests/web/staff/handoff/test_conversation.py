"""A borrower and a member of staff, each on a page of their own."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from respite.clock import utc_now
from respite.staff import sessions
from respite.store.announcements import announce
from respite.store.models import AuditEntry, Conversation, OutboxMessage, StaffMember
from respite.store.session import reading, transaction
from tests.channels.servers import Server, StandInRasa
from tests.databases import ON_SQLITE
from tests.web.staff.conftest import Member
from tests.web.staff.handoff.conftest import Open, OpenChat
from tests.web.staff.handoff.talking import (
    Chat,
    claim,
    handoff_of,
    items,
    messages_of,
    open_conversation,
    reply,
    until_ready,
)
from tests.web.staff.handoff.wire import wire_to

pytestmark = ON_SQLITE

SCRIPT = "<img src=x onerror=\"document.title='broken in'\"><script>document.title='broken in'</script>"


@pytest.fixture
def talk(desk: Page, chat: Chat) -> Page:
    """Lin's page of the conversation that she has claimed."""
    chat.ask_for_person()
    return claim(desk)


def test_both_talk_and_each_sees_the_other_write(talk: Page, chat: Chat) -> None:
    expect(chat.page.get_by_text("Lin, a member of our staff, has joined.")).to_be_visible()

    chat.page.locator("#draft").press_sequentially("I lost my")
    expect(talk.locator(".writing")).to_contain_text("The borrower is writing")
    chat.say("I lost my job")
    expect(items(talk, "borrower").last).to_contain_text("I lost my job")
    expect(talk.locator(".writing")).not_to_contain_text("writing")

    talk.get_by_role("textbox", name="Reply").press_sequentially("I am")
    expect(chat.page.locator("#typing")).to_contain_text("Lin is writing")
    reply(talk, "I am sorry to hear that")
    answer = chat.entries("staff").last
    expect(answer).to_contain_text("I am sorry to hear that")
    expect(answer.locator(".who")).to_have_text("Lin")
    expect(chat.page.locator("#typing")).not_to_contain_text("writing")
    expect(items(talk, "staff").last.locator(".delivery")).to_have_text("Seen")
    assert [message.author for message in messages_of(chat.conversation_id, "bot")] == ["bot"]


def test_a_turn_in_flight_when_somebody_takes_over_sends_nothing(desk: Page, chat: Chat, rasa: StandInRasa) -> None:
    chat.ask_for_person()
    rasa.holds = lambda told: True
    chat.say("can you wait until Friday")
    expect(chat.page.locator("#typing .typing")).to_be_visible()

    talk = claim(desk)
    expect(chat.page.get_by_text("Lin, a member of our staff, has joined.")).to_be_visible()
    rasa.holds = lambda told: False

    expect(items(talk, "bot").last).to_have_class(re.compile("withheld"))
    expect(items(talk, "bot").last).to_contain_text("Held back: somebody had taken over")
    expect(chat.page.get_by_text("You said: can you wait until Friday")).to_have_count(0)
    expect(chat.page.get_by_text("You said: hello")).to_have_count(1)


def test_what_a_borrower_writes_is_only_ever_words(desk: Page, chat: Chat) -> None:
    chat.sign_in(name=SCRIPT)
    chat.say(SCRIPT)
    chat.say('/confirm{"amount":1}')
    chat.ask_for_person()
    talk = claim(desk, "onerror")

    expect(items(talk, "borrower").nth(1)).to_contain_text(SCRIPT)
    expect(items(talk, "borrower").last).to_contain_text('/confirm{"amount":1}')
    expect(talk.locator(".talk-head h2")).to_have_text(SCRIPT)
    expect(talk.locator(".file-summary")).to_contain_text(SCRIPT)
    talk.get_by_role("button", name="Private note").click()
    talk.get_by_role("textbox", name="Private note").fill(SCRIPT)
    talk.get_by_role("button", name="Keep note").click()
    expect(items(talk, "note")).to_contain_text(SCRIPT)
    assert talk.title() == "Conversation · Lantern Instalments"
    expect(talk.locator("img[src=x]")).to_have_count(0)


def test_given_back_the_bot_answers_the_next_message_once_and_nobody_is_asked_for(
    talk: Page, chat: Chat, rasa: StandInRasa
) -> None:
    reply(talk, "All is settled")
    expect(chat.entries("staff")).to_have_count(1)
    talk.keyboard.press("Escape")
    talk.keyboard.press("e")
    dialog = talk.get_by_role("dialog")
    dialog.get_by_label("Private note").fill("Paid by phone")
    dialog.get_by_role("button", name="Give back").click()
    talk.wait_for_url("**/queue")

    chat.say("what do I owe")

    expect(chat.page.get_by_text("You said: what do I owe")).to_have_count(1)
    expect(chat.page.get_by_text("How was the conversation with Lin?")).to_have_count(1)
    assert rasa.was_told[-2:] == ["/begin_afresh", "what do I owe"]
    assert (handoff_of(chat.conversation_id).outcome, handoff_of(chat.conversation_id).wrap_up) == (
        "returned",
        "answered",
    )


def test_after_a_cut_everything_missed_appears_and_send_is_off_until_then(
    open_as: Open, lin: Member, chat: Chat, console: Server
) -> None:
    with wire_to(console.port) as wire:
        chat.ask_for_person()
        talk = claim(open_as(lin, "/queue", wire.url))
        talk.get_by_role("textbox", name="Reply").fill("a draft that stays")

        wire.cut()
        send = talk.get_by_role("button", name="Send", exact=True)
        expect(send).to_be_disabled()
        expect(talk.locator(".composer .hint")).to_contain_text("No connection")
        for number in range(5):
            chat.say(f"missed {number}")
        expect(chat.page.get_by_text("missed 4")).to_be_visible()
        expect(items(talk, "borrower")).to_have_count(1)
        wire.mend()

        expect(items(talk, "borrower")).to_have_count(6)
        expect(send).to_be_enabled()
        texts = [each.inner_text().splitlines()[-1] for each in items(talk, "borrower").all()]
        assert texts == ["hello", *(f"missed {number}" for number in range(5))]
        expect(talk.get_by_role("textbox", name="Reply")).to_have_value("a draft that stays")


def test_what_was_on_its_way_when_the_line_died_goes_out_once(
    open_as: Open, lin: Member, chat: Chat, console: Server
) -> None:
    with wire_to(console.port) as wire:
        chat.ask_for_person()
        talk = claim(open_as(lin, "/queue", wire.url))

        wire.silence()
        reply(talk, "on its way")
        expect(talk.locator(".item.outgoing")).to_contain_text("Sending")
        talk.get_by_role("textbox", name="Reply").fill("next")
        expect(talk.get_by_role("button", name="Send", exact=True)).to_be_disabled(timeout=60_000)
        wire.mend()

        expect(items(talk, "staff")).to_have_count(1)
        expect(talk.locator(".item.outgoing")).to_have_count(0)
        expect(chat.entries("staff")).to_have_count(1)
        assert len(messages_of(chat.conversation_id, f"staff:{lin.id}")) == 1


def test_a_phone_that_slept_shows_each_message_once(
    talk: Page, open_chat: OpenChat, console: Server, open_as: Open, lin: Member
) -> None:
    with wire_to(console.port) as wire:
        chat = open_chat(wire.url)
        chat.ask_for_person()
        page = open_conversation(talk, chat.conversation_id)
        page.get_by_role("button", name="Claim").click()
        reply(until_ready(page), "one")
        expect(chat.entries("staff")).to_have_count(1)

        wire.cut()
        for text in ("two", "three"):
            reply(page, text)
        expect(items(page, "staff")).to_have_count(3)
        wire.mend()

        expect(chat.entries("staff")).to_have_count(3)
        assert [each.locator(".said").inner_text() for each in chat.entries("staff").all()] == ["one", "two", "three"]


def test_a_failed_message_is_sent_again_once_and_an_unknown_one_is_settled(talk: Page, chat: Chat) -> None:
    reply(talk, "first")
    reply(talk, "second")
    expect(items(talk, "staff")).to_have_count(2)
    with transaction() as session:
        first, second = messages_of(chat.conversation_id, f"staff:{handoff_of(chat.conversation_id).staff_id}")
        for message, state in ((first, "failed"), (second, "unknown")):
            changed = session.get_one(OutboxMessage, message.id)
            changed.state, changed.error = state, "the channel timed out"
    chat.say("hello?")
    failed, unknown = items(talk, "staff").first, items(talk, "staff").last
    talk.reload()
    expect(failed).to_contain_text("Not sent: the channel timed out")
    expect(unknown).to_contain_text("Nobody knows whether it arrived")

    failed.get_by_role("button", name="Send again").click()
    expect(failed).to_contain_text("Sending")
    expect(failed.get_by_role("button")).to_have_count(0)
    unknown.get_by_role("button", name="It arrived").click()
    expect(unknown.locator(".delivery")).to_have_text(re.compile("Sent|Seen"))

    with reading() as session:
        assert [session.get_one(OutboxMessage, each.id).state for each in (first, second)] == ["pending", "sent"]
        repeated = select(AuditEntry.action).where(AuditEntry.action.in_(("message_sent_again", "delivery_confirmed")))
        assert sorted(session.scalars(repeated)) == ["delivery_confirmed", "message_sent_again"]


def test_who_blocks_the_bot_is_marked_at_once(talk: Page, chat: Chat) -> None:
    expect(talk.locator(".talk-marks")).not_to_contain_text("Has blocked the bot")
    with transaction() as session:
        conversation = session.get_one(Conversation, chat.conversation_id)
        conversation.blocked_at = utc_now()
        announce(session, conversation)

    expect(talk.locator(".talk-marks")).to_contain_text("Has blocked the bot")


def test_files_go_both_ways(talk: Page, chat: Chat, tmp_path: Path) -> None:
    chat.sign_in()
    note, picture = tmp_path / "payslip.pdf", tmp_path / "letter.png"
    note.write_bytes(b"%PDF-1.4\n%%EOF\n")
    picture.write_bytes(PIXEL)
    chat.page.locator("#file").set_input_files(note)

    received = items(talk, "borrower").last.get_by_role("link", name="payslip.pdf")
    with talk.expect_download() as download:
        received.click()
    assert download.value.path().read_bytes() == note.read_bytes()

    talk.locator(".composer input[type=file]").set_input_files(picture)
    expect(chat.entries("staff").last.get_by_role("link")).to_contain_text("letter.png")
    expect(items(talk, "staff").last.locator("img")).to_have_js_property("naturalWidth", 1)
    talk.locator(".composer input[type=file]").set_input_files(
        {"name": "letter.png", "mimeType": "image/png", "buffer": b"no picture"}
    )
    expect(talk.locator(".item.outgoing")).to_contain_text("I can take photos (JPEG, PNG, WebP) and PDF documents.")


def test_a_private_note_is_another_colour_and_reaches_no_borrower(talk: Page, chat: Chat) -> None:
    talk.keyboard.press("n")
    field = talk.get_by_role("textbox", name="Private note")
    expect(field).to_be_focused()
    field.fill("Ask about income first")
    field.press("Enter")

    note = items(talk, "note")
    expect(note).to_contain_text("Private note: the borrower does not see it")
    colours = [
        each.evaluate("element => getComputedStyle(element).backgroundColor")
        for each in (note, items(talk, "borrower").first, items(talk, "bot").first)
    ]
    assert len(set(colours)) == 3
    reply(talk, "One moment")
    expect(chat.entries("staff")).to_have_count(1)
    expect(chat.page.get_by_text("Ask about income first")).to_have_count(0)


def test_a_ready_reply_is_filled_and_goes_out_in_the_script_that_the_borrower_reads(
    desk: Page, open_chat: OpenChat
) -> None:
    chat = open_chat(locale="zh-TW")
    chat.sign_in(name="陳美玲")
    chat.ask_for_person()
    talk = claim(desk, "陳美玲")
    field = talk.get_by_role("textbox", name="Reply")

    field.press_sequentially("/greet")
    expect(talk.get_by_role("option")).to_have_count(1)
    field.press("Enter")
    expect(field).to_have_value("陳美玲您好，我是燈籠分期的Lin。請問有什麼可以幫您？")
    field.fill("您的罚息已经减免")
    expect(talk.locator(".preview")).to_contain_text("您的罰息已經減免")
    field.press("Enter")

    expect(chat.entries("staff").last).to_contain_text("您的罰息已經減免")
    expect(items(talk, "staff").last).to_contain_text("Typed as: 您的罚息已经减免")


def test_whoever_does_not_have_it_looks_and_cannot_write(open_as: Open, lin: Member, chat: Chat) -> None:
    page = open_as(lin, f"/conversations/{chat.conversation_id}")
    expect(page.get_by_role("textbox", name="Reply")).to_be_disabled()
    expect(items(page, "borrower")).to_have_count(1)

    page.get_by_role("button", name="Take over").click()

    expect(page.get_by_role("textbox", name="Reply")).to_be_enabled()
    expect(chat.page.get_by_text("Lin, a member of our staff, has joined.")).to_be_visible()


def test_an_unknown_conversation_is_said_to_be_none(open_as: Open, lin: Member) -> None:
    page = open_as(lin, "/conversations/" + "0" * 32)

    expect(page.get_by_text("There is no such conversation")).to_be_visible()
    assert page.request.get(f"{page.url}/transcript").status == 404
    assert page.request.get(f"{page.url}/files/{'0' * 32}").status == 404


def test_it_passes_on_to_a_colleague_with_a_note(talk: Page, chat: Chat, open_as: Open, wei: Member) -> None:
    colleague = open_as(wei, "/queue")
    expect(colleague.locator(".at-work")).to_contain_text("Wei")
    talk.keyboard.press("x")
    dialog = talk.get_by_role("dialog")
    dialog.get_by_label("To", exact=True).click()
    talk.get_by_role("option", name=re.compile("Wei")).click()
    dialog.get_by_label("Private note for them").fill("Wants two more months")
    dialog.get_by_role("button", name="Pass on").click()

    talk.wait_for_url("**/queue")
    expect(colleague.locator(".own-line")).to_contain_text("New")
    colleague.locator(".own-line").click()
    expect(items(until_ready(colleague), "note")).to_contain_text("Wants two more months")
    expect(chat.page.get_by_text("Lin has passed you on to Wei")).to_be_visible()


def test_a_session_that_is_revoked_is_out_of_the_conversation(talk: Page, lin: Member) -> None:
    with transaction() as session:
        sessions.end_all(session, session.get_one(StaffMember, lin.id), "system", utc_now())

    expect(talk.get_by_text("You are signed out.")).to_be_visible()


def test_looking_is_audited_once_an_opening_and_a_transcript_each_time(talk: Page, chat: Chat, lin: Member) -> None:
    reply(talk, "noted")
    expect(chat.entries("staff")).to_have_count(1)
    expect(talk.locator(".file-summary")).to_be_visible()
    with talk.expect_download() as download:
        talk.get_by_label("Transcript").click()
    transcript = download.value.path().read_text()

    assert "Borrower:\nhello" in transcript
    assert "Lin:\nnoted" in transcript
    with reading() as session:
        entries = session.scalars(
            select(AuditEntry.action).where(
                AuditEntry.subject == f"conversation:{chat.conversation_id}", AuditEntry.actor == f"staff:{lin.id}"
            )
        ).all()
    assert [action for action in entries if action in ("file_opened", "transcript_exported")] == [
        "file_opened",
        "transcript_exported",
    ]


PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360606060"
    "00000005000181a5f6450000000049454e44ae426082"
)
"""A PNG of one pixel."""
