"""Random draws over whole arrays. Only the raw stream of PCG64 is used, so that a seed gives the same draws everywhere."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

Mask = npt.NDArray[np.bool_]
Numbers = npt.NDArray[np.int64]


class Dice:
    """Draws of one seed, in the order in which they are asked for."""

    def __init__(self, seed: int) -> None:
        self._bits = np.random.PCG64(seed)

    def part(self, size: int) -> npt.NDArray[np.float64]:
        """Numbers from 0 to below 1."""
        return (self._bits.random_raw(size) >> np.uint64(11)).astype(np.float64) * 2.0**-53

    def hit(self, share: float, size: int) -> Mask:
        """True for that share."""
        return self.part(size) < share

    def number(self, below: int | Numbers, size: int) -> Numbers:
        """Whole numbers from 0 to below."""
        return (self.part(size) * below).astype(np.int64)

    def pick(self, options: Sequence[object] | npt.NDArray[np.object_], size: int) -> npt.NDArray[np.object_]:
        """One of the options each, all equally likely."""
        return np.asarray(options, object)[self.number(len(options), size)]

    def kind(self, shares: Sequence[float], size: int) -> Numbers:
        """Position in the shares (they add up to 1; what is left goes to the last)."""
        return np.minimum(np.searchsorted(np.cumsum(shares), self.part(size), side="right"), len(shares) - 1)

    def weighted(self, cumulated: npt.NDArray[np.float64], size: int) -> Numbers:
        """Position in a list whose cumulated weights end with 1."""
        return np.searchsorted(cumulated, self.part(size), side="right").clip(max=len(cumulated) - 1)

    def order(self, size: int) -> Numbers:
        """A shuffled order of positions."""
        return np.argsort(self.part(size), kind="stable")
