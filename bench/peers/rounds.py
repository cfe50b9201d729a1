"""What every Python program of the benchmark shares: train a little, then time a round for each line of standard input."""
import json
import sys
import time

WARM_SECONDS = 0.5


def say(**message):
    print(json.dumps(message), flush=True)


def serve_training(peer, version, epoch):
    """`epoch` trains once over the data and answers (mean loss, steps); the number of epochs a round is argument 1."""
    per_round = int(sys.argv[1])
    for _ in range(per_round + 2):
        epoch()
    say(peer=peer, version=version)
    for _ in sys.stdin:
        times = []
        for _ in range(per_round):
            start = time.perf_counter()
            loss, steps = epoch()
            times.append((time.perf_counter() - start) / steps)
        say(msPerStep=sorted(times)[len(times) // 2] * 1e3, loss=loss)


def serve_kernel(peer, version, elements, run):
    """`run` computes once and answers a tensor; the number of runs a round is argument 1."""
    per_round = int(sys.argv[1])
    end = time.perf_counter() + WARM_SECONDS
    while time.perf_counter() < end:
        run()
    say(peer=peer, version=version)
    for _ in sys.stdin:
        times = []
        for _ in range(per_round):
            start = time.perf_counter()
            result = run()
            times.append(time.perf_counter() - start)
        say(nsPerElement=sorted(times)[len(times) // 2] / elements * 1e9, mean=result.double().mean().item())
