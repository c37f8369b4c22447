using System.Collections.Immutable;
using Dais.Rtc.Ice;
using Dais.Rtc.Rtp;
using Dais.Sfu;

namespace Dais.Simulation;

/// <summary>How a client and the server send packets again that are asked for.</summary>
public enum RepeatMode
{
    /// <summary>Not at all.</summary>
    None,

    /// <summary>Each as it was.</summary>
    AsItWas,

    /// <summary>In a stream of their own (RFC 4588 §4).</summary>
    OwnStream,
}

/// <summary>What offers and answers would have agreed on. Publishers and subscribers number things differently, as browsers do.</summary>
public static class SessionDescriptions
{
    /// <summary>The extension ids publishers use.</summary>
    public static RtpExtensionIds PublisherExtensions { get; } =
        new() { Mid = 4, RtpStreamId = 11, RepairedRtpStreamId = 12, AudioLevel = 1, VideoOrientation = 3, AbsoluteSendTime = 2, TransportSequenceNumber = 9 };

    /// <summary>The extension ids subscribers use.</summary>
    public static RtpExtensionIds SubscriberExtensions { get; } =
        new() { Mid = 5, AudioLevel = 6, VideoOrientation = 7, AbsoluteSendTime = 8, TransportSequenceNumber = 10 };

    /// <summary>The payload type of sound at subscribers.</summary>
    public static byte SubscriberOpus => 109;

    /// <summary>The payload type of pictures at subscribers.</summary>
    public static byte SubscriberVp8 => 120;

    /// <summary>Credentials that are valid, different for each name, and long enough.</summary>
    public static IceCredentials MakeCredentials(string name) => new($"{name}+ufrag", $"{name}+password+of+enough+characters");

    /// <summary>Slots with one audio and one video section each.</summary>
    public static SubscriberSlot[] MakeSlots(
        uint firstSsrc,
        int count,
        ImmutableDictionary<Codec, byte>? videoPayloadTypes = null,
        RepeatMode repeats = RepeatMode.None,
        byte? redundancyType = null,
        RepeatMode? soundRepeats = null)
    {
        var audioTypes = ImmutableDictionary<Codec, byte>.Empty.Add(Codec.Opus, SubscriberOpus);
        var videoTypes = videoPayloadTypes ?? ImmutableDictionary<Codec, byte>.Empty.Add(Codec.Vp8, SubscriberVp8).Add(Codec.H264, 126);
        var slots = new SubscriberSlot[count];
        for (int i = 0; i < count; i++)
        {
            uint ssrc = firstSsrc + (2 * (uint)i);
            slots[i] = new SubscriberSlot(
                i,
                MakeTrack($"{2 * i}", ssrc, audioTypes, soundRepeats ?? repeats) with { RedundancyPayloadType = redundancyType },
                MakeTrack($"{(2 * i) + 1}", ssrc + 1, videoTypes, repeats));
        }

        return slots;
    }

    private static SlotTrack MakeTrack(string mid, uint ssrc, ImmutableDictionary<Codec, byte> payloadTypes, RepeatMode repeats)
    {
        var own = payloadTypes.ToImmutableDictionary(pair => pair.Key, pair => (byte)(pair.Value - 60));
        // What is sent again as it was cannot have another number.
        byte number = repeats == RepeatMode.AsItWas ? (byte)0 : SubscriberExtensions.TransportSequenceNumber;
        return new SlotTrack(mid, ssrc, payloadTypes, SubscriberExtensions with { TransportSequenceNumber = number })
        {
            AnswersNack = repeats != RepeatMode.None,
            Retransmission = repeats == RepeatMode.OwnStream ? new SlotRetransmission(ssrc + 0x800, own) : null,
        };
    }
}
