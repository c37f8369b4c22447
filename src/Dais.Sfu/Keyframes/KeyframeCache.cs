using Dais.Rtc;
using Dais.Rtc.Rtp;
using Dais.Sfu.Retransmission;

namespace Dais.Sfu.Keyframes;

/// <summary>
/// Knows where the last keyframe of a publication lies in its <see cref="PacketStore"/>, so that a receiver that comes later need not wait for
/// the next: it gets everything since, when that is whole, short and small enough to be sent at once, or else the keyframe alone.
/// </summary>
/// <param name="store">Where the packets are.</param>
/// <param name="nacks">What is missing and being asked for; null where nothing comes again.</param>
/// <param name="options">How much a receiver may get.</param>
internal sealed class KeyframeCache(PacketStore store, NackGenerator? nacks, SfuOptions options)
{
    /// <summary>Packets sent at once to one receiver.</summary>
    public const int PacketsMax = 256;

    /// <summary>How many packets may be missing that will come again: a receiver gets them in their place, sooner than a keyframe.</summary>
    private const int HolesMax = 32;

    private bool _hasKeyframe;
    private ulong _first;
    private Timestamp _since;

    /// <summary>A keyframe begins with the packet of <paramref name="index"/>, which has just been stored.</summary>
    public void HandleKeyframe(ulong index, Timestamp now)
    {
        if (!_hasKeyframe || index > _first)
        {
            _hasKeyframe = true;
            _first = index;
            _since = now;
        }
    }

    /// <summary>What comes next does not follow what was stored.</summary>
    public void Forget() => _hasKeyframe = false;

    /// <summary>
    /// Finds what a receiver can begin with now: everything since the keyframe if that is at most <paramref name="wholeBytesMax"/>; false when
    /// nothing is there.
    /// </summary>
    /// <param name="wholeBytesMax">The most bytes of everything since the keyframe.</param>
    /// <param name="mayHaveHoles">Whether packets may be missing in it that are being asked for.</param>
    /// <param name="now">The present.</param>
    /// <param name="run">What to begin with.</param>
    public bool TryFindRun(int wholeBytesMax, bool mayHaveHoles, Timestamp now, out KeyframeRun run)
    {
        run = default;
        if (!_hasKeyframe || store.IsEmpty)
        {
            return false;
        }

        var age = now - _since;
        return (age <= options.ReplayAgeMax && TryRead(store.Highest, wholeRun: true, mayHaveHoles, Math.Min(wholeBytesMax, options.ReplayBytesMax), out run))
            || (age <= options.KeyframeAgeMax && TryRead(store.Highest, wholeRun: false, mayHaveHoles: false, options.ReplayBytesMax, out run));
    }

    /// <summary>Walks the packets from the keyframe's first to <paramref name="last"/>, or to the keyframe's last.</summary>
    private bool TryRead(ulong last, bool wholeRun, bool mayHaveHoles, int bytesMax, out KeyframeRun run)
    {
        run = default;
        uint firstTimestamp = 0;
        int bytes = 0;
        int holes = 0;
        for (ulong index = _first; index <= last; index++)
        {
            if (mayHaveHoles && nacks?.IsMissing(index) == true && holes++ < HolesMax)
            {
                continue;
            }

            if (index - _first >= PacketsMax || !store.TryGet(index, out var stored, out _) || !RtpPacket.TryParse(stored, out var packet))
            {
                return false;
            }

            firstTimestamp = index == _first ? packet.Timestamp : firstTimestamp;
            bytes += stored.Length;
            bool isOfKeyframe = packet.Timestamp == firstTimestamp;
            if (bytes > bytesMax || (int)(packet.Timestamp - firstTimestamp) < 0 || (!wholeRun && !isOfKeyframe))
            {
                return false;
            }

            if (wholeRun ? index == last : packet.Marker)
            {
                run = new KeyframeRun(_first, index + 1, firstTimestamp, packet.Timestamp, bytes, wholeRun);
                return true;
            }
        }

        return false;
    }
}

/// <summary>Packets a receiver can begin with.</summary>
/// <param name="First">The packet index of the first, which begins a keyframe.</param>
/// <param name="End">The packet index behind the last.</param>
/// <param name="FirstTimestamp">The timestamp of the first.</param>
/// <param name="LastTimestamp">The timestamp of the last.</param>
/// <param name="Bytes">How large they are together.</param>
/// <param name="IsWhole">Whether what comes next follows them; without, they are the keyframe alone.</param>
internal readonly record struct KeyframeRun(
    ulong First, ulong End, uint FirstTimestamp, uint LastTimestamp, int Bytes, bool IsWhole);
