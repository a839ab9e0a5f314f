"""The bare Flask app that the API is compared with: one INSERT and its commit, or one SELECT by key, nothing else."""

import json
import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg2.pool
from flask import Flask, Response, jsonify, request

app = Flask(__name__)
pool = psycopg2.pool.ThreadedConnectionPool(20, 20, os.environ["PEER_DATABASE"])


@contextmanager
def borrowed() -> Iterator[psycopg2.extensions.connection]:
    """Take a connection for one request; commit what it did."""
    connection = pool.getconn()
    try:
        with connection:
            yield connection
    finally:
        pool.putconn(connection)


@app.post("/rows")
def insert() -> tuple[Response, int]:
    """Insert one row."""
    body, row_id = request.get_json(), str(uuid.uuid4())
    with borrowed() as connection, connection.cursor() as cursor:
        cursor.execute("INSERT INTO rows (id, body) VALUES (%s, %s)", (row_id, json.dumps(body)))
    return jsonify({"id": row_id}), 202


@app.get("/rows/<uuid:row_id>")
def select(row_id: uuid.UUID) -> Response:
    """Read one row by its key."""
    with borrowed() as connection, connection.cursor() as cursor:
        cursor.execute("SELECT id, body, created_at FROM rows WHERE id = %s", (str(row_id),))
        found = cursor.fetchone()
    assert found is not None
    return jsonify({"id": found[0], "body": found[1], "created_at": found[2].isoformat()})
