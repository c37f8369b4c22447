import { spawnSync } from 'node:child_process';
import { startChromium, startFirefox } from './browserClient.js';
import type { Client, ClientKind } from './client.js';
import { ProcessClient } from './processClient.js';

/** Debian's packages are of this interpreter, whatever else is on the path. */
const python = '/usr/bin/python3';

function startPython(script: string, check: string): () => Promise<Client | null> {
  return async () => (spawnSync(python, ['-c', check]).status === 0 ? new ProcessClient(python, ['-u', script]) : null);
}

function startNode(script: string, module: string): () => Promise<Client | null> {
  return async () => {
    const found = await import(module).then(
      () => true,
      () => false,
    );
    return found ? new ProcessClient(process.execPath, ['--import', 'tsx', script]) : null;
  };
}

const gstreamerCheck = `
import gi
gi.require_version("GstWebRTC", "1.0")
gi.require_version("Gst", "1.0")
from gi.repository import Gst
Gst.init(None)
assert all(Gst.ElementFactory.find(name) for name in ("webrtcbin", "nicesrc", "vp8enc", "vp8dec", "opusenc", "opusdec", "rtpvp8pay", "srtpenc"))
`;

/** Every client of the matrix, in its order. */
export const clientKinds: readonly ClientKind[] = [
  { name: 'Chromium', stack: 'libwebrtc, in the browser', proof: 'frames decoded', start: (pageAddress) => startChromium(pageAddress) },
  { name: 'Firefox', stack: 'libwebrtc and NSS, in the browser (ESR)', proof: 'frames decoded', start: startFirefox },
  { name: 'GStreamer', stack: '`webrtcbin` with libnice, in Python', proof: 'frames decoded', start: startPython('gstreamer_peer.py', gstreamerCheck) },
  { name: 'aiortc', stack: 'its own, in Python', proof: 'frames decoded', start: startPython('aiortc_peer.py', 'import aiortc, av') },
  { name: '@roamhq/wrtc', stack: 'libwebrtc, in Node.js', proof: 'frames decoded', start: startNode('wrtcPeer.ts', '@roamhq/wrtc') },
  { name: 'werift', stack: 'its own, in TypeScript', proof: 'packets received', start: startNode('weriftPeer.ts', 'werift') },
];
