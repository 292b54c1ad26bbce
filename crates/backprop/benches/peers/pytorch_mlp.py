"""The lab's training in PyTorch, as fast as it goes there without compiling: tensors that are loaded
before, one thread, which is its fastest at these sizes.

    cargo lab bench --peer "PyTorch=PYTHON crates/backprop/benches/peers/pytorch_mlp.py"

PYTHON is one that has torch. Usage: pytorch_mlp.py FOLDER EPOCHS; prints JSON with the seconds of each epoch.
"""

import gzip
import json
import sys
import time
from pathlib import Path

import torch
from torch import nn

BATCH, LEARNING_RATE, MOMENTUM = 64, 0.003, 0.9


def unzipped(path):
    return gzip.decompress(path.read_bytes())


def load(folder, half):
    def read(name, offset):
        path = folder / name
        raw = path.read_bytes() if path.exists() else unzipped(folder / f"{name}.gz")
        return torch.frombuffer(bytearray(raw), dtype=torch.uint8, offset=offset)

    x = read(f"{half}-images-idx3-ubyte", 16).reshape(-1, 784)
    return x / 127.5 - 1, read(f"{half}-labels-idx1-ubyte", 8).long()


def main():
    folder, epochs = Path(sys.argv[1]), int(sys.argv[2])
    torch.set_num_threads(1)
    torch.manual_seed(0)
    (x, labels), (x_test, labels_test) = load(folder, "train"), load(folder, "t10k")
    model = nn.Sequential(nn.Linear(784, 30), nn.Sigmoid(), nn.Linear(30, 10), nn.LogSoftmax(dim=1))
    optimizer = torch.optim.SGD(model.parameters(), lr=LEARNING_RATE, momentum=MOMENTUM)
    criterion = nn.NLLLoss()
    seconds, running_loss = [], []
    for _ in range(epochs):
        begun = time.perf_counter()
        losses = []
        for chosen in torch.randperm(len(x)).split(BATCH):
            optimizer.zero_grad()
            loss = criterion(model(x[chosen]), labels[chosen])
            loss.backward()
            optimizer.step()
            losses.append(loss.detach())
        running_loss.append(float(torch.stack(losses).mean()))
        seconds.append(time.perf_counter() - begun)
    with torch.no_grad():
        accuracy = float((model(x_test).argmax(1) == labels_test).float().mean())
    json.dump(
        {"seconds": seconds, "running_loss": running_loss, "test_accuracy": accuracy}, sys.stdout
    )


main()
