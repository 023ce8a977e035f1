"""The reload's job by watchfiles and PyYAML: watch, read, parse, build the delta, swap it in.

Prints a line `SHA-256 TIME` for each swap; the time is CLOCK_BOOTTIME in nanoseconds.
"""

import hashlib
import json
import os
import struct
import sys
import time

import numpy
import yaml
import watchfiles

directory, sae = sys.argv[1:3]
options = {"step": int(sys.argv[3]), "debounce": int(sys.argv[3])} if len(sys.argv) > 3 else {}

with open(os.path.join(sae, "sae_weights.safetensors"), "rb") as file:
    size = struct.unpack("<Q", file.read(8))[0]
    header = json.loads(file.read(size))
    entry = header["W_dec"]
    file.seek(8 + size + entry["data_offsets"][0])
    raw = file.read(entry["data_offsets"][1] - entry["data_offsets"][0])
if entry["dtype"] == "BF16":
    decoder = (numpy.frombuffer(raw, numpy.uint16).astype(numpy.uint32) << 16).view(numpy.float32)
else:
    decoder = numpy.frombuffer(raw, {"F32": numpy.float32, "F16": numpy.float16}[entry["dtype"]])
decoder = decoder.reshape(entry["shape"]).astype(numpy.float32)

current = None
digest = None


def reload():
    global current, digest
    try:
        with open(os.path.join(directory, "active"), "rb") as file:
            text = file.read()
        found = hashlib.sha256(text).hexdigest()
        if found == digest:
            return
        profile = yaml.load(text, Loader=yaml.CSafeLoader)
        delta = numpy.zeros(decoder.shape[1], numpy.float32)
        for index, strength in profile["steering"].items():
            delta += strength * decoder[index]
    except (OSError, yaml.YAMLError, KeyError, TypeError):
        return
    current, digest = delta, found
    print(digest, time.clock_gettime_ns(time.CLOCK_BOOTTIME), flush=True)


watcher = watchfiles.watch(directory, recursive=False, rust_timeout=500, yield_on_timeout=True, **options)
next(watcher)
reload()
for _ in watcher:
    reload()
