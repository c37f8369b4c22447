/** An answer that a browser accepts and that leads nowhere: every section agreed on, no candidate to connect to. */
export function answerOf(offer) {
  const [session, ...sections] = offer.split(/^(?=m=)/m);
  const head = session.split(/\r?\n/).filter((line) => /^(v=|s=|t=|a=group|a=extmap-allow-mixed)/.test(line));
  head.splice(1, 0, 'o=- 1 1 IN IP4 127.0.0.1');
  return [...head, ...sections.flatMap(sectionOf)].join('\r\n') + '\r\n';
}

const reverse = { sendonly: 'recvonly', recvonly: 'sendonly', sendrecv: 'sendrecv', inactive: 'inactive' };
const kept = /^(m=|c=|a=mid|a=rtcp-mux|a=rtpmap|a=fmtp|a=rtcp-fb)/;
const fingerprint = Array.from({ length: 32 }, (_, index) => index.toString(16).padStart(2, '0').toUpperCase()).join(':');

function sectionOf(section) {
  const lines = section.split(/\r?\n/).filter(Boolean);
  const direction = lines.map((line) => line.slice(2)).find((word) => word in reverse) ?? 'sendrecv';
  return [
    ...lines.filter((line) => kept.test(line)),
    `a=${reverse[direction]}`,
    'a=ice-ufrag:fake',
    'a=ice-pwd:fakefakefakefakefakefake',
    'a=setup:passive',
    `a=fingerprint:sha-256 ${fingerprint}`,
  ];
}
