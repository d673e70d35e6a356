"""What a policy may say, but whoever wrote it may not have meant."""

from collections.abc import Iterator
from decimal import ROUND_DOWN, Decimal

from respite.policies.model import Policy

HUNDREDTH = Decimal("0.01")
Caution = tuple[tuple[str, ...], str]
"""The path of a key, and what to know about it."""


def cautions(policy: Policy) -> Iterator[Caution]:
    """Charges that the cap cuts, so that borrowers never pay what their key says, and products it bars from plans."""
    charges, cap = policy.charge_rules, policy.late_charges.all_in_cap_annual_rate
    for key, product in policy.products.items():
        if product.annual_rate > cap:
            yield (
                ("products", key, "annual_rate"),
                f"is above all_in_cap_annual_rate ({plain(cap)}), so that no plan is offered for this product",
            )
        penalty_rate = charges.penalty_rate(product.annual_rate)
        if penalty_rate > cap:
            within = (cap / product.annual_rate).quantize(HUNDREDTH, ROUND_DOWN)
            yield (
                ("products", key, "annual_rate"),
                f"penalty interest of {plain(penalty_rate)} % a year is above all_in_cap_annual_rate, so that at most "
                f"{plain(cap)} % is charged; a penalty_rate_multiple of {plain(within)} stays within the cap",
            )
    if charges.late_fee and not cap:
        yield ("late_charges", "late_fee"), "is never charged, because all_in_cap_annual_rate is 0"


def plain(number: Decimal) -> str:
    """A number without trailing zeros or an exponent."""
    return f"{number.normalize():f}"
