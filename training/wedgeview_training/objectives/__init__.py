"""One file an objective. `OBJECTIVES` maps a configuration's `objective` to its class."""

from .double_wedge import DoubleWedge
from .denoiser_prior import DenoiserPrior

OBJECTIVES = {"double-wedge": DoubleWedge, "denoiser": DenoiserPrior}
