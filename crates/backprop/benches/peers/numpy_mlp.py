"""The lab's training in vectorised numpy: the peer that `cargo lab bench` measures ours against.

Usage: numpy_mlp.py FOLDER EPOCHS

FOLDER holds the four IDX files of MNIST, gzipped or plain. Prints one JSON object: `seconds` of each
epoch (training alone), `running_loss` of each, `test_accuracy` at the end, `peak_mib` of the process.
"""

import gzip
import json
import os
import resource
import sys
import time
from pathlib import Path

# Two threads inside a batch of 64 are slower than one; numpy reads this when it is imported.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
import numpy as np

BATCH, LEARNING_RATE, MOMENTUM = 64, np.float32(0.003), np.float32(0.9)


def unzipped(path):
    return gzip.decompress(path.read_bytes())


def read(folder, name, header):
    path = folder / name
    data = path.read_bytes() if path.exists() else unzipped(folder / f"{name}.gz")
    return np.frombuffer(data, np.uint8, offset=header)


def load(folder, half):
    x = read(folder, f"{half}-images-idx3-ubyte", 16).reshape(-1, 784)
    labels = read(folder, f"{half}-labels-idx1-ubyte", 8)
    return x.astype(np.float32) / np.float32(127.5) - 1, labels


def forward(x, w1, b1, w2, b2):
    a = 1 / (1 + np.exp(-(x @ w1 + b1)))
    z = a @ w2 + b2
    z -= z.max(axis=1, keepdims=True)
    return a, z - np.log(np.exp(z).sum(axis=1, keepdims=True))


def main():
    folder, epochs = Path(sys.argv[1]), int(sys.argv[2])
    (x, labels), (x_test, labels_test) = load(folder, "train"), load(folder, "t10k")
    rng = np.random.default_rng(0)

    def uniform(fan_in, *shape):
        return rng.uniform(-1, 1, shape).astype(np.float32) / np.float32(fan_in**0.5)

    parameters = [uniform(784, 784, 30), uniform(784, 30), uniform(30, 30, 10), uniform(30, 10)]
    velocities = [np.zeros_like(p) for p in parameters]
    seconds, running_loss = [], []
    for _ in range(epochs):
        begun = time.perf_counter()
        order = rng.permutation(len(x))
        losses = []
        for start in range(0, len(x), BATCH):
            chosen = order[start : start + BATCH]
            xb, yb, rows = x[chosen], labels[chosen], np.arange(len(chosen))
            a, log_p = forward(xb, *parameters)
            losses.append(-log_p[rows, yb].mean())
            delta2 = np.exp(log_p)
            delta2[rows, yb] -= 1
            delta2 /= np.float32(len(chosen))
            delta1 = (delta2 @ parameters[2].T) * a * (1 - a)
            gradients = [xb.T @ delta1, delta1.sum(0), a.T @ delta2, delta2.sum(0)]
            for p, v, g in zip(parameters, velocities, gradients, strict=True):
                v *= MOMENTUM
                v += g
                p -= LEARNING_RATE * v
        seconds.append(time.perf_counter() - begun)
        running_loss.append(float(np.mean(losses)))
    accuracy = float((forward(x_test, *parameters)[1].argmax(1) == labels_test).mean())
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    json.dump(
        {
            "seconds": seconds,
            "running_loss": running_loss,
            "test_accuracy": accuracy,
            "peak_mib": peak,
        },
        sys.stdout,
    )


main()
