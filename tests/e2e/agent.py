# SPDX-License-Identifier: Apache-2.0
"""What a vendor's agent may do that no ready program does, one deed a call. All of it stays on this machine.

names ADDRESS NAME=ADDRESS...   a resolver that knows these names
sleeper SECONDS                 read all frames of lo through a filter that waits for two bytes, as BPFDoor does
give PATH PORT                  connect, and give the connection to whoever connects to PATH
take PATH                       take it, and use it
adrift PORT SECONDS             connect a UDP socket, send nothing, and leave it in a queue, where no descriptor holds it
scan PEERS                      a datagram to each of so many addresses of this machine
serve                           answer one caller on the listener that is descriptor 3
vsock SECONDS                   hold a vsock socket
program TYPE NAME               load an eBPF program of that type of the kernel's, and let it go: it does nothing
"""
import ctypes
import os
import socket
import struct
import sys
import time

MAGIC = 0x7255


def names(address, *known):
    table = dict(pair.split("=") for pair in known)
    server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    server.bind((address, 53))
    while True:
        message, asker = server.recvfrom(512)
        end = message.index(b"\0", 12)
        labels, at = [], 12
        while at < end:
            labels.append(message[at + 1:at + 1 + message[at]].decode())
            at += 1 + message[at]
        question = message[12:end + 5]
        found = table.get(".".join(labels).lower())
        wants_ipv4 = question[-4:-2] == b"\0\1"
        answer = b""
        if found and wants_ipv4:
            answer = b"\xc0\x0c\0\1\0\1" + struct.pack(">IH", 60, 4) + socket.inet_aton(found)
        flags = 0x8180 if found else 0x8183
        header = message[:2] + struct.pack(">HHHHH", flags, 1, 1 if answer else 0, 0, 0)
        server.sendto(header + question + answer, asker)


def sleeper(seconds):
    code = struct.pack(  # ldh [12]; IPv4? ldb [23]; UDP? ldxb 4*([14]&0xf); ldh [x+22]: its payload; magic? take : leave
        "=" + "HBBI" * 9,
        0x28, 0, 0, 12, 0x15, 0, 6, 0x800, 0x30, 0, 0, 23, 0x15, 0, 4, 17, 0xb1, 0, 0, 14,
        0x48, 0, 0, 22, 0x15, 0, 1, MAGIC, 6, 0, 0, 0xffff, 6, 0, 0, 0)
    room = ctypes.create_string_buffer(code)
    reader = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(3))
    reader.setsockopt(socket.SOL_SOCKET, 26, struct.pack("HL", 9, ctypes.addressof(room)))  # SO_ATTACH_FILTER
    reader.bind(("lo", 3))
    time.sleep(float(seconds))


def give(path, port):
    door = socket.socket(socket.AF_UNIX)
    door.bind(path)
    door.listen(1)
    connection = socket.create_connection(("127.0.0.1", int(port)))
    taker, _ = door.accept()
    socket.send_fds(taker, [b"x"], [connection.fileno()])
    taker.recv(1)


def take(path):
    door = socket.socket(socket.AF_UNIX)
    door.connect(path)
    _, handed, _, _ = socket.recv_fds(door, 1, 1)
    connection = socket.socket(fileno=handed[0])
    for _ in range(4):
        connection.send(b"GET /")
        time.sleep(0.5)


def adrift(port, seconds):
    queue = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
    held = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    held.connect(("127.0.0.1", int(port)))
    socket.send_fds(queue[0], [b"x"], [held.fileno()])
    held.close()
    time.sleep(float(seconds))


def scan(peers):
    sender = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    for i in range(int(peers)):
        sender.sendto(b"?", (f"127.{1 + i // 200}.7.{1 + i % 200}", 9))
    time.sleep(1.5)


def serve():
    door = socket.socket(fileno=3)
    caller, _ = door.accept()
    caller.recv(100)
    caller.send(b"served")


def vsock(seconds):
    held = socket.socket(socket.AF_VSOCK, socket.SOCK_STREAM)
    time.sleep(float(seconds))
    held.close()


def program(number, name):
    code = ctypes.create_string_buffer(struct.pack("=BBhiBBhi", 0xb7, 0, 0, 0, 0x95, 0, 0, 0))  # r0 = 0; exit
    licence = ctypes.create_string_buffer(b"GPL")
    attributes = struct.pack("=IIQQIIQII16s", int(number), 2, ctypes.addressof(code), ctypes.addressof(licence), 0, 0, 0, 0, 0,
                             name.encode())
    call = 321 if os.uname().machine == "x86_64" else 280  # bpf(2)
    loaded = ctypes.CDLL(None, use_errno=True).syscall(call, 5, attributes, len(attributes))
    if loaded < 0:
        raise OSError(ctypes.get_errno(), "the program was refused")
    os.close(loaded)


if __name__ == "__main__":
    deeds = (names, sleeper, give, take, adrift, scan, serve, vsock, program)
    {deed.__name__: deed for deed in deeds}[sys.argv[1]](*sys.argv[2:])
