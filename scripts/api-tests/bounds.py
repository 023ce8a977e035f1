"""Keeps what is asked of the model short, and makes many requests that are right in form right in meaning, too.

What schemathesis makes up names no profile and no model that there is, so most of it would end at the door.
"""

import os
import random
import urllib.parse

import schemathesis

# Words that have a meaning of their own in the path are ids all the same.
WORDS = {"/api/profiles/import": "import", "/api/profiles/save-current": "save-current"}


def bound(body):
    for key in ("max_tokens", "max_completion_tokens"):
        value = body.get(key, 4)
        if isinstance(value, (int, float)) and not isinstance(value, bool) and value > 4 or value is None:
            value = 4
        if key == "max_tokens" or "messages" in body:
            body[key] = value


def profiles():
    files = os.listdir(os.environ["MILLM_DIRECTORY"])
    return sorted(name.rsplit(".", 1)[0] for name in files if name.endswith((".yaml", ".yml", ".json")))


def provide(word):
    path = os.path.join(os.environ["MILLM_DIRECTORY"], word + ".yaml")
    if not os.path.exists(path):
        with open(path, "w", encoding="utf-8") as file:
            file.write(f"version: 1\nname: The word {word}\nsteering: {{316: 1}}\n")


@schemathesis.hook
def before_call(context, case, kwargs):
    if case.path in WORDS and case.method.upper() != "POST":
        provide(WORDS[case.path])
    if isinstance(case.body, dict) and ("messages" in case.body or "prompt" in case.body):
        bound(case.body)
    if case.meta is None or case.meta.generation.mode.is_negative:
        return
    # The same case meets the same fate, however often it is sent.
    chance = random.Random(case.id)
    if "id" in (case.path_parameters or {}) and chance.random() < 0.7:
        case.path_parameters["id"] = urllib.parse.quote(chance.choice(profiles()), safe="")
    for condition in ("If-Match", "If-None-Match"):
        if condition in (case.headers or {}) and chance.random() < 0.7:
            del case.headers[condition]
    if isinstance(case.body, dict) and "model" in case.body and chance.random() < 0.3:
        case.body["model"] = "default"
        if "profile" in case.body:
            case.body["profile"] = chance.choice(profiles() + ["none"])
