/**
 * For a page that publishes. A browser on a busy machine takes its own slowness for a narrow path, and leaves out its
 * largest encoding; with this it sends all.
 */
export const trustThePath = `{
  const native = Object.getPrototypeOf(RTCPeerConnection.prototype);
  const set = native.setRemoteDescription;
  native.setRemoteDescription = function ({ type, sdp }) {
    const wide = sdp.replace(/a=rtpmap:(\\d+) VP8\\/90000\\r\\n/, '$&a=fmtp:$1 x-google-min-bitrate=2500\\r\\n');
    return set.call(this, { type, sdp: wide });
  };
}`;
