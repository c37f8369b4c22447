"""aiortc as a WHIP publisher and a WHEP player."""

import asyncio
import fractions
import time

from aiortc import RTCPeerConnection, RTCSessionDescription
from aiortc.mediastreams import AudioStreamTrack, MediaStreamError, VideoStreamTrack
from av import VideoFrame

from peer import Session, serve

WIDTH, HEIGHT, RATE = 320, 240, 15


class Picture(VideoStreamTrack):
    """A grey that changes, slowly enough for a busy machine."""

    def __init__(self):
        super().__init__()
        self._start = None
        self._count = 0

    async def recv(self):
        self._start = self._start or time.time()
        await asyncio.sleep(max(0, self._start + self._count / RATE - time.time()))
        frame = VideoFrame(width=WIDTH, height=HEIGHT)
        for plane in frame.planes:
            plane.update(bytes([self._count % 200 + 20]) * plane.buffer_size)
        frame.pts = self._count * 90000 // RATE
        frame.time_base = fractions.Fraction(1, 90000)
        self._count += 1
        return frame


class Peer:
    def __init__(self, loop):
        self._loop = loop
        self._open = []
        self._watching = None
        self._frames = 0

    def call(self, work):
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(60)

    async def connect(self, connection, url):
        await connection.setLocalDescription(await connection.createOffer())
        session = await self._loop.run_in_executor(None, Session, url, connection.localDescription.sdp)
        self._open.append((connection, session))
        await connection.setRemoteDescription(RTCSessionDescription(session.answer, "answer"))

    async def publish(self, url):
        connection = RTCPeerConnection()
        connection.addTransceiver(AudioStreamTrack(), "sendonly")
        connection.addTransceiver(Picture(), "sendonly")
        await self.connect(connection, url)

    async def watch(self, url):
        connection = RTCPeerConnection()
        self._watching, self._frames = connection, 0
        connection.addTransceiver("audio", "recvonly")
        connection.addTransceiver("video", "recvonly")
        connection.on("track", lambda track: asyncio.ensure_future(self.read(connection, track)))
        await self.connect(connection, url)

    async def read(self, connection, track):
        try:
            while True:
                await track.recv()
                if track.kind == "video" and connection is self._watching:
                    self._frames += 1
        except MediaStreamError:
            pass

    async def figures(self):
        audio = 0
        for receiver in self._watching.getReceivers() if self._watching else []:
            for entry in (await receiver.getStats()).values():
                if entry.type == "inbound-rtp" and entry.kind == "audio":
                    audio += entry.packetsReceived
        return {"videoFrames": self._frames, "audioPackets": audio, "srtp": self.profile()}

    def profile(self):
        for connection, _ in self._open:
            for transceiver in connection.getTransceivers():
                transport = transceiver.receiver.transport
                if transport.state == "connected":
                    # Debian's aiortc knows one profile and keeps it to itself; later ones say which it is.
                    chosen = getattr(transport.ssl, "get_selected_srtp_profile", lambda: b"SRTP_AES128_CM_SHA1_80")()
                    return chosen.decode()
        return ""

    async def stop(self):
        self._watching = None
        for connection, session in self._open:
            await self._loop.run_in_executor(None, session.end)
            await connection.close()
        self._open.clear()


def main():
    loop = asyncio.new_event_loop()
    peer = Peer(loop)
    serve({
        "publish": lambda url: peer.call(peer.publish(url)),
        "watch": lambda url: peer.call(peer.watch(url)),
        "figures": lambda _: peer.call(peer.figures()),
        "stop": lambda _: peer.call(peer.stop()),
        "leave": lambda _: loop.call_soon_threadsafe(loop.stop),
    })
    loop.run_forever()


main()
