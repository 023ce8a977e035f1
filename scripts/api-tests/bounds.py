"""Keeps what is asked of the model short; everything else about a request stays as schemathesis made it."""

import schemathesis


@schemathesis.hook
def map_body(context, body):
    if isinstance(body, dict) and ("messages" in body or "prompt" in body):
        for key in ("max_tokens", "max_completion_tokens"):
            value = body.get(key, 4)
            if isinstance(value, int) and not isinstance(value, bool) and value > 4 or value is None:
                value = 4
            if key == "max_tokens" or "messages" in body:
                body[key] = value
    return body
