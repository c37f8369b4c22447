using Dais.Rtc;
using Dais.Sfu.Keyframes;
using Dais.Sfu.Relays;
using Dais.Sfu.Reports;
using Dais.Sfu.Retransmission;

namespace Dais.Sfu.Publications;

/// <summary>The relays that carry a publication on to other workers.</summary>
internal sealed class PublicationRelays(Publication publication)
{
    private OutboundRelay[] _relays = [];

    /// <summary>How many there are.</summary>
    public int Count { get; private set; }

    private ReadOnlySpan<OutboundRelay> All => _relays.AsSpan(0, Count);

    /// <summary>Adds one.</summary>
    public void Add(OutboundRelay relay)
    {
        if (Count == _relays.Length)
        {
            Array.Resize(ref _relays, Math.Max(1, Count * 2));
        }

        _relays[Count++] = relay;
    }

    /// <summary>Takes one out; false when it is none of these.</summary>
    public bool Remove(OutboundRelay relay)
    {
        int index = Array.IndexOf(_relays, relay, 0, Count);
        if (index < 0)
        {
            return false;
        }

        _relays[index] = _relays[--Count];
        _relays[Count] = null!;
        return true;
    }

    /// <summary>Sends a packet to all; false when one of them had no room for it.</summary>
    public bool TrySend(ReadOnlySpan<byte> bytes, ulong packetIndex)
    {
        bool hasRoom = true;
        foreach (var relay in All)
        {
            hasRoom &= relay.TrySendPacket(publication, bytes, packetIndex);
        }

        return hasRoom;
    }

    /// <summary>Tells all of them what the publisher's clock says.</summary>
    public void SendClock(in SenderReportLine line)
    {
        foreach (var relay in All)
        {
            SendClock(relay, line);
        }
    }

    /// <summary>Tells one of them what the publisher's clock says.</summary>
    public void SendClock(OutboundRelay relay, in SenderReportLine line) =>
        relay.SendClock(publication, line.Ntp, publication.Publisher.Clock.ToServer(line.Ntp), line.RtpTimestamp);

    /// <summary>Sends one of them what its receivers can begin with.</summary>
    public void SendRun(OutboundRelay relay, PacketStore store, in KeyframeRun run, Timestamp now)
    {
        for (ulong index = run.First; index < run.End; index++)
        {
            if (!store.TryGet(index, out var bytes, out _) || !relay.TrySendStored(publication, bytes, index, isLast: index + 1 == run.End))
            {
                return;
            }
        }

        if (run.IsWhole)
        {
            relay.HandleRunSent(publication.Index, now);
        }
    }
}
