/**
 * Runs in every page before its own scripts: keeps the page's peer connections and WebSockets, counts what is negotiated,
 * cuts the signalling when asked to, and reads what a stage tile really shows. The page itself knows nothing of it.
 */
(() => {
  const Native = window.RTCPeerConnection;
  const peers = [];
  let lastClickAt = 0;

  window.RTCPeerConnection = class extends Native {
    constructor(configuration, ...rest) {
      super(window.relayOnly ? { ...configuration, iceTransportPolicy: 'relay' } : configuration, ...rest);
      this.answerCount = 0;
      peers.push(this);
    }

    setConfiguration(configuration) {
      super.setConfiguration(window.relayOnly ? { ...configuration, iceTransportPolicy: 'relay' } : configuration);
    }

    setRemoteDescription(...description) {
      this.answerCount += 1;
      return super.setRemoteDescription(...description);
    }
  };

  const NativeSocket = window.WebSocket;
  const sockets = [];
  let signalingIsCut = false;

  /** How often the page has called each method of the server. */
  const calls = {};

  window.WebSocket = class extends NativeSocket {
    send(data) {
      const { method } = JSON.parse(data);
      if (method !== undefined) {
        calls[method] = (calls[method] ?? 0) + 1;
      }
      super.send(data);
    }

    constructor(...settings) {
      if (signalingIsCut) {
        // A network without a way to the server; without the error a browser would write for every try.
        const unreachable = { send() {}, close() {} };
        setTimeout(() => unreachable.onclose?.({ code: 1006, reason: '' }), 50);
        return unreachable;
      }
      super(...settings);
      sockets.push(this);
    }
  };

  /** Ends the page's WebSockets as something in between would, and lets no other through until `mendSignaling`. */
  function cutSignaling() {
    signalingIsCut = true;
    for (const socket of sockets) {
      socket.close(4000);
    }
  }

  document.addEventListener('click', () => (lastClickAt = Date.now()), { capture: true });

  const videoOf = (userId) =>
    document.querySelector(`[data-testid="stage-tile"][data-user-id="${userId}"] video`);

  /** The receivers of every slot of the page's subscription: the k-th video and the k-th audio line are slot k. */
  function slots() {
    const receiving = peers.filter(
      (peer) => peer.connectionState !== 'closed' && peer.getTransceivers().some(({ direction }) => direction === 'recvonly'),
    );
    return receiving.flatMap((peer) => {
      const of = (kind) => peer.getReceivers().filter(({ track }) => track.kind === kind);
      const audio = of('audio');
      return of('video').map((video, slot) => ({ video, audio: audio[slot] }));
    });
  }

  /** The slot whose picture a tile shows. */
  function slotOf(userId) {
    const track = videoOf(userId)?.srcObject?.getVideoTracks()[0];
    return slots().find(({ video }) => track !== undefined && video.track === track) ?? null;
  }

  async function inbound(receiver) {
    const report = await receiver.getStats();
    return [...report.values()].find(({ type }) => type === 'inbound-rtp') ?? {};
  }

  /** What this page has received of someone on stage. */
  async function received(userId) {
    const slot = slotOf(userId);
    if (slot === null) {
      return { framesDecoded: 0, audioPackets: 0, audioEnergy: 0, playedSamples: 0 };
    }
    const video = await inbound(slot.video);
    const audio = await inbound(slot.audio);
    return {
      framesDecoded: video.framesDecoded ?? 0,
      audioPackets: audio.packetsReceived ?? 0,
      audioEnergy: audio.totalAudioEnergy ?? 0,
      playedSamples: (audio.totalSamplesReceived ?? 0) - (audio.concealedSamples ?? 0),
    };
  }

  /** Waits until `condition` holds, asking again after a moment; what it gives is given on. */
  async function until(condition, what, timeoutMs) {
    const deadline = Date.now() + timeoutMs;
    for (;;) {
      const found = await condition();
      if (found) {
        return found;
      }
      if (Date.now() > deadline) {
        throw new Error(`${what} did not happen in ${timeoutMs} ms.`);
      }
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }

  /** Waits for the first decoded frame of someone on stage; gives the time on the machine's clock. */
  function firstFrameAt(userId, timeoutMs) {
    const firstFrame = async () => (await received(userId)).framesDecoded > 0 && Date.now();
    return until(firstFrame, `The first decoded frame of ${userId}`, timeoutMs);
  }

  /** Which slot shows somebody; null while none does. */
  function slotNumberOf(userId) {
    const slot = slotOf(userId);
    return slot === null ? null : slots().findIndex(({ video }) => video === slot.video);
  }

  /**
   * Waits for the first picture that comes on a slot nobody is on yet, and for the tile that shows it to be somebody's;
   * gives when the picture was decoded, on the machine's clock. Statistics would say so too, but only every 50 ms.
   */
  async function nextNewcomerAt(userId, timeoutMs) {
    const shown = new Set(
      [...document.querySelectorAll('[data-testid="stage-tile"] video')].map((video) => video.srcObject?.getVideoTracks()[0]),
    );
    const idle = slots()
      .map(({ video }) => video.track)
      .filter((track) => !shown.has(track));
    const copies = idle.map((track) => track.clone());
    const readers = copies.map((copy) => new MediaStreamTrackProcessor({ track: copy }).readable.getReader());
    try {
      const first = Promise.race(
        readers.map(async (reader, index) => {
          const { value: frame } = await reader.read();
          const at = Date.now();
          frame?.close();
          return frame === undefined ? new Promise(() => {}) : { at, track: idle[index] };
        }),
      );
      const late = new Promise((_resolve, reject) =>
        setTimeout(() => reject(new Error(`No picture of ${userId} in ${timeoutMs} ms.`)), timeoutMs),
      );
      const { at, track } = await Promise.race([first, late]);
      await until(() => slotOf(userId)?.video.track === track, `The picture being that of ${userId}`, timeoutMs);
      return at;
    } finally {
      copies.forEach((copy) => copy.stop());
      readers.forEach((reader) => void reader.cancel().catch(() => undefined));
    }
  }

  /** How high the picture is that comes of someone, and how much of it has been decoded. */
  async function picture(userId) {
    const slot = slotOf(userId);
    const { frameHeight = 0, framesDecoded = 0 } = slot === null ? {} : await inbound(slot.video);
    return { frameHeight, framesDecoded };
  }

  /** What this page sends of each encoding of its camera. */
  async function encodings() {
    const sent = {};
    for (const peer of peers) {
      for (const report of (await peer.getStats()).values()) {
        if (report.type === 'outbound-rtp' && report.rid !== undefined && peer.connectionState !== 'closed') {
          const { frameHeight = 0, framesEncoded = 0, active = true } = report;
          sent[report.rid] = { frameHeight, framesEncoded, active };
        }
      }
    }
    return sent;
  }

  /** The longest time between two pictures of someone, in milliseconds, as the page shows them from now on. */
  const longestGaps = new Map();
  function watchGaps(userId) {
    const video = videoOf(userId);
    const watched = { video, longest: 0, last: 0 };
    longestGaps.set(userId, watched);
    const next = (now) => {
      watched.longest = watched.last === 0 ? 0 : Math.max(watched.longest, now - watched.last);
      watched.last = now;
      if (longestGaps.get(userId) === watched) {
        video.requestVideoFrameCallback(next);
      }
    };
    video.requestVideoFrameCallback(next);
  }

  function longestGap(userId) {
    const { longest, last } = longestGaps.get(userId);
    return Math.max(longest, performance.now() - last);
  }

  /** What has come on a slot so far, whoever is on it. */
  async function onSlot(number) {
    const slot = slots()[number];
    const [video, audio] = await Promise.all([inbound(slot.video), inbound(slot.audio)]);
    return { framesDecoded: video.framesDecoded ?? 0, audioPackets: audio.packetsReceived ?? 0 };
  }

  /** Waits until nothing moves any more that comes to rest by itself, and every picture that is in sight runs. */
  async function settled(timeoutMs) {
    const deadline = Date.now() + timeoutMs;
    /** Countdowns run evenly and begin anew each second; everything else slows down and ends. */
    const comesToRest = ({ effect, playState }) =>
      playState === 'running' && effect.getComputedTiming().endTime !== Infinity && effect.getTiming().easing !== 'linear';
    const runs = (video) => video.readyState >= 2 && video.videoWidth > 0;
    const inSight = () =>
      [...document.querySelectorAll('video')].filter(
        (video) => video.srcObject?.active && video.checkVisibility({ visibilityProperty: true }),
      );
    await document.fonts.ready;
    const still = () => inSight().every(runs) && !document.getAnimations().some(comesToRest);
    const frame = () => new Promise((resolve) => requestAnimationFrame(() => resolve()));
    // Some things begin as others end: it has to be still for a moment.
    for (let frames = 0; frames < 3 && Date.now() < deadline; await frame()) {
      frames = still() ? frames + 1 : 0;
    }
  }

  /** Waits until the page has decoded more pictures and heard more sound of someone than it has now. */
  async function seesAndHears(userId, timeoutMs) {
    const before = await received(userId);
    const more = async () => {
      const now = await received(userId);
      const sees = now.framesDecoded >= before.framesDecoded + 10;
      const hears = now.audioPackets >= before.audioPackets + 20 && now.playedSamples > before.playedSamples;
      return sees && hears && now.audioEnergy > 0 && now;
    };
    return until(more, `Seeing and hearing ${userId}`, timeoutMs);
  }

  /** The mean colour of the upper left corner of someone's picture, as the page shows it. */
  function cornerColour(userId) {
    const video = videoOf(userId);
    if (video === null || video.videoWidth === 0) {
      return null;
    }
    const canvas = new OffscreenCanvas(64, 36);
    const context = canvas.getContext('2d');
    context.drawImage(video, 0, 0, canvas.width, canvas.height);
    const { data } = context.getImageData(2, 2, 10, 8);
    const mean = (channel) => {
      let sum = 0;
      for (let at = channel; at < data.length; at += 4) {
        sum += data[at];
      }
      return Math.round(sum / (data.length / 4));
    };
    return [mean(0), mean(1), mean(2)];
  }

  /** Sends calls of a method over the page's own connection, all at once and past the page. */
  function sendAll(method, allParams) {
    const socket = sockets.findLast(({ readyState }) => readyState === NativeSocket.OPEN);
    for (const params of allParams) {
      socket.send(JSON.stringify({ jsonrpc: '2.0', method, params }));
    }
  }

  /** The way each living peer connection's media takes; none for one that has no way yet. */
  async function mediaPaths() {
    const living = peers.filter(({ connectionState }) => connectionState === 'connected');
    const paths = await Promise.all(
      living.map(async (peer) => {
        const report = await peer.getStats();
        const all = [...report.values()];
        const transport = all.find(({ type }) => type === 'transport');
        const pair = report.get(transport?.selectedCandidatePairId);
        const local = report.get(pair?.localCandidateId);
        const remote = report.get(pair?.remoteCandidateId);
        return {
          receives: peer.getTransceivers().some(({ direction }) => direction === 'recvonly'),
          localType: local?.candidateType,
          protocol: local?.protocol,
          remoteAddress: remote?.address,
          remotePort: remote?.port,
          fragment: transport?.iceLocalUsernameFragment,
        };
      }),
    );
    return paths.filter(({ remoteAddress }) => remoteAddress !== undefined);
  }

  window.probe = {
    mediaPaths,
    sendAll,
    cutSignaling,
    mendSignaling: () => (signalingIsCut = false),
    seesAndHears,
    firstFrameAt,
    cornerColour,
    lastClickAt: () => lastClickAt,
    slotNumberOf,
    nextNewcomerAt,
    onSlot,
    settled,
    picture,
    encodings,
    watchGaps,
    longestGap,
    received,
    calls: () => ({ ...calls }),
    /** Every peer connection this page ever made. */
    peers: () =>
      peers.map((peer) => ({
        receives: peer.getTransceivers().some(({ direction }) => direction === 'recvonly'),
        answerCount: peer.answerCount,
        state: peer.connectionState,
      })),
  };
})();
