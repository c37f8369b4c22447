/**
 * Runs in the page of somebody who watches, before the page's own scripts: when they joined and saw the
 * first picture, when each picture was shown, and the browser's statistics of what comes. The page itself knows nothing of it.
 */
(() => {
  const Native = window.RTCPeerConnection;
  const peers = [];
  /** On the page's clock, in milliseconds; null until it happens. */
  const unknown = {
    clickedAt: null,
    joinedAt: null,
    answeredAt: null,
    iceConnectedAt: null,
    connectedAt: null,
    firstPictureAt: null,
  };
  const times = { ...unknown };
  let lastShownAt = 0;
  let gaps = [];

  window.RTCPeerConnection = class extends Native {
    constructor(...settings) {
      super(...settings);
      peers.push(this);
      this.addEventListener('iceconnectionstatechange', () => {
        if (this.iceConnectionState === 'connected') {
          times.iceConnectedAt ??= performance.now();
        }
      });
      this.addEventListener('connectionstatechange', () => {
        if (this.connectionState === 'connected') {
          times.connectedAt ??= performance.now();
        }
      });
    }

    setRemoteDescription(description) {
      times.answeredAt ??= performance.now();
      return super.setRemoteDescription(description);
    }
  };
  document.addEventListener('click', () => (times.clickedAt = performance.now()), { capture: true });

  /** The browser's own, whoever else has extended it. */
  let sockets = WebSocket.prototype;
  while (Object.getPrototypeOf(sockets) !== EventTarget.prototype) {
    sockets = Object.getPrototypeOf(sockets);
  }
  const { send } = sockets;
  sockets.send = function (data) {
    if (JSON.parse(data).method === 'room.join') {
      times.joinedAt ??= performance.now();
    }
    send.call(this, data);
  };

  function watch(video) {
    const shown = (now, { presentationTime }) => {
      times.firstPictureAt ??= now;
      if (lastShownAt > 0) {
        gaps.push(presentationTime - lastShownAt);
      }
      lastShownAt = presentationTime;
      video.requestVideoFrameCallback(shown);
    };
    video.requestVideoFrameCallback(shown);
    // The picture an element begins with, perhaps before it was shown, is no news to those who ask for the next one.
    const draw = () => requestAnimationFrame(() => (times.firstPictureAt ??= performance.now()));
    if (video.readyState >= HTMLMediaElement.HAVE_CURRENT_DATA) {
      draw();
    } else {
      video.addEventListener('loadeddata', draw, { once: true });
    }
  }

  const watched = new WeakSet();
  new MutationObserver(() => {
    for (const video of document.querySelectorAll('[data-testid="stage-tile"] video')) {
      if (!watched.has(video)) {
        watched.add(video);
        watch(video);
      }
    }
  }).observe(document, { childList: true, subtree: true });

  /** The times between pictures since the last time somebody asked; the last one may not be over. */
  function takeGaps() {
    const taken = [...gaps, performance.now() - lastShownAt];
    gaps = [];
    return taken;
  }

  /** What has come of the one picture and the one sound there is. */
  async function statistics() {
    const reports = [];
    for (const peer of peers.filter(({ connectionState }) => connectionState === 'connected')) {
      reports.push(...(await peer.getStats()).values());
    }
    const most = (kind, count) =>
      reports
        .filter((report) => report.type === 'inbound-rtp' && report.kind === kind)
        .reduce((one, other) => ((other[count] ?? 0) > (one[count] ?? 0) ? other : one), {});
    const picture = most('video', 'framesDecoded');
    const sound = most('audio', 'packetsReceived');
    const pair = reports.find(({ type, nominated, state }) => type === 'candidate-pair' && nominated && state === 'succeeded');
    const number = (report, name) => report[name] ?? 0;
    return {
      framesDecoded: number(picture, 'framesDecoded'),
      framesDropped: number(picture, 'framesDropped'),
      keyFramesDecoded: number(picture, 'keyFramesDecoded'),
      frameHeight: number(picture, 'frameHeight'),
      freezeCount: number(picture, 'freezeCount'),
      totalFreezesDuration: number(picture, 'totalFreezesDuration'),
      nackCount: number(picture, 'nackCount'),
      pliCount: number(picture, 'pliCount'),
      retransmittedPacketsReceived: number(picture, 'retransmittedPacketsReceived'),
      packetsReceived: number(picture, 'packetsReceived'),
      packetsLost: number(picture, 'packetsLost'),
      bytesReceived: number(picture, 'bytesReceived'),
      jitterBufferDelay: number(picture, 'jitterBufferDelay'),
      jitterBufferEmittedCount: number(picture, 'jitterBufferEmittedCount'),
      soundPacketsReceived: number(sound, 'packetsReceived'),
      soundPacketsLost: number(sound, 'packetsLost'),
      concealedSamples: number(sound, 'concealedSamples'),
      silentConcealedSamples: number(sound, 'silentConcealedSamples'),
      concealmentEvents: number(sound, 'concealmentEvents'),
      totalSamplesReceived: number(sound, 'totalSamplesReceived'),
      roundTripMs: number(pair ?? {}, 'currentRoundTripTime') * 1_000,
    };
  }

  const forgetTimes = () => Object.assign(times, unknown);

  window.watching = { times: () => ({ ...times }), forgetTimes, takeGaps, statistics };
})();
