using Dais.Rtc.Rtcp;

namespace Dais.Sfu.Slots;

/// <summary>What a subscriber reports about one stream it receives (RFC 3550 §6.4.1).</summary>
/// <param name="Report">The report block.</param>
/// <param name="RoundTripTime">The round trip; null when the block echoes no sender report of ours.</param>
internal readonly record struct ReceiverFeedback(ReportBlock Report, TimeSpan? RoundTripTime);
