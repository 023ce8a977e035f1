"""Checks JSON values against JSON Schemas of draft 7, with the jsonschema package.

Reads {"schemas": {NAME: SCHEMA}, "instances": {FILE: [NAME, VALUE]}} and prints {FILE: [what is wrong, …]}.
"""

import json
import sys

import jsonschema


def pythonic(schema):
    """The schema with regular expressions that mean in Python what they mean in ECMA 262: $ is the very end."""
    if isinstance(schema, list):
        return [pythonic(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    result = {}
    for key, value in schema.items():
        if key == "pattern":
            result[key] = value.replace("$", r"\Z")
        elif key == "patternProperties":
            result[key] = {pattern.replace("$", r"\Z"): pythonic(item) for pattern, item in value.items()}
        else:
            result[key] = pythonic(value)
    return result


task = json.load(sys.stdin)
validators = {}
for name, schema in task["schemas"].items():
    jsonschema.Draft7Validator.check_schema(schema)
    validators[name] = jsonschema.Draft7Validator(pythonic(schema))
findings = {
    file: [error.message[:200] for error in validators[name].iter_errors(value)]
    for file, (name, value) in task["instances"].items()
}
json.dump(findings, sys.stdout)
