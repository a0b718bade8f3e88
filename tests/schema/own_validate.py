#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Are postern's own fields as its schema says? Usage: own_validate.py SCHEMA FILE...   (JSON lines)"""
import json
import sys

import jsonschema


def main(schema_path, *paths):
    with open(schema_path, encoding="utf-8") as file:
        schema = json.load(file)
    jsonschema.Draft7Validator.check_schema(schema)
    validator = jsonschema.Draft7Validator(schema)
    records = errors = 0
    for path in paths:
        with open(path, encoding="utf-8") as file:
            for number, line in enumerate(file, 1):
                if not line.strip():
                    continue
                records += 1
                own = json.loads(line).get("postern", {})
                for problem in sorted(validator.iter_errors(own), key=str):
                    errors += 1
                    place = ".".join(["postern", *map(str, problem.path)])
                    print(f"{path}:{number}: {place}: {problem.message[:300]}")
    print(f"{records} records, {errors} errors (own fields)")
    return 1 if errors or not records else 0


if __name__ == "__main__":
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    sys.exit(main(*sys.argv[1:]))
