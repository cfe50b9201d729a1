"""PyTorch: training of the dense variational autoencoder of 203,744 parameters (224-256-128-64-32-16 | 16+16 |
16-16-32-64-128-256-224), Bernoulli likelihood, batch 32, Adam."""
import torch
from torch.nn import Linear, ReLU, Sequential

from rounds import serve_training
from torch_version import VERSION

torch.manual_seed(0)
torch.set_num_threads(1)
N, B = 3974, 32
data = (torch.rand(N, 224) > 0.5).float()


def dense(*widths):
    layers = []
    for inputs, outputs in zip(widths, widths[1:]):
        layers += [Linear(inputs, outputs), ReLU()]
    return layers


encoder = Sequential(*dense(224, 256, 128, 64, 32, 16))
to_mean, to_log_variance = Linear(16, 16), Linear(16, 16)
decoder = Sequential(*dense(16, 16, 32, 64, 128, 256, 224)[:-1])
modules = (encoder, to_mean, to_log_variance, decoder)
for layer in (m for module in modules for m in module.modules() if isinstance(m, Linear)):
    torch.nn.init.xavier_uniform_(layer.weight)
    torch.nn.init.zeros_(layer.bias)
parameters = [p for module in modules for p in module.parameters()]
assert sum(p.numel() for p in parameters) == 203744
adam = torch.optim.Adam(parameters, lr=1e-3, eps=1e-7)


def epoch():
    order, total, steps = torch.randperm(N), 0.0, 0
    for i in range(0, N - B + 1, B):
        x = data[order[i:i + B]]
        h = encoder(x)
        mean, log_variance = to_mean(h), to_log_variance(h)
        code = mean + torch.exp(0.5 * log_variance) * torch.randn_like(mean)
        reconstruction = torch.nn.functional.binary_cross_entropy_with_logits(decoder(code), x, reduction="sum") / B
        divergence = -0.5 * (1 + log_variance - mean * mean - log_variance.exp()).sum() / B
        loss = reconstruction + divergence
        adam.zero_grad(set_to_none=True)
        loss.backward()
        adam.step()
        total += loss.item()
        steps += 1
    return total / steps, steps


serve_training("PyTorch", VERSION, epoch)
