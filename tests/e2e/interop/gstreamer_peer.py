"""GStreamer's webrtcbin as a WHIP publisher and a WHEP player."""

import threading

import gi

gi.require_version("Gst", "1.0")
gi.require_version("GstSdp", "1.0")
gi.require_version("GstWebRTC", "1.0")
from gi.repository import GLib, Gst, GstSdp, GstWebRTC  # noqa: E402

from peer import Session, serve  # noqa: E402

PUBLISH = """
webrtcbin name=peer bundle-policy=max-bundle
videotestsrc is-live=true pattern=ball ! video/x-raw,width=320,height=240,framerate=15/1 ! vp8enc deadline=1 cpu-used=8 keyframe-max-dist=30 target-bitrate=300000
  ! rtpvp8pay pt=96 picture-id-mode=15-bit ! application/x-rtp,media=video,encoding-name=VP8,payload=96,clock-rate=90000 ! peer.
audiotestsrc is-live=true wave=sine ! audioconvert ! audioresample ! audio/x-raw,rate=48000,channels=2 ! opusenc
  ! rtpopuspay pt=111 ! application/x-rtp,media=audio,encoding-name=OPUS,payload=111,clock-rate=48000,encoding-params=(string)2 ! peer.
"""

AUDIO = "application/x-rtp,media=audio,encoding-name=OPUS,payload=111,clock-rate=48000,encoding-params=(string)2"
VIDEO = "application/x-rtp,media=video,encoding-name=VP8,payload=96,clock-rate=90000,rtcp-fb-nack-pli=true"
DECODERS = {"OPUS": "rtpopusdepay ! opusdec ! fakesink sync=false", "VP8": "rtpvp8depay ! vp8dec ! identity name=frames silent=true ! fakesink sync=false"}

# How GStreamer numbers the ciphers of SRTP (GstDtlsSrtpCipher).
CIPHERS = {1: "SRTP_AES128_CM_SHA1_80"}


class Peer:
    def __init__(self):
        self._open = []
        self._kept = []
        self._frames = 0
        self._audio = 0

    def publish(self, url):
        self.connect(Gst.parse_launch(PUBLISH), url, GstWebRTC.WebRTCRTPTransceiverDirection.SENDONLY)

    def watch(self, url):
        self._frames = self._audio = 0
        pipeline = Gst.Pipeline.new(None)
        peer = Gst.ElementFactory.make("webrtcbin", "peer")
        peer.set_property("bundle-policy", GstWebRTC.WebRTCBundlePolicy.MAX_BUNDLE)
        pipeline.add(peer)
        for caps in (AUDIO, VIDEO):
            peer.emit("add-transceiver", GstWebRTC.WebRTCRTPTransceiverDirection.RECVONLY, Gst.Caps.from_string(caps))
        peer.connect("pad-added", lambda _, pad: self.receive(pipeline, pad))
        self.connect(pipeline, url, GstWebRTC.WebRTCRTPTransceiverDirection.RECVONLY)

    def connect(self, pipeline, url, direction):
        peer = pipeline.get_by_name("peer")
        ready = threading.Event()
        failed = []

        def offered(promise, _):
            # The offer lies in the reply and the reply in the promise: both have to outlive it.
            reply = promise.get_reply()
            self._kept.append((promise, reply))
            offer = reply.get_value("offer")
            peer.emit("set-local-description", offer, Gst.Promise.new())
            threading.Thread(target=ask, args=(offer.sdp.as_text(),), daemon=True).start()

        def ask(offer):
            try:
                session = Session(url, offer)
                self._open.append((pipeline, session))
                _, sdp = GstSdp.SDPMessage.new_from_text(session.answer)
                answer = GstWebRTC.WebRTCSessionDescription.new(GstWebRTC.WebRTCSDPType.ANSWER, sdp)
                peer.emit("set-remote-description", answer, Gst.Promise.new())
            except Exception as error:  # Told to the test below.
                failed.append(error)
            ready.set()

        def negotiate(_):
            for i in range(2):
                peer.emit("get-transceiver", i).set_property("direction", direction)
            peer.emit("create-offer", None, Gst.Promise.new_with_change_func(offered, None))

        peer.connect("on-negotiation-needed", negotiate)
        pipeline.set_state(Gst.State.PLAYING)
        if not ready.wait(60):
            raise TimeoutError("There was no offer or no answer.")
        if failed:
            raise failed[0]

    def receive(self, pipeline, pad):
        if pad.get_property("direction") != Gst.PadDirection.SRC:
            return
        name = pad.get_current_caps().get_structure(0).get_string("encoding-name")
        decoder = Gst.parse_bin_from_description("queue ! " + DECODERS[name], True)
        pipeline.add(decoder)
        decoder.sync_state_with_parent()
        pad.add_probe(Gst.PadProbeType.BUFFER, lambda *_: self.count(name, 0))
        frames = decoder.get_by_name("frames")
        if frames is not None:
            frames.get_static_pad("src").add_probe(Gst.PadProbeType.BUFFER, lambda *_: self.count(name, 1))
        pad.link(decoder.get_static_pad("sink"))

    def count(self, name, frames):
        if name == "OPUS":
            self._audio += 1
        self._frames += frames
        return Gst.PadProbeReturn.OK

    def figures(self):
        return {"videoFrames": self._frames, "audioPackets": self._audio, "srtp": self.profile()}

    def profile(self):
        for pipeline, _ in self._open:
            elements = pipeline.iterate_recurse()
            while True:
                result, element = elements.next()
                if result != Gst.IteratorResult.OK:
                    break
                factory = element.get_factory()
                if factory is not None and factory.get_name() == "dtlsdec" and int(element.get_property("srtp-cipher")) in CIPHERS:
                    return CIPHERS[int(element.get_property("srtp-cipher"))]
        return ""

    def stop(self):
        for pipeline, session in self._open:
            session.end()
            pipeline.set_state(Gst.State.NULL)
        self._open.clear()
        self._kept.clear()


def main():
    Gst.init(None)
    loop = GLib.MainLoop()
    peer = Peer()
    serve({
        "publish": peer.publish,
        "watch": peer.watch,
        "figures": lambda _: peer.figures(),
        "stop": lambda _: peer.stop(),
        "leave": lambda _: loop.quit(),
    })
    loop.run()


main()
