"""What the keys on a card are called. The English words are the keys of the gettext catalogue."""

LINES = {
    "annual_rate": "Effective annual rate",
    "carried": "Late charges carried over",
    "count": "Number of instalments",
    "days_past_due": "Days past due",
    "deferred_to": "New due date",
    "due_date": "Due date",
    "extra_against_payoff": "More than paying off today",
    "extra_cost": "Extra cost",
    "fee": "Fee",
    "first_due": "First due date",
    "instalment": "Instalment",
    "interest": "Interest",
    "kind": "Plan",
    "last_due": "Last due date",
    "late_fee": "Late fee",
    "overdue": "Overdue",
    "paid": "Paid so far",
    "payoff": "To pay off today",
    "penalty": "Penalty interest",
    "penalty_per_day": "Penalty for each further day",
    "principal": "Principal",
    "remaining": "Still to pay",
    "total": "Total",
    "total_cost": "Total to pay",
    "valid_until": "Offer valid until",
}

STATUSES = {
    "booked": "Booked",
    "due": "Due today",
    "due_soon": "Due soon",
    "open": "For you to confirm",
    "overdue": "Overdue",
    "paid": "Paid",
    "settled": "Settled",
    "upcoming": "Upcoming",
}

SUGGESTED_QUESTIONS = (
    "What do I owe?",
    "I cannot pay this month",
    "What happens if I pay late?",
    "Can I pay less each month?",
)
