"""Draws of chance from a seeded generator. Pure."""

from __future__ import annotations

import math
import random
from statistics import NormalDist

_NORMAL = NormalDist()


def poisson(rng: random.Random, mean: float) -> int:
    """How many of a steady stream fall into a time in which `mean` do on average."""
    count, at = 0, rng.expovariate(1.0)
    while at < mean:
        count, at = count + 1, at + rng.expovariate(1.0)
    return count


def burst(rng: random.Random, mean: float, dispersion: float) -> int:
    """The same where the mean itself varies: the variance is `dispersion` times the mean."""
    if mean <= 0 or dispersion <= 1:
        return poisson(rng, mean)
    return poisson(rng, rng.gammavariate(mean / (dispersion - 1), dispersion - 1))


def duration(rng: random.Random, mean: float, spread: float) -> float:
    """A time with a long tail, as handling times have it: lognormal with this mean, its standard
    deviation `spread` times the mean (L. Brown and others, "Statistical analysis of a telephone
    call center", Journal of the American Statistical Association 100, 2005)."""
    return lognormal(rng.normalvariate(0.0, 1.0), mean, spread)


def lognormal(luck: float, mean: float, spread: float) -> float:
    """Such a time by a standard normal number."""
    variance = math.log1p(spread * spread)
    return mean * math.exp(luck * math.sqrt(variance) - variance / 2)


def remaining(rng: random.Random, mean_s: float, spread: float, since_s: float) -> float:
    """How long a handling that has gone on for `since_s` seconds takes yet: lognormal as in
    `duration`, given that it takes longer than that."""
    if spread <= 0:
        return max(0.0, mean_s - since_s)
    sigma = math.sqrt(math.log1p(spread * spread))
    mu = math.log(mean_s) - sigma * sigma / 2
    gone = _NORMAL.cdf((math.log(since_s) - mu) / sigma) if since_s > 0 else 0.0
    share = gone + rng.random() * (1 - gone)
    if not 0 < share < 1 - 1e-12:  # longer than any that was known: as long again as it has taken
        return rng.expovariate(1 / max(since_s, 1.0)) if share > 0 else 0.0
    return max(0.0, math.exp(mu + sigma * _NORMAL.inv_cdf(share)) - since_s)


def patience(rng: random.Random, mean: float) -> float:
    """How long somebody waits before leaving: exponential, as Erlang A has it."""
    return rng.expovariate(1 / mean)
