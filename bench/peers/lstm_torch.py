"""PyTorch: training of an LSTM (128 units, batch 64, 100 time steps of width 32, Adam); the loss is the mean square of its last
output's distance from a function of the last input."""
import torch

from rounds import serve_training
from torch_version import VERSION

torch.manual_seed(0)
torch.set_num_threads(1)
UNITS, INPUTS, STEPS, B, BATCHES = 128, 32, 100, 64, 4

x = torch.randn(BATCHES, STEPS, B, INPUTS)
targets = torch.tanh(x[:, -1] @ (torch.randn(INPUTS, UNITS) / INPUTS**0.5))
net = torch.nn.LSTM(INPUTS, UNITS)
adam = torch.optim.Adam(net.parameters(), lr=1e-3, eps=1e-7)


def epoch():
    total = 0.0
    for sequences, target in zip(x, targets):
        outputs, _ = net(sequences)
        loss = torch.nn.functional.mse_loss(outputs[-1], target)
        adam.zero_grad(set_to_none=True)
        loss.backward()
        adam.step()
        total += loss.item()
    return total / BATCHES, BATCHES


serve_training("PyTorch", VERSION, epoch)
