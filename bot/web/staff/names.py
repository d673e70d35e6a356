"""What the console calls the reasons, states and channels of conversations, and what stands in a file."""

from bot.web.staff.design.badges import Tone

PRIORITIES = {"normal": "Normal", "high": "High", "urgent": "Urgent"}
CHANNELS = {"web": "Web", "telegram": "Telegram"}
READS = {"en": "English", "zh-Hans": "Simplified Chinese", "zh-Hant": "Traditional Chinese"}
VULNERABILITIES = {
    "health": "Health",
    "life_event": "Life event",
    "low_resilience": "Little to fall back on",
    "low_capability": "Needs help to understand",
    "distress": "In distress",
}
VERIFIED = {"code": "One-time code", "lender": "The lender's own app or page"}
RISK_OCCASIONS = {"sign_in": "Signing in", "consent": "Agreeing to a plan", "contact_change": "Changing a number"}
RISK_OUTCOMES: dict[str, tuple[str, Tone]] = {
    "allow": ("Allowed", "good"),
    "step_up": ("Asked for another code", "warm"),
    "refuse": ("Refused", "late"),
}
QUOTES: dict[str, tuple[str, Tone]] = {
    "offered": ("Offered", "neutral"),
    "shown": ("Waits for consent", "warm"),
    "accepted": ("Agreed", "good"),
    "withdrawn": ("Declined or lapsed", "neutral"),
}
PLANS: dict[str, tuple[str, Tone]] = {
    "active": ("In force", "good"),
    "kept": ("Kept", "good"),
    "broken": ("Broken", "late"),
    "cancelled": ("Cancelled", "neutral"),
}
PROMISES: dict[str, tuple[str, Tone]] = {
    "open": ("Open", "warm"),
    "kept": ("Kept", "good"),
    "partly_kept": ("Partly kept", "warm"),
    "broken": ("Broken", "late"),
}
APPROVALS: dict[str, tuple[str, Tone]] = {
    "requested": ("Waits for a supervisor", "warm"),
    "approved": ("Approved", "good"),
    "declined": ("Declined", "late"),
    "withdrawn": ("Withdrawn", "neutral"),
}
CASE_KINDS = {"dispute": "Dispute", "complaint": "Complaint"}
CASE_STATES: dict[str, tuple[str, Tone]] = {
    "open": ("Open", "warm"),
    "in_progress": ("Being worked on", "warm"),
    "answered": ("Answered", "good"),
    "closed": ("Closed", "neutral"),
}
PAUSES = {
    "opted_out": "Asked for no reminders",
    "dispute": "A dispute is open",
    "complaint": "A complaint is open",
    "hardship": "Hardship",
    "distress": "Distress",
}
TROUBLES = {"dead": "Not answered", "failed": "Not sent", "unknown": "Nobody knows whether it arrived"}
AUTHORITIES = {"bot": "Bot", "agent": "Agent", "supervisor": "Supervisor"}
RULES = {
    "settled": "Nothing is owed",
    "product": "The product has no such plan",
    "active_plan": "A plan is in force",
    "bucket": "Too many days past due",
    "plans_in_12_months": "Too many plans in twelve months",
    "loan_age": "The loan is too new",
    "amount": "Too little is left",
    "paid_share": "Too little is repaid",
    "deferral_too_long": "A later day than allowed",
    "deferral_not_later": "The day is not later",
    "count_too_large": "More instalments than allowed",
    "first_due_too_late": "The first instalment is later than allowed",
    "instalment_too_small": "Instalments smaller than allowed",
    "payment_too_small": "The monthly payment is too small",
    "rate_reduction_too_large": "A larger rate reduction than allowed",
    "penalty_waiver_too_large": "A larger waiver of late charges than allowed",
    "cap": "Above the cap on the cost",
}
FACTS = {
    "latest": "latest day",
    "maximum_days": "at most",
    "maximum_count": "at most",
    "most": "at most",
    "minimum": "at least",
    "due": "after",
    "ends_on": "until",
    "possible_on": "possible on",
    "again_on": "possible again on",
    "plans": "plans so far",
    "minimum_share": "share to be repaid",
    "to_repay": "still to repay",
    "to_pay": "possible once paid",
    "days_past_due": "past due",
    "rate": "annual rate",
    "cap": "cap",
}
"""What the values of a refusal are."""
