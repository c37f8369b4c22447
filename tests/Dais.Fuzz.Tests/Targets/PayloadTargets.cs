using System.Buffers.Binary;
using System.Collections.Immutable;
using Dais.Rtc.Rtp;
using Dais.Rtc.Rtp.Payloads;

namespace Dais.Fuzz.Tests.Targets;

/// <summary>What the payloads of pictures say about them, and the frames the C# SDK makes of them.</summary>
internal static class PayloadTargets
{
    /// <summary>A sequence parameter set of constrained baseline, 1280 x 720.</summary>
    private static readonly byte[] ParameterSet = [0x67, 0x42, 0xC0, 0x1F, 0xDA, 0x01, 0x40, 0x16, 0xEC, 0x04, 0x40, 0x00, 0x00, 0x03, 0x00, 0x40, 0x00, 0x00, 0x0F, 0x23, 0xC6, 0x0C, 0xA8];

    private static readonly byte[][] Vp8 =
    [
        [0x10, 0x10, 0x02, 0x00, 0x9D, 0x01, 0x2A, 0x80, 0x02, 0x68, 0x01, 1, 2, 3],
        [0x90, 0xE0, 0x81, 0x23, 0x07, 0x45, 0x10, 0x02, 0x00, 0x9D, 0x01, 0x2A, 0x00, 0x05, 0xD0, 0x02],
        [0x80, 0x80, 0x05, 0x31, 1, 2],
    ];

    private static readonly byte[][] Vp9 = [[0x8A, 0x81, 0x23, 0x18, 0x02, 0x80, 0x01, 0x68, 1], [0x2A, 1, 2, 3], [0xCC, 0x80, 0x01, 0x10, 0x03, 0x05, 0x11]];

    private static readonly byte[][] Av1 = [[0x18, 0x0A, 0x0B, 0, 0, 0, 4, 0x3C], [0x30, 0x04, 1, 2, 3, 4, 1], [0x50, 1, 2, 3]];

    private static readonly byte[][] H264 =
    [
        ParameterSet,
        [0x78, 0, (byte)ParameterSet.Length, .. ParameterSet, 0, 4, 0x68, 1, 2, 3, 0, 3, 0x65, 1, 2],
        [0x7C, 0x85, 1, 2, 3, 4],
        [0x7C, 0x45, 5, 6],
        [0x41, 1, 2, 3],
    ];

    public static ImmutableArray<FuzzTarget> All { get; } =
    [
        FuzzTargets.Bytes("VP8 descriptors", "a publisher", ["Vp8Descriptor.TryParse"], Vp8, ReadDescriptor),
        Pictures("VP8 pictures", Codec.Vp8, Vp8),
        Pictures("VP9 pictures", Codec.Vp9, Vp9),
        Pictures("H.264 pictures", Codec.H264, H264),
        Pictures("AV1 pictures", Codec.Av1, Av1),
        FuzzTargets.Bytes("H.264 sequence parameter sets", "a publisher", ["H264SequenceParameterSet.TryReadHeight"], [ParameterSet], static input =>
        {
            var outcome = new Outcome(H264SequenceParameterSet.TryReadHeight(input, out int height));
            Assert.True(height is >= 0 and <= 65_535 * 4, "a height that is none");
            outcome.Add(height);
            return outcome.Value;
        }),
        new("frames of packets (C# SDK)", "the server", ["AnnexB.TryReadUnit"], [.. Vp8, .. H264, .. Av1], BeginFrames) { InputsPerSession = 200, Allocates = null },
    ];

    private static FuzzTarget Pictures(string name, Codec codec, byte[][] seeds) => FuzzTargets.Bytes(
        name, "a publisher", codec == Codec.H264 ? ["PictureHeight.TryRead", "H264Payload.TryFindSequenceParameterSet"] : ["PictureHeight.TryRead"], seeds, input =>
        {
            var outcome = new Outcome(Keyframe.StartsIn(codec, input));
            outcome.Add(PictureHeight.TryRead(codec, input, out int height));
            outcome.Add(height);
            if (codec == Codec.H264 && H264Payload.TryFindSequenceParameterSet(input, out var set))
            {
                Assert.True(set.Length <= input.Length, "longer than it came");
                outcome.Add(set.Length);
            }

            return outcome.Value;
        });

    private static ulong ReadDescriptor(byte[] input)
    {
        if (!Vp8Descriptor.TryParse(input, out var descriptor))
        {
            return Outcome.Refused;
        }

        // What a slot writes is read back as it was written, and touches nothing else.
        Span<byte> payload = stackalloc byte[1500];
        input.CopyTo(payload);
        payload = payload[..input.Length];
        descriptor.Write(payload, (ushort)(0x1234 & descriptor.PictureIdMask), 0x56, 0x0A);
        Assert.True(Vp8Descriptor.TryParse(payload, out var written), "a descriptor that can no longer be read");
        Assert.True(!written.HasPictureId || written.PictureId == (0x1234 & descriptor.PictureIdMask), "another picture id");
        Assert.True(!written.HasTl0PictureIndex || written.Tl0PictureIndex == 0x56, "another index");
        Assert.True(written.TemporalId == descriptor.TemporalId && written.HasTemporalId == descriptor.HasTemporalId, "another layer");
        var outcome = new Outcome(true);
        outcome.Add(descriptor.HasPictureId);
        outcome.Add(descriptor.PictureIdMask);
        outcome.Add(descriptor.HasTl0PictureIndex);
        outcome.Add(descriptor.HasKeyIndex);
        outcome.AddExactly(descriptor.TemporalId);
        outcome.Add(descriptor.IsLayerSync);
        return outcome.Value;
    }

    /// <summary>An assembler that gets a payload from each input, behind what stands in the header: codec, number, time and marker.</summary>
    private static Parse BeginFrames()
    {
        var assembler = new FrameAssembler(TrackKind.Video);
        ushort number = 0;
        return input =>
        {
            if (input.Length < 3)
            {
                return Outcome.Refused;
            }

            number += (ushort)(input[0] % 8 == 7 ? BinaryPrimitives.ReadUInt16BigEndian(input) : 1);
            var codec = (input[1] % 3) switch { 0 => Codec.Vp8, 1 => Codec.H264, _ => Codec.Opus };
            assembler.HandlePacket(codec, number, (uint)(number / 4 * 3000), (input[2] & 1) != 0, input);
            var outcome = new Outcome(true);
            int frames = 0;
            while (assembler.TryTakeFrame(out var frame))
            {
                frames++;
                outcome.Add(frame.IsKeyframe);
                ReadUnits(frame.Data);
            }

            outcome.Add(frames);
            outcome.Add(assembler.PacketsLost > 0);
            return outcome.Value;
        };
    }

    private static void ReadUnits(ReadOnlyMemory<byte> frame)
    {
        int length = frame.Length;
        for (int units = 0; AnnexB.TryReadUnit(ref frame, out var unit); units++)
        {
            Assert.True(units <= length && unit.Length <= length, "units without an end");
        }
    }
}
