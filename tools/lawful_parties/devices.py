#!/usr/bin/env python3
"""tools/lawful_parties/devices.py ROLE [WORD...]: one device of the scene tests/scenes/lawful_parties, over real sockets of its own
network namespace; tools/lawful_parties/make starts them. Written for this scene, after the published specifications.

  inverter SERIAL     Modbus/TCP server with a SunSpec map: models 1, 103 and 123
  meter SERIAL        the same: models 1 and 203
  station             IEC 60870-5-104 controlled station
  interface STATION   a controlling station: starts the station, interrogates it, sends one set point
  ems                 reads the meter and the inverters, limits the inverters; OCPP 1.6J server that limits the charger
  charger EMS         OCPP 1.6J client
  stranger INVERTER   reads the map of an inverter, and limits it too
"""
import base64
import hashlib
import json
import os
import socket
import socketserver
import struct
import sys
import threading
import time

BASE = 40000


# ---- SunSpec: a list of models after the marker, each with its number and length
def text(value, registers):
    return struct.unpack(f">{registers}H", value.encode().ljust(2 * registers, b"\0"))


def sunspec(models):
    registers = [*text("SunS", 2)]
    for number, values in models:
        registers += [number, len(values), *values]
    return registers + [0xFFFF, 0]


def common(model, serial):
    return (1, [*text("Example Works", 16), *text(model, 16), *text("", 8), *text("1.0", 8), *text(serial, 16), 1, 0])


def map_of(role, serial):
    if role == "meter":
        return sunspec([common("EX-M3", serial), (203, [0] * 105)])
    return sunspec([common("EX-50K", serial), (103, [0] * 50), (123, [0] * 24)])


class Modbus(socketserver.BaseRequestHandler):
    registers = []

    def handle(self):
        while head := whole(self.request, 7):
            transaction, _, length, unit = struct.unpack(">HHHB", head)
            asked = whole(self.request, length - 1)
            function, at, count = struct.unpack(">BHH", asked[:5])
            first = at - BASE
            if not 0 <= first <= len(self.registers) - count:
                answer = bytes([function | 0x80, 2])
            elif function == 3:
                answer = struct.pack(f">BB{count}H", 3, 2 * count, *self.registers[first:first + count])
            else:
                self.registers[first:first + count] = struct.unpack(f">{count}H", asked[6:6 + 2 * count])
                answer = asked[:5]
            self.request.sendall(struct.pack(">HHHB", transaction, 0, len(answer) + 1, unit) + answer)


class Client:
    def __init__(self, address):
        self.socket = socket.create_connection((address, 502), 10)
        self.turn = 0

    def ask(self, words):
        self.turn += 1
        self.socket.sendall(struct.pack(">HHHB", self.turn, 0, len(words) + 1, 1) + words)
        length = struct.unpack(">HHHB", whole(self.socket, 7))[2]
        return whole(self.socket, length - 1)

    def read(self, at, count):
        answer = self.ask(struct.pack(">BHH", 3, at, count))
        return struct.unpack(f">{count}H", answer[2:2 + 2 * count])

    def write(self, at, values):
        self.ask(struct.pack(f">BHHB{len(values)}H", 16, at, len(values), 2 * len(values), *values))

    def walk(self):
        """Where the values of each model begin."""
        self.read(BASE, 2)
        at, models = BASE + 2, {}
        while (head := self.read(at, 2))[0] != 0xFFFF:
            self.read(at, head[1] + 2)
            models[head[0]] = at + 2
            at += 2 + head[1]
        return models


def limit(client, models, percent):
    client.write(models[123] + 3, [percent])
    client.write(models[123] + 7, [1])


def whole(connection, size):
    got = b""
    while len(got) < size:
        more = connection.recv(size - len(got))
        if not more:
            return b""
        got += more
    return got


def serve(port, handler):
    socketserver.ThreadingTCPServer.allow_reuse_address = True
    socketserver.ThreadingTCPServer(("", port), handler).serve_forever()


# ---- IEC 60870-5-104: an APDU is 0x68, its length, four control octets and, in an I frame, an ASDU
class Line:
    def __init__(self, connection):
        self.connection, self.sent, self.received = connection, 0, 0

    def control(self, octet):
        self.connection.sendall(bytes([0x68, 4, octet, 0, 0, 0]))

    def say(self, kind, cause, information):
        asdu = bytes([kind, 1, cause, 0]) + struct.pack("<H", 1) + information
        self.connection.sendall(struct.pack("<BBHH", 0x68, 4 + len(asdu), self.sent << 1, self.received << 1) + asdu)
        self.sent += 1

    def hear(self):
        head = whole(self.connection, 2)
        if not head:
            return None
        rest = whole(self.connection, head[1])
        if rest[0] & 1 == 0:
            self.received += 1
        return rest


