"""PyTorch's version, and which processor's kernels its OpenBLAS runs: one that does not know the processor takes those of a Prescott
(2004), which multiply matrices several times slower than the processor could."""
import ctypes

import torch


def _kernels():
    if "BLAS_INFO=mkl" in torch.__config__.show():
        return ""
    try:
        name = ctypes.CDLL("libopenblas.so.0").openblas_get_corename
    except (OSError, AttributeError):
        return ""
    name.restype = ctypes.c_char_p
    return f" ({name().decode()} kernels)"


VERSION = torch.__version__ + _kernels()
