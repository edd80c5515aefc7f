"""One file an objective. `OBJECTIVES` maps a configuration's `objective` to its class."""

from .cryogen1 import Cryogen1
from .cryogen2 import Cryogen2
from .cryowgen1 import Cryowgen1
from .cryowgen2 import Cryowgen2
from .denoiser_prior import DenoiserPrior
from .double_wedge import DoubleWedge

OBJECTIVES = {
    "double-wedge": DoubleWedge,
    "denoiser": DenoiserPrior,
    "cryogen-1": Cryogen1,
    "cryogen-2": Cryogen2,
    "cryowgen-1": Cryowgen1,
    "cryowgen-2": Cryowgen2,
}
