"""How often a program may ask: as fast as it likes for a moment, then steadily, whatever others do."""

from web.services.request_rates import BURST, REQUESTS_A_MINUTE, RequestRates


def test_a_program_may_ask_in_a_burst_and_then_at_its_rate() -> None:
    """The wait that is told is the wait that is needed, and asking in vain costs nothing."""
    at = [0.0]
    rates = RequestRates(lambda: at[0])
    assert [rates.wait_s(1) for _ in range(BURST)] == [0.0] * BURST
    waits = [rates.wait_s(1) for _ in range(3)]
    assert waits == [60 / REQUESTS_A_MINUTE] * 3
    assert rates.wait_s(2) == 0.0
    at[0] += waits[0]
    assert rates.wait_s(1) == 0.0
    at[0] += 3600.0
    assert [rates.wait_s(1) > 0 for _ in range(BURST + 1)] == [False] * BURST + [True]
