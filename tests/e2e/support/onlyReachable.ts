/**
 * For a page in a network of its own, from which the first of the server's addresses leads nowhere: it hears of the other alone. A browser
 * checks one address after the other, 50 ms apart, and a viewer in a network of today would not be told of one that is of no use.
 */
export const onlyReachable = (address: string): string => `{
  const native = RTCPeerConnection.prototype;
  const set = native.setRemoteDescription;
  native.setRemoteDescription = function ({ type, sdp }) {
    const lines = sdp.split('\\r\\n').filter((line) => !line.startsWith('a=candidate:') || line.includes(' ${address} '));
    return set.call(this, { type, sdp: lines.join('\\r\\n') });
  };
}`;
