"""Mixed requests from many connections while files change underneath.

Says how long the common requests take, and ends with status 1 if an answer was 5xx, an acknowledged write is not in
the directory at the end, memory grew from round to round, or the metrics cannot be parsed.
"""

import argparse
import asyncio
import os
import random
import re
import statistics
import sys
import time
import urllib.parse

import aiohttp
from prometheus_client.parser import text_string_to_metric_families

ADDRESS = os.environ["MILLM_ADDRESS"]
DIRECTORY = os.environ["MILLM_DIRECTORY"]
PID = os.environ["MILLM_PID"]
FEATURES = [316, 622, 1588, 2028, 2203]


def resident_megabytes():
    with open(f"/proc/{PID}/status", encoding="ascii") as status:
        return int(re.search(r"VmRSS:\s+(\d+)", status.read())[1]) / 1024


class Ledger:
    """All writes to each profile, with the times between which they happened."""

    def __init__(self):
        self.writes = {}

    def note(self, profile, value, start, end):
        self.writes.setdefault(profile, []).append((start, end, value))

    def lost(self):
        """Profiles whose file is not what a write left that may have been the last one."""
        for profile, writes in self.writes.items():
            latest = max(start for start, _, _ in writes)
            possible = {value for _, end, value in writes if end >= latest}
            found = content(profile)
            if found not in possible:
                yield profile, found, possible


def path(profile):
    return os.path.join(DIRECTORY, profile + ".yaml")


def content(profile):
    """The mark that the last write left in the profile's file; None if there is no file."""
    try:
        with open(path(profile), encoding="utf-8") as file:
            return re.search(r"^description: '?\"?(mark \d+)", file.read(), re.MULTILINE)[1]
    except FileNotFoundError:
        return None


def text(name, mark):
    feature = random.choice(FEATURES)
    return f"# {name}\nversion: 1\nname: {name}\ndescription: {mark}\nsteering:\n  {feature}: {random.randint(-30, 30)}.5\n"


def replace(profile, data):
    temporary = os.path.join(DIRECTORY, f".{profile}.{random.random()}.tmp")
    with open(temporary, "w", encoding="utf-8") as file:
        file.write(data)
    os.rename(temporary, path(profile))


class Load:
    def __init__(self, session):
        self.session = session
        self.ledger = Ledger()
        self.statuses = {}
        self.failures = []
        self.count = 0
        self.profiles = []

    def mark(self):
        self.count += 1
        return f"mark {self.count}"

    async def send(self, method, route, **options):
        url = ADDRESS + route
        start = time.monotonic()
        async with self.session.request(method, url, **options) as answer:
            body = await answer.read()
        key = (method, answer.status)
        self.statuses[key] = self.statuses.get(key, 0) + 1
        if answer.status >= 500 or answer.status == 400:
            self.failures.append(f"{method} {route}: {answer.status} {body[:300]}")
        return answer, body, start, time.monotonic()

    def some(self):
        profile = random.choice(self.profiles)
        return profile, "/api/profiles/" + urllib.parse.quote(profile, safe="")

    async def create(self):
        mark = self.mark()
        name = f"Load {self.count} é🙂"
        body = {"name": name, "description": mark, "steering": {str(random.choice(FEATURES)): 12.5}}
        answer, data, start, end = await self.send("POST", "/api/profiles", json=body)
        if answer.status == 200:
            profile = __import__("json").loads(data)["data"]["id"]
            self.ledger.note(profile, mark, start, end)
            self.profiles.append(profile)

    async def update(self):
        profile, route = self.some()
        headers = {}
        if random.random() < 0.5:
            answer, *_ = await self.send("GET", route)
            if "ETag" in answer.headers:
                headers["If-Match"] = answer.headers["ETag"]
        mark = self.mark()
        method = random.choice(["PUT", "PATCH"])
        answer, _, start, end = await self.send(method, route, json={"description": mark}, headers=headers)
        if answer.status == 200:
            self.ledger.note(profile, mark, start, end)

    async def delete(self, profile):
        route = "/api/profiles/" + urllib.parse.quote(profile, safe="")
        answer, _, start, end = await self.send("DELETE", route)
        if answer.status == 200:
            self.ledger.note(profile, None, start, end)

    async def trim(self, count):
        """Deletes what is beyond a number of profiles, so that rounds can be compared."""
        self.profiles = [name.removesuffix(".yaml") for name in os.listdir(DIRECTORY) if name.endswith(".yaml")]
        random.shuffle(self.profiles)
        for profile in self.profiles[count:]:
            await self.delete(profile)
        del self.profiles[count:]

    async def one(self):
        kind = random.choices(
            ["list", "get", "create", "update", "delete", "activate", "deactivate", "export", "status", "metrics", "chat"],
            [3, 32, 10, 20, 4, 12, 3, 6, 5, 3, 2],
        )[0]
        _, route = self.some()
        if kind in ("create", "update"):
            await getattr(self, kind)()
        elif kind == "delete":
            await self.delete(self.some()[0])
        elif kind == "list":
            await self.send("GET", "/api/profiles")
        elif kind == "get":
            await self.send("GET", route)
        elif kind == "activate":
            await self.send("POST", route + "/activate")
        elif kind == "deactivate":
            await self.send("POST", route + "/deactivate")
        elif kind == "export":
            await self.send("GET", route + "/export")
        elif kind == "status":
            await self.send("GET", random.choice(["/api/status", "/api/steering"]))
        elif kind == "metrics":
            await self.send("GET", "/metrics")
        else:
            message = {"role": "user", "content": "Hello"}
            await self.send("POST", "/v1/chat/completions", json={"max_tokens": 2, "messages": [message]})

    async def disturb(self):
        """Changes files as editors and people do, and the link, until it is cancelled."""
        while True:
            await asyncio.sleep(0.005)
            profile = random.choice(self.profiles)
            mark = self.mark()
            start = time.monotonic()
            kind = random.random()
            if kind < 0.7 and os.path.exists(path(profile)):
                replace(profile, text(f"Disk {self.count}", mark))
                self.ledger.note(profile, mark, start, time.monotonic())
            elif kind < 0.75:
                try:
                    os.unlink(path(profile))
                    self.ledger.note(profile, None, start, time.monotonic())
                except FileNotFoundError:
                    pass
            elif kind < 0.9:
                temporary = os.path.join(DIRECTORY, ".active.tmp")
                os.symlink(profile + ".yaml", temporary)
                os.rename(temporary, os.path.join(DIRECTORY, "active"))
            else:
                with open(os.path.join(DIRECTORY, "notes.txt"), "a", encoding="utf-8") as file:
                    file.write("x")

    async def round(self, requests, connections):
        remaining = iter(range(requests))

        async def worker():
            for _ in remaining:
                await self.one()

        disturber = asyncio.create_task(self.disturb())
        start = time.monotonic()
        await asyncio.gather(*(worker() for _ in range(connections)))
        elapsed = time.monotonic() - start
        disturber.cancel()
        try:
            await disturber
        except asyncio.CancelledError:
            pass
        return elapsed


