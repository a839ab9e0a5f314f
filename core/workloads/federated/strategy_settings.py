"""Which strategies there are and what can be set in each: light, the web process reads it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from marshmallow import ValidationError


@dataclass(frozen=True, slots=True)
class Setting:
    """A number: its default, and the least and the largest that is taken."""

    default: float
    least: float
    largest: float
    whole: bool = False
    below: bool = False
    """Whether the largest itself is refused."""

    def check(self, value: object) -> str | None:
        """Return what is wrong with a value, if anything."""
        if isinstance(value, bool) or not isinstance(value, int | float):
            return "Not a number."
        if self.whole and int(value) != value:
            return "Not a whole number."
        if not self.least <= value <= self.largest or (self.below and value == self.largest):
            return f"Must be from {self.least:g} to {'below ' if self.below else ''}{self.largest:g}."
        return None


_FAULTS = Setting(0, 0, 10_000, whole=True)
_RATE = Setting(1.0, 1e-9, 1e3)
_ADAPTIVE = {
    "rate": Setting(0.1, 1e-9, 1e3),
    "beta1": Setting(0.9, 0, 1, below=True),
    "beta2": Setting(0.99, 0, 1, below=True),
    "tau": Setting(1e-3, 1e-12, 1e3),
}
SETTINGS: Mapping[str, Mapping[str, Setting]] = {
    "fedavg": {},
    "fedprox": {"mu": Setting(0.01, 0, 1e6)},
    "fedavgm": {"rate": _RATE, "momentum": Setting(0.9, 0, 1, below=True)},
    "fedadam": {**_ADAPTIVE, "bias_correction": Setting(0, 0, 1, whole=True)},
    "fedyogi": _ADAPTIVE,
    "fedadagrad": {**_ADAPTIVE, "beta1": Setting(0.0, 0, 1, below=True)},
    "fedmedian": {},
    "trimmed_mean": {"trim": Setting(0.2, 0, 0.5, below=True)},
    "krum": {"faults": _FAULTS},
    "multi_krum": {"faults": _FAULTS, "keep": Setting(0, 0, 10_000, whole=True)},
    "bulyan": {"faults": _FAULTS},
    "geometric_median": {"smoothing": Setting(1e-6, 1e-12, 1e6), "iterations": Setting(200, 1, 10_000, whole=True)},
    "centered_clipping": {"radius": Setting(0, 0, 1e12), "iterations": Setting(3, 1, 1000, whole=True)},
    "fltrust": {},
    "qfedavg": {"q": Setting(0.2, 0, 10), "rate": Setting(0.1, 1e-9, 1e3)},
    "inverse_loss": {},
    "staleness": {"exponent": Setting(0.5, 0, 10), "mixing": Setting(1.0, 1e-9, 1)},
}
STRATEGIES = tuple(SETTINGS)
REMEMBERING = ("fedavgm", "fedadam", "fedyogi", "fedadagrad", "centered_clipping")
"""Those that go on from the rounds before."""
NEEDS: Mapping[str, str] = {"qfedavg": "loss", "inverse_loss": "loss", "staleness": "staleness", "fltrust": "trusted"}
"""What each cannot do without."""


def filled(strategy: str, given: Mapping[str, Any]) -> dict[str, float]:
    """Return all settings of a strategy; raises `ValidationError` that names what it does not know or take."""
    known = SETTINGS[strategy]
    wrong = {name: [f"Unknown setting of {strategy}."] for name in given if name not in known}
    for name, value in given.items():
        fault = known[name].check(value) if name in known else None
        if fault:
            wrong[name] = [fault]
    if wrong:
        raise ValidationError(wrong)
    return {name: float(given.get(name, setting.default)) for name, setting in known.items()}
