"""PyTorch's side of bench/sampling: the same Langevin step with autograd and torch.fft.

Reads one JSON command a line and answers with one JSON line: export, open, check, steps (see contest.mjs).
"""

import json
import sys
import time

import numpy as np
import torch

from unet import make_energy

ETA, BETA = 0.01, 0.01


class Step:
    """z' = z + eta g + sqrt(2 eta) xi, and at z': T_M z', |T_M y - T_M z'|^2, the tether, E and g."""

    def __init__(self, width, size, batch, threads, device, compiled):
        if threads:
            torch.set_num_threads(threads)
        self.device = torch.device(device)
        self.energy = make_energy(width).to(self.device)
        if compiled:
            self.energy = torch.compile(self.energy)
        self.size = size
        self.shape = (batch, 1, size, size, size)
        # The wedge over (z, x): tilt axis y, beam axis z, +-60 degrees; rfft leaves half of x.
        kz = torch.fft.fftfreq(size)[:, None]
        kx = torch.fft.rfftfreq(size)[None, :]
        mask = (kz.abs() <= np.tan(np.radians(60)) * kx.abs() + 1e-9) | ((kz == 0) & (kx == 0))
        self.mask = mask[:, None, :].to(self.device, torch.float32)

    def measured(self, z):
        spectrum = torch.fft.rfftn(z, dim=(-3, -1)) * self.mask
        return torch.fft.irfftn(spectrum, s=(self.size, self.size), dim=(-3, -1))

    def place(self, z, y):
        self.z = torch.as_tensor(z, device=self.device).reshape(self.shape)
        self.y = self.measured(torch.as_tensor(y, device=self.device).reshape(1, *self.shape[1:]))
        self.g = torch.zeros_like(self.z)

    def run(self, eta):
        xi = torch.randn(self.shape, device=self.device)
        z = (self.z + eta * self.g + (2 * eta) ** 0.5 * xi).requires_grad_(True)
        with torch.enable_grad():
            energy = self.energy(z)
            (slope,) = torch.autograd.grad(energy.sum(), z)
        with torch.no_grad():
            z = z.detach()
            measured = self.measured(z)
            residual = self.y - measured
            misfit = (residual * residual).sum(dim=(1, 2, 3, 4))
            deviation = z - self.y
            tether = (deviation * deviation).sum(dim=(1, 2, 3, 4))
            gradient = residual - slope - BETA * deviation
        self.z, self.g = z, gradient
        return energy.detach(), misfit, tether, measured, gradient

    def wait(self):
        if self.device.type == "cuda":
            torch.cuda.synchronize()


def answer(command, state):
    do = command["do"]
    if do == "export":
        energy = make_energy(command["width"])
        x = torch.randn(1, 1, 16, 16, 16)
        axes = {"x": {0: "batch", 2: "depth", 3: "height", 4: "width"}, "energy": {0: "batch"}}
        options = {"dynamo": False} if int(torch.__version__.split(".")[0]) >= 2 else {}
        torch.onnx.export(
            energy, x, command["path"], input_names=["x"], output_names=["energy"], dynamic_axes=axes,
            opset_version=17, **options,
        )
        return {}
    if do == "open":
        arguments = (command[key] for key in ("width", "size", "batch", "threads", "device", "compiled"))
        state["step"] = Step(*arguments)
        size, batch = command["size"], command["batch"]
        z = np.fromfile(command["z"], np.float32)[: batch * size**3]
        y = np.fromfile(command["y"], np.float32)[: size**3]
        state["step"].place(z, y)
        return {"device": str(state["step"].device), "version": torch.__version__}
    step = state["step"]
    if do == "check":
        energy, misfit, tether, _, gradient = step.run(0.0)
        gradient.cpu().numpy().tofile(command["path"])
        return {"energy": energy.tolist(), "misfit": misfit.tolist(), "tether": tether.tolist()}
    if do == "steps":
        wall, cpu = [], []
        for _ in range(command["count"]):
            start, used = time.perf_counter(), time.process_time()
            step.run(ETA)
            step.wait()
            wall.append((time.perf_counter() - start) * 1000)
            cpu.append((time.process_time() - used) * 1000)
        return {"wall": wall, "cpu": cpu}
    raise ValueError(do)


def main():
    state = {}
    torch.set_grad_enabled(False)
    if torch.cuda.is_available():
        torch.backends.cuda.matmul.allow_tf32 = True
        torch.backends.cudnn.allow_tf32 = True
        torch.backends.cudnn.benchmark = True
    for line in sys.stdin:
        try:
            told = answer(json.loads(line), state)
        except Exception as error:
            told = {"failed": f"{type(error).__name__}: {error}"}
        print(json.dumps(told), flush=True)


main()
