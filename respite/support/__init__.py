"""Conversations, and the people who take them over.

| What | Module |
|---|---|
| chats, and who answers in one | `conversations` |
| the one message model, files, buttons, and what is sent | `messages`, `attachments`, `buttons`, `payloads`, `outbox` |
| what the core says to borrowers by itself | `words` |
| asking for a person, and no longer wanting one | `handoffs`, `callbacks` |
| who waits, in which place, until when | `queue`, `hours`, `open_requests` |
| members of staff at work; owners who are gone | `presence`, `silence` |
| the one update that decides who owns a conversation | `ownership` |
| claim and step in; transfer and put back; return to the bot | `takeover`, `passing_on`, `returning`, `fresh_start` |
| who is given to whom; what is done every few seconds | `assignment`, `tending`, `sweeping` |
| what staff write, and the thread as they see it | `staff_messages`, `canned_replies`, `notes`, `deliveries` |
| plans that staff offer; a second person's yes | `plan_requests`, `plan_offers`, `approvals`, `plan_cards` |
| disputes and complaints; particular care; ratings | `cases`, `vulnerability`, `ratings` |
| the file that opens at a takeover | `borrower_file` |
| one case on paper | `case_files` |

Every step of a handoff is one function: it takes a session first, changes rows only where they still are as expected,
and leaves an audit entry in the same transaction. Done twice, it is done once. `by` is the member of staff who acts.
"""
