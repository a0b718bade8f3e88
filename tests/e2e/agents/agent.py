# SPDX-License-Identifier: Apache-2.0
"""A vendor's agent: serves numbers on PORT, reports each question to a collector on the next port, and does what FILE tells it to.

agent.py PORT FILE
"""
import http.server
import os
import socket
import subprocess
import sys

port, orders = int(sys.argv[1]), sys.argv[2]
kept = []


def tcp(where):
    try:
        socket.create_connection(("127.0.0.1", int(where)), 1).close()
    except OSError:
        pass


def udp(where):
    socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b"x", ("127.0.0.1", int(where)))


def listen(where):
    kept.append(socket.create_server(("127.0.0.1", int(where))))


def unix(path):
    client = socket.socket(socket.AF_UNIX)
    client.connect(path)
    client.sendall(b"x")


def execute(command):
    subprocess.run([command], check=False)


class Answer(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        if os.path.exists(orders):
            with open(orders, encoding="ascii") as file:
                deed, what = file.read().split()
            os.unlink(orders)
            {"tcp": tcp, "udp": udp, "listen": listen, "unix": unix, "execute": execute}[deed](what)
        else:
            tcp(port + 1)
            execute("/usr/bin/true")
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass


http.server.HTTPServer(("127.0.0.1", port), Answer).serve_forever()
