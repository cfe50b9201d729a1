"""PyTorch: training of the spiral mixture density network (1-128-128-60, 20 components, batch 128, Adam)."""
import math

import torch

from rounds import serve_training
from torch_version import VERSION

torch.manual_seed(0)
torch.set_num_threads(1)
N, H, K, B = 8500, 128, 20, 128

angle = torch.rand(N) * 4 * math.pi
points = torch.stack([angle * torch.cos(angle), angle * torch.sin(angle)], 1) + 0.2 * torch.randn(N, 2)
points = 5 * (points - points.min()) / (points.max() - points.min())
x, y = points[:, :1].contiguous(), points[:, 1:].contiguous()

net = torch.nn.Sequential(
    torch.nn.Linear(1, H), torch.nn.ReLU(),
    torch.nn.Linear(H, H), torch.nn.ReLU(),
    torch.nn.Linear(H, 3 * K),
)
for layer in net[::2]:
    torch.nn.init.xavier_uniform_(layer.weight)
    torch.nn.init.zeros_(layer.bias)
adam = torch.optim.Adam(net.parameters(), lr=1e-3, eps=1e-7)


def negative_log_likelihood(out, target):
    loc, raw, logits = out[:, :K], out[:, K:2 * K], out[:, 2 * K:]
    scale = torch.nn.functional.elu(raw) + 1 + 1e-7
    log_prob = -0.5 * ((target - loc) / scale) ** 2 - torch.log(scale) - 0.5 * math.log(2 * math.pi)
    return -torch.logsumexp(torch.log_softmax(logits, -1) + log_prob, -1).mean()


def epoch():
    order, total, steps = torch.randperm(N), 0.0, 0
    for i in range(0, N - B + 1, B):
        rows = order[i:i + B]
        loss = negative_log_likelihood(net(x[rows]), y[rows])
        adam.zero_grad(set_to_none=True)
        loss.backward()
        adam.step()
        total += loss.item()
        steps += 1
    return total / steps, steps


serve_training("PyTorch", VERSION, epoch)
