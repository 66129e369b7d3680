"""Scores drawn from distributions whose truth is known."""

import numpy as np
from numpy.typing import NDArray

from station_app.evaluation.tail_fit import SensorScores


def pareto(shape: float, scale: float, count: int, seed: int) -> NDArray[np.float64]:
    """Generalised Pareto from 0 on; its excesses over any start have the same shape."""
    uniform = 1 - np.random.default_rng(seed).random(count)
    return scale * (-np.log(uniform) if shape == 0 else (uniform**-shape - 1) / shape)


def made_set(name: str, fingers: int, images: int, scale: float, seed: int) -> SensorScores:
    """Every comparison of different fingers exponential and independent; mated ones at 1."""
    owners = np.repeat(np.arange(fingers), images)
    scores = pareto(0, scale, len(owners) ** 2, seed).reshape(len(owners), -1)
    scores[owners[:, np.newaxis] == owners] = 1
    return SensorScores(name, owners, scores.astype(np.float32))