async def latency(load, name, count, request):
    times = []
    for _ in range(count):
        start = time.monotonic()
        await request()
        times.append((time.monotonic() - start) * 1000)
    cuts = statistics.quantiles(times, n=100)
    print(f"{name:<24} p50 {cuts[49]:7.2f} ms   p99 {cuts[98]:7.2f} ms   ({count})", flush=True)


async def metrics(load):
    _, body, *_ = await load.send("GET", "/metrics")
    families = {family.name: family for family in text_string_to_metric_families(body.decode())}
    assert families["millm_http_requests"].type == "counter"
    assert families["millm_http_request_duration_seconds"].type == "histogram"
    series = sum(len(family.samples) for family in families.values())
    total = sum(s.value for s in families["millm_http_requests"].samples if s.name.endswith("_total"))
    print(f"metrics: {len(families)} families, {series} series, {total:.0f} requests counted", flush=True)
    return series


async def main(options):
    connector = aiohttp.TCPConnector(limit=options.connections)
    async with aiohttp.ClientSession(connector=connector, timeout=aiohttp.ClientTimeout(total=120)) as session:
        load = Load(session)
        for number in range(options.profiles - len(os.listdir(DIRECTORY))):
            profile, mark, start = f"profile-{number:04}", load.mark(), time.monotonic()
            replace(profile, text(f"Profile {number}", mark))
            load.ledger.note(profile, mark, start, time.monotonic())
            load.profiles.append(profile)
        # A file that was written within the last moments is read again, for its times do not tell a next change yet.
        await latency(load, "list, files just written", 100, lambda: load.send("GET", "/api/profiles"))
        await asyncio.sleep(5)
        await latency(load, f"list of {options.profiles}", 500, lambda: load.send("GET", "/api/profiles"))
        await latency(load, "get", 1000, lambda: load.send("GET", load.some()[1]))
        await latency(load, "status", 1000, lambda: load.send("GET", "/api/status"))
        await latency(load, "create", 200, load.create)
        await latency(load, "activate", 300, lambda: load.send("POST", load.some()[1] + "/activate"))

        memory = [resident_megabytes()]
        for number in range(options.rounds):
            elapsed = await load.round(options.requests, options.connections)
            await load.trim(options.profiles)
            memory.append(resident_megabytes())
            rate = options.requests / elapsed
            files = len(os.listdir(DIRECTORY))
            print(
                f"round {number + 1}: {options.requests} in {elapsed:.1f} s, {rate:.0f}/s, {memory[-1]:.0f} MB, {files} files",
                flush=True,
            )
        await metrics(load)
        lost = list(load.ledger.lost())

    writes = sum(len(writes) for writes in load.ledger.writes.values())
    print("statuses:", ", ".join(f"{m} {s}: {n}" for (m, s), n in sorted(load.statuses.items())))
    print(f"{writes} acknowledged writes to {len(load.ledger.writes)} profiles, {len(lost)} lost; MB: {[round(m) for m in memory]}")
    for loss in lost[:10]:
        print("LOST", *loss)
    for failure in load.failures[:10]:
        print("FAILED", failure)
    grows = options.rounds > 1 and memory[-1] > memory[1] * 1.15 + 10
    if grows:
        print("MEMORY GROWS")
    return 1 if lost or load.failures or grows else 0


parser = argparse.ArgumentParser()
parser.add_argument("--requests", type=int, default=10_000)
parser.add_argument("--rounds", type=int, default=3)
parser.add_argument("--connections", type=int, default=32)
parser.add_argument("--profiles", type=int, default=1000)
sys.exit(asyncio.run(main(parser.parse_args())))
