#!/usr/bin/env python3
"""Compares readers of profiles, all in one run: bytes per second, and how often this project's reader fits in.

usage: compare.py FOLDER [SECONDS]   FOLDER holds the programs yaml-benchmark and yams-benchmark

Each reader gets several short turns, the readers taking turns with each other, and counts with its best one: on a
machine that does other things, too, this is the time that was disturbed least.
"""

import pathlib
import subprocess
import sys
import tempfile
import time

ROUNDS = 5


def profile(features: int) -> bytes:
    """A profile as people write them, with a comment now and then."""
    lines = [
        "# yaml-language-server: $schema=../Templates/profile.schema.json",
        "version: 1",
        "name: King James",
        "description: Archaic, biblical English. Expect the Lord, the land of Canaan and many a begat.",
        "model: SmolLM2-135M-Instruct",
        "sae: smollm2-135m-instruct-l15",
        "layer: 15",
        "steering:",
    ]
    for number in range(features):
        note = "  # biblical" if number % 4 == 0 else ""
        lines.append(f"  {number * 7}: {(number * 37 % 2000 - 1000) / 8}{note}")
    return ("\n".join(lines) + "\n").encode()


def pyyaml(path: pathlib.Path, seconds: float) -> int:
    """PyYAML on libyaml: the nanoseconds of one reading."""
    import yaml

    text = path.read_bytes()
    end = time.perf_counter() + seconds
    best = sys.maxsize
    while time.perf_counter() < end:
        start = time.perf_counter_ns()
        yaml.load(text, Loader=yaml.CSafeLoader)
        best = min(best, time.perf_counter_ns() - start)
    return best


def main() -> None:
    folder = pathlib.Path(sys.argv[1])
    seconds = float(sys.argv[2]) if len(sys.argv) > 2 else 1.0

    def program(*words: str):
        def run(path: pathlib.Path, seconds: float) -> int:
            command = [folder / words[0], *words[1:], path, str(seconds)]
            return int(subprocess.run(command, check=True, capture_output=True, text=True).stdout)

        return run

    readers = {
        "this project, to a Profile": program("yaml-benchmark", "profiles"),
        "libyaml, events alone": program("yaml-benchmark", "events"),
        "Yams, YAMLDecoder to a struct": program("yams-benchmark"),
        "PyYAML, CSafeLoader": pyyaml,
    }
    with tempfile.TemporaryDirectory() as temporary:
        for features in (10, 100, 1000):
            path = pathlib.Path(temporary) / f"{features}.yaml"
            path.write_bytes(profile(features))
            best = {name: sys.maxsize for name in readers}
            for _ in range(ROUNDS):
                for name, run in readers.items():
                    best[name] = min(best[name], run(path, seconds / ROUNDS))
            size = path.stat().st_size
            own = best["this project, to a Profile"]
            print(f"{features} features, {size} bytes")
            for name, nanoseconds in best.items():
                speed = size * 1000 / nanoseconds
                print(f"  {name:31} {nanoseconds / 1000:10.1f} µs {speed:7.2f} MB/s   {nanoseconds / own:6.2f} × its time")


main()