class Station(socketserver.BaseRequestHandler):
    def handle(self):
        line = Line(self.request)
        while heard := line.hear():
            if heard[0] == 0x07:  # STARTDT act
                line.control(0x0B)
            elif heard[0] & 1 == 0 and heard[4] == 100:  # C_IC_NA_1: confirmed, a measured value, ended
                line.say(100, 7, heard[10:])
                line.say(13, 20, bytes([1, 2, 0]) + struct.pack("<fB", 41.5, 0))
                line.say(100, 10, heard[10:])
            elif heard[0] & 1 == 0:
                line.say(heard[4], 7, heard[10:])


def interface(address):
    line = Line(socket.create_connection((address, 2404), 10))
    line.control(0x07)
    line.hear()
    line.say(100, 6, bytes([0, 0, 0, 20]))
    for _ in range(3):
        line.hear()
    line.say(50, 6, bytes([1, 0x20, 0]) + struct.pack("<fB", 30.0, 0))  # C_SE_NC_1: a set point
    line.hear()
    time.sleep(1)


# ---- OCPP 1.6J: texts in WebSocket frames (RFC 6455)
def frame(value, masked):
    payload = json.dumps(value).encode()
    head = bytes([0x81]) + (struct.pack(">B", len(payload) | (masked << 7)) if len(payload) < 126
                            else struct.pack(">BH", 126 | (masked << 7), len(payload)))
    if not masked:
        return head + payload
    key = os.urandom(4)
    return head + key + bytes(byte ^ key[i % 4] for i, byte in enumerate(payload))


def unframed(connection):
    head = whole(connection, 2)
    if not head:
        return None
    size = head[1] & 0x7F
    if size == 126:
        size = struct.unpack(">H", whole(connection, 2))[0]
    key = whole(connection, 4) if head[1] & 0x80 else bytes(4)
    return json.loads(bytes(byte ^ key[i % 4] for i, byte in enumerate(whole(connection, size))))


def header(connection):
    got = b""
    while not got.endswith(b"\r\n\r\n"):
        got += whole(connection, 1)
    return got.decode()


class Backend(socketserver.BaseRequestHandler):
    def handle(self):
        asked = header(self.request)
        key = next(line.split(": ")[1] for line in asked.splitlines() if line.lower().startswith("sec-websocket-key"))
        accept = base64.b64encode(hashlib.sha1((key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").encode()).digest()).decode()
        self.request.sendall(("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                              f"Sec-WebSocket-Accept: {accept}\r\nSec-WebSocket-Protocol: ocpp1.6\r\n\r\n").encode())
        boot = unframed(self.request)
        self.request.sendall(frame([3, boot[1], {"status": "Accepted", "interval": 300, "currentTime": "2026-01-01T00:00:00Z"}], False))
        time.sleep(1)
        period = [{"startPeriod": 0, "limit": 6}]
        profile = {"chargingProfileId": 1, "stackLevel": 0, "chargingProfilePurpose": "ChargePointMaxProfile",
                   "chargingProfileKind": "Absolute", "chargingSchedule": {"chargingRateUnit": "A", "chargingSchedulePeriod": period}}
        self.request.sendall(frame([2, "1", "SetChargingProfile", {"connectorId": 0, "csChargingProfiles": profile}], False))
        unframed(self.request)
        time.sleep(10)


def charger(address):
    connection = socket.create_connection((address, 9000), 10)
    key = base64.b64encode(os.urandom(16)).decode()
    connection.sendall((f"GET /ocpp/EX-CP-0001 HTTP/1.1\r\nHost: {address}:9000\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                        f"Sec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: ocpp1.6\r\n\r\n").encode())
    header(connection)
    connection.sendall(frame([2, "boot", "BootNotification", {
        "chargePointVendor": "Example Works", "chargePointModel": "EX-CP22", "chargePointSerialNumber": "EX-CP-0001"}], True))
    unframed(connection)
    command = unframed(connection)
    connection.sendall(frame([3, command[1], {"status": "Accepted"}], True))
    time.sleep(10)


def manage():
    threading.Thread(target=serve, args=(9000, Backend), daemon=True).start()
    meter = Client("10.30.0.12")
    power = meter.walk()[203] + 16
    inverters = [Client("10.30.0.11"), Client("10.30.0.13")]
    models = [inverter.walk() for inverter in inverters]
    for turn in range(5):
        meter.read(power, 2)
        for inverter, at in zip(inverters, models):
            inverter.read(at[103] + 12, 2)
            if turn == 2:
                limit(inverter, at, 80)
        time.sleep(1)
    time.sleep(10)


def main():
    role, words = sys.argv[1], sys.argv[2:]
    if role in ("inverter", "meter"):
        Modbus.registers = map_of(role, words[0])
        serve(502, Modbus)
    elif role == "station":
        serve(2404, Station)
    elif role == "interface":
        interface(words[0])
    elif role == "ems":
        manage()
    elif role == "charger":
        charger(words[0])
    elif role == "stranger":
        client = Client(words[0])
        limit(client, client.walk(), 0)
        time.sleep(1)
    else:
        sys.exit(__doc__)


if __name__ == "__main__":
    main()
